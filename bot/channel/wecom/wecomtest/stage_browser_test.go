package wecomtest_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/handlers/pagetest"
)

func TestAReceptionistWorksInTheClientBesideThePhone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	srv, web := simulator(t)
	ctx := chromium.Tab(t, wide)
	li := srv.Customer("wmSimulator_1")
	pagetest.Do(t, ctx,
		chromedp.Navigate(web.URL+"/phone/"),
		chromedp.WaitVisible("#sessions a[aria-current]"),
		pagetest.Click(`[data-kind="voice"]`), pagetest.Shows("#log", "语音"),
		pagetest.Click(`[data-kind="image"]`), pagetest.Shows("#log", "图片"),
		pagetest.Click(`[data-kind="location"]`), pagetest.Shows("#log", "人民公园"),
		pagetest.Click(`[data-kind="file"]`), pagetest.Click(`[data-kind="link"]`),
		pagetest.Click(`[data-kind="unknown"]`), pagetest.Click(`[data-kind="twice"]`),
		pagetest.Shows("#talk", "一次性退役金什么时候发"),
		pagetest.Shows("#client-state", "未接待"),
	)
	var kinds []string
	c := newCaller(t, srv)
	messages, _ := c.pull("")
	for _, m := range messages {
		if kind, _ := m["msgtype"].(string); kind != "event" {
			kinds = append(kinds, kind)
		}
	}
	assert.ElementsMatch(t, []string{
		"voice", "image", "location", "file", "link", "hologram", "text", "text",
	}, kinds)

	pagetest.Do(t, ctx,
		pagetest.Click("#pick"), pagetest.Shows("#client-state", "我在接待"),
		chromedp.SendKeys("#client-text", "您好，我是小王。\r"), pagetest.Shows("#log", "我是小王"),
		pagetest.Shows("#talk", "我是小王"),
	)
	assert.Equal(t, "SimXiaoWang", li.Received()[0].Servicer)
	refused := c.text("wmSimulator_1", "x1", "机器人插话")
	assert.Equal(t, float64(95018), refused["errcode"], "the program may not speak meanwhile")
	pagetest.Picture(t, ctx, "simulator-stage")
	pagetest.Do(t, ctx,
		pagetest.Shows("#wire", "95018"),
		pagetest.Click("#wire details"),
		pagetest.Shows("#wire pre", "机器人插话"),
		pagetest.Click("#pass"), pagetest.Shows("#client-state", "小李在接待"),
		pagetest.Click("#pick"), pagetest.Shows("#client-state", "我在接待"),
		pagetest.Click("#end"), pagetest.Shows("#client-state", "已结束"),
		pagetest.Click("#receive"), pagetest.Shows("#receiving", "停止接待"),
	)
	events := c.events("")
	changed := func(change float64) map[string]any {
		for _, e := range events {
			if e["change_type"] == change {
				return e
			}
		}
		t.Fatalf("no change %v among %v", change, events)
		return nil
	}
	assert.Equal(t, "SimXiaoLi", changed(2)["new_servicer_userid"])
	require.Zero(t, c.onEvent(changed(3)["msg_code"].(string), "bye", "这次人工服务到这里结束了"))
	pagetest.Do(t, ctx, pagetest.Shows("#log .aside", "凭事件的 code 送出"))
	var external int
	pagetest.Do(t, ctx, chromedp.Evaluate(
		`performance.getEntriesByType('resource').filter(e => !e.name.startsWith(location.origin)).length`,
		&external))
	assert.Zero(t, external, "nothing comes from outside")
}

