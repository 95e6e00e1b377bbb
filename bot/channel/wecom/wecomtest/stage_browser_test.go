package wecomtest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// desk gives the browser the size of a desk's screen.
func desk(width, height int64) chromedp.Action {
	return emulation.SetDeviceMetricsOverride(width, height, 1, false)
}

// holds waits until a text stands in an element.
func holds(selector, text string) chromedp.Action {
	return chromedp.Poll(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q)`, selector, text),
		nil, chromedp.WithPollingTimeout(time.Minute))
}

// stagePicture keeps what the tab shows, if RONGJUN_TEST_PICTURES names a folder.
func stagePicture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("RONGJUN_TEST_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	require.NoError(t, chromedp.Run(ctx, chromedp.CaptureScreenshot(&png)))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

func TestAReceptionistWorksInTheClientBesideThePhone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	srv, web := simulator(t)
	ctx := browser(t)
	li := srv.Customer("wmSimulator_1")
	require.NoError(t, chromedp.Run(ctx,
		desk(1440, 900),
		chromedp.Navigate(web.URL+"/phone/"),
		chromedp.WaitVisible("#sessions a[aria-current]"),
		chromedp.Click(`[data-kind="voice"]`), holds("#log", "语音"),
		chromedp.Click(`[data-kind="image"]`), holds("#log", "图片"),
		chromedp.Click(`[data-kind="location"]`), holds("#log", "人民公园"),
		chromedp.Click(`[data-kind="file"]`), chromedp.Click(`[data-kind="link"]`),
		chromedp.Click(`[data-kind="unknown"]`), chromedp.Click(`[data-kind="twice"]`),
		holds("#talk", "一次性退役金什么时候发"),
		holds("#client-state", "未接待"),
	))
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

	require.NoError(t, chromedp.Run(ctx,
		chromedp.Click("#pick"), holds("#client-state", "我在接待"),
		chromedp.SendKeys("#client-text", "您好，我是小王。\r"), holds("#log", "我是小王"),
		holds("#talk", "我是小王"),
	))
	assert.Equal(t, "SimXiaoWang", li.Received()[0].Servicer)
	refused := c.text("wmSimulator_1", "x1", "机器人插话")
	assert.Equal(t, float64(95018), refused["errcode"], "the program may not speak meanwhile")
	stagePicture(t, ctx, "simulator")
	require.NoError(t, chromedp.Run(ctx,
		holds("#wire", "95018"),
		chromedp.Click("#wire details"),
		holds("#wire pre", "机器人插话"),
		chromedp.Click("#end"), holds("#client-state", "已结束"),
		chromedp.Click("#receive"), holds("#receiving", "停止接待"),
	))
	var external int
	require.NoError(t, chromedp.Run(ctx, chromedp.Evaluate(
		`performance.getEntriesByType('resource').filter(e => !e.name.startsWith(location.origin)).length`,
		&external)))
	assert.Zero(t, external, "nothing comes from outside")
}

func TestTheSwitchesMakeTheFaultsThatTheyName(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	srv, web := simulator(t)
	restarted := make(chan struct{}, 1)
	srv.SetRestart(func() error { restarted <- struct{}{}; return nil })
	ctx := browser(t)
	srv.Customer("wmSimulator_1").Say(kf, "在吗")
	c := newCaller(t, srv)
	require.NoError(t, chromedp.Run(ctx,
		desk(1280, 800),
		chromedp.Navigate(web.URL+"/phone/"),
		chromedp.WaitVisible("#restart"),
		chromedp.Click(`[name="busy"]`), holds("#switched", "1 项"),
		chromedp.SetValue(`[name="send"]`, "95001"),
		chromedp.Evaluate(`document.querySelector('[name="send"]').dispatchEvent(new Event('change'))`, nil),
		holds("#switched", "2 项"),
	))
	require.Eventually(t, func() bool {
		return c.post("/cgi-bin/kf/sync_msg", map[string]any{"open_kfid": kf})["errcode"] == float64(45009) &&
			c.text("wmSimulator_1", "y1", "x")["errcode"] == float64(95001)
	}, 10*time.Second, 20*time.Millisecond)
	srv.Switch(wecomtest.Switches{})
	assert.Zero(t, c.text("wmSimulator_1", "y2", "x").code(), "switched off again")
	require.NoError(t, chromedp.Run(ctx,
		chromedp.Click("#restart"), holds("#act-said", "已重启"),
		chromedp.Click("#revoke"), holds("#act-said", "已作废"),
	))
	<-restarted
	assert.Equal(t, float64(40014), c.text("wmSimulator_1", "y3", "x")["errcode"])
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
