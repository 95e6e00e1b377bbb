package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/handlers/pagetest"
)

func TestTheSimulatorShowsBothSidesAndTheLineOfARealProgram(t *testing.T) {
	t.Parallel()
	ctx := chromium.Tab(t, wide)
	srv := platform(t, wecomtest.Config{})
	run, cancel := context.WithCancel(t.Context())
	r := newRestarts(run, settings(t, onPlatform(srv)), slog.New(slog.DiscardHandler))
	require.NoError(t, r.open())
	srv.SetCallback(r.program.URL() + "/callback/wecom")
	srv.SetRestart(r.restart)
	ended := make(chan error, 1)
	go func() { ended <- r.run() }()
	web := httptest.NewServer(srv.Phone())
	pagetest.Do(t, ctx,
		chromedp.Navigate(web.URL+"/"),
		chromedp.WaitVisible("#sessions a"),
		chromedp.SendKeys("#text", "三等功的退役金多发多少？"), pagetest.Click("#form [type=submit]"),
		pagetest.Shows(".row .bubble", "第二十二条"),
		pagetest.Shows("#wire .what", "kf/send_msg"),
		pagetest.Shows("#wire .code", "HTTP 200"),
		pagetest.Click("#wire details.in"),
		pagetest.Shows("#wire pre", "kf_msg_or_event"),
	)
	pagetest.Picture(t, ctx, "simulator")
	pagetest.Do(t, ctx,
		pagetest.Click("#pick"), pagetest.Shows("#client-state", "我在接待"),
		chromedp.SendKeys("#client-text", "您好，我来答您。\r"),
		pagetest.Shows(".row .bubble", "我来答您"),
		pagetest.Click("#restart"), pagetest.Shows("#act-said", "已重启"),
		pagetest.Click("#end"), pagetest.Shows("#client-state", "已结束"),
		chromedp.SendKeys("#text", "退伍回来多久能安排上工作？\r"),
		pagetest.Shows(".row .bubble", "第三十一条"),
	)
	web.CloseClientConnections()
	cancel()
	require.NoError(t, <-ended)
	assert.NoError(t, r.program.Close())
	srv.Close() // before the page's server, whose streams it ends
	web.Close()
}