func TestTheSwitchesMakeTheFaultsThatTheyName(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	srv, web := simulator(t)
	restarted := make(chan struct{}, 1)
	srv.SetRestart(func() error { restarted <- struct{}{}; return nil })
	ctx := chromium.Tab(t, wide)
	srv.Customer("wmSimulator_1").Say(kf, "在吗")
	c := newCaller(t, srv)
	pagetest.Do(t, ctx,
		chromedp.Navigate(web.URL+"/phone/"),
		chromedp.WaitVisible("#restart"),
		pagetest.Click(`[name="busy"]`), pagetest.Shows("#switched", "1 项"),
		chromedp.SetValue(`[name="send"]`, "95001"),
		chromedp.Evaluate(`document.querySelector('[name="send"]').dispatchEvent(new Event('change'))`, nil),
		pagetest.Shows("#switched", "2 项"),
	)
	require.Eventually(t, func() bool {
		return c.post("/cgi-bin/kf/sync_msg", map[string]any{"open_kfid": kf})["errcode"] == float64(45009) &&
			c.text("wmSimulator_1", "y1", "x")["errcode"] == float64(95001)
	}, 10*time.Second, 20*time.Millisecond)
	srv.Switch(wecomtest.Switches{})
	assert.Zero(t, c.text("wmSimulator_1", "y2", "x").code(), "switched off again")
	pagetest.Do(t, ctx,
		pagetest.Click("#restart"), pagetest.Shows("#act-said", "已重启"),
		pagetest.Click("#revoke"), pagetest.Shows("#act-said", "已作废"),
	)
	<-restarted
	assert.Equal(t, float64(40014), c.text("wmSimulator_1", "y3", "x")["errcode"])
}

func TestAWatchedLineCarriesLargeFilesAndShowsADownloadThatBreaksOff(t *testing.T) {
	srv, web := simulator(t)
	events := watch(t, web.URL+"/phone/wire", "")
	status, _ := page(t, web.URL+"/phone/switches")
	require.Equal(t, 200, status)
	c := newCaller(t, srv)
	data := bytes.Repeat([]byte("一页"), 1<<20)
	require.NotEmpty(t, c.upload("file", "a.pdf", string(data)))

	li := srv.Customer("wmSimulator_1")
	li.SendFile(kf, "b.pdf", data)
	messages, _ := c.pull("")
	ref := messages[len(messages)-1]["file"].(map[string]any)["media_id"].(string)
	srv.Switch(wecomtest.Switches{Broken: true})
	get := func(span string) (string, []byte, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			srv.URL()+"/cgi-bin/media/get?access_token="+c.token+"&media_id="+ref, nil)
		require.NoError(t, err)
		r.Header.Set("Range", span)
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer func() { _ = resp.Body.Close() }()
		got, err := io.ReadAll(resp.Body)
		return resp.Header.Get("Content-Range"), got, err
	}
	_, got, err := get("")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.True(t, bytes.Equal(data[:3<<20], got), "%d bytes", len(got))
	srv.Switch(wecomtest.Switches{})
	span, got, err := get(fmt.Sprintf("bytes=%d-", 3<<20))
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("bytes %d-%d/%d", 3<<20, len(data)-1, len(data)), span)
	assert.True(t, bytes.Equal(data[3<<20:], got))
	var all strings.Builder
	for !strings.Contains(all.String(), "HTTP 206") {
		fmt.Fprintln(&all, <-events)
	}
	assert.Contains(t, all.String(), "media/upload")
	assert.Contains(t, all.String(), "断开")
}

func TestTheLineShowsWhatIsDecryptedAndNoSecret(t *testing.T) {
	srv, web := simulator(t)
	events := watch(t, web.URL+"/phone/wire", "")
	status, _ := page(t, web.URL+"/phone/switches")
	require.Equal(t, 200, status)
	srv.SetCallback("http://127.0.0.1:1/callback") // nobody listens there
	srv.Customer("wmSimulator_1").Say(kf, "在吗")
	newCaller(t, srv).pull("")
	var all strings.Builder
	for !strings.Contains(all.String(), "sync_msg") || !strings.Contains(all.String(), "没有应答") {
		e := <-events
		fmt.Fprintln(&all, e)
	}
	assert.Contains(t, all.String(), "kf_msg_or_event", "the callback in clear")
	assert.Contains(t, all.String(), "<Encrypt>", "and as it travelled")
	for _, secret := range []string{srv.Config().Secret, srv.Config().Token, srv.Config().AESKey} {
		assert.NotContains(t, all.String(), secret)
	}
}
