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
)

func TestTheSimulatorShowsBothSidesAndTheLineOfARealProgram(t *testing.T) {
	t.Parallel()
	ctx := tab(t, 1440, 900)
	srv := platform(t, wecomtest.Config{})
	run, cancel := context.WithCancel(t.Context())
	r := newRestarts(run, settings(t, onPlatform(srv)), slog.New(slog.DiscardHandler))
	require.NoError(t, r.open())
	srv.SetCallback(r.program.URL() + "/callback/wecom")
	srv.SetRestart(r.restart)
	ended := make(chan error, 1)
	go func() { ended <- r.run() }()
	web := httptest.NewServer(srv.Phone())
	do(t, ctx,
		chromedp.Navigate(web.URL+"/"),
		chromedp.WaitVisible("#sessions a"),
		chromedp.SendKeys("#text", "三等功的退役金多发多少？"), chromedp.Click("#form [type=submit]"),
		shows(".row .bubble", "第二十二条"),
		shows("#wire .what", "kf/send_msg"),
		shows("#wire .code", "HTTP 200"),
		chromedp.Click("#wire details.in"),
		shows("#wire pre", "kf_msg_or_event"),
	)
	picture(t, ctx, "simulator")
	do(t, ctx,
		chromedp.Click("#pick"), shows("#client-state", "我在接待"),
		chromedp.SendKeys("#client-text", "您好，我来答您。\r"),
		shows(".row .bubble", "我来答您"),
		chromedp.Click("#restart"), shows("#act-said", "已重启"),
		chromedp.Click("#end"), shows("#client-state", "已结束"),
		chromedp.SendKeys("#text", "退伍回来多久能安排上工作？\r"),
		shows(".row .bubble", "第三十一条"),
	)
	web.CloseClientConnections()
	cancel()
	require.NoError(t, <-ended)
	assert.NoError(t, r.program.Close())
	srv.Close() // before the page's server, whose streams it ends
	web.Close()
}
