package wechattest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wechat/wechattest"
)

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) forward(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

// caller is a program that calls the platform.
type caller struct {
	t     *testing.T
	srv   *wechattest.Server
	clock *clock
	token string
}

func newCaller(t *testing.T, cfg wechattest.Config) *caller {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	cfg.Now = c.Now
	srv := wechattest.New(cfg)
	srv.Start()
	t.Cleanup(srv.Close)
	call := &caller{t: t, srv: srv, clock: c}
	call.login()
	return call
}

func (c *caller) post(path string, body any) map[string]any {
	c.t.Helper()
	data, err := json.Marshal(body)
	require.NoError(c.t, err)
	resp, err := http.Post(c.srv.URL()+path+"?access_token="+c.token, "application/json",
		bytes.NewReader(data))
	require.NoError(c.t, err)
	defer resp.Body.Close()
	var out map[string]any
	require.NoError(c.t, json.NewDecoder(resp.Body).Decode(&out))
	return out
}

func (c *caller) ask(secret string, force bool) map[string]any {
	c.t.Helper()
	return c.post("/cgi-bin/stable_token", map[string]any{
		"grant_type": "client_credential", "appid": c.srv.Config().AppID, "secret": secret,
		"force_refresh": force,
	})
}

func (c *caller) login() {
	c.t.Helper()
	token, _ := c.ask(c.srv.Config().Secret, false)["access_token"].(string)
	require.NotEmpty(c.t, token)
	c.token = token
}

func (c *caller) send(to, text string) int {
	c.t.Helper()
	out := c.post("/cgi-bin/message/custom/send", map[string]any{
		"touser": to, "msgtype": "text", "text": map[string]string{"content": text},
	})
	code, _ := out["errcode"].(float64)
	return int(code)
}

func TestAMessageOpensTheWindowForFiveAndTwoDays(t *testing.T) {
	c := newCaller(t, wechattest.Config{})
	li := c.srv.Follower("li")
	assert.Equal(t, 45015, c.send("li", "没有来过消息"))
	assert.Equal(t, 40003, c.send("nobody", "没有这个人"))
	li.Say("在吗")
	for range 5 {
		assert.Zero(t, c.send("li", "在"))
	}
	assert.Equal(t, 45047, c.send("li", "第六条"))
	li.Say("再问")
	assert.Zero(t, c.send("li", "再答"))
	c.clock.forward(48 * time.Hour)
	c.login()
	assert.Equal(t, 45015, c.send("li", "太晚"))
	assert.Len(t, li.Received(), 6)
}

func TestAClickAScanAndAFollowOpenItForThreeAndAMinute(t *testing.T) {
	c := newCaller(t, wechattest.Config{})
	li := c.srv.Follower("li")
	for _, act := range []func(){
		func() { li.Follow("") }, func() { li.Scan("county") }, func() { li.Click("人工") },
	} {
		act()
		for range 3 {
			assert.Zero(t, c.send("li", "欢迎"))
		}
		assert.Equal(t, 45047, c.send("li", "第四条"))
		c.clock.forward(time.Minute)
		assert.Equal(t, 45015, c.send("li", "过了一分钟"))
	}
	li.Say("在吗")
	li.Unfollow()
	assert.Equal(t, 45015, c.send("li", "已取消关注"))
}

func TestAStableTokenStaysUntilShortlyBeforeItsEnd(t *testing.T) {
	c := newCaller(t, wechattest.Config{})
	first := c.token
	c.clock.forward(time.Hour)
	c.login()
	assert.Equal(t, first, c.token, "a repeat ends nothing")
	c.clock.forward(56 * time.Minute)
	c.login()
	second := c.token
	assert.NotEqual(t, first, second)
	c.token = first
	assert.Equal(t, 45015, c.send(c.srv.Follower("li").OpenID(), "x"), "the old one is good to its end")
	c.clock.forward(5 * time.Minute)
	assert.Equal(t, 42001, c.send("li", "x"))
	assert.NotEqual(t, second, c.ask(c.srv.Config().Secret, true)["access_token"])
	c.token = second
	assert.Equal(t, 40001, c.send("li", "x"), "a forced refresh ends the old one")
	c.token = ""
	assert.Equal(t, 41001, c.send("li", "x"))
	assert.EqualValues(t, 40001, c.ask("00000000000000000000000000000000", false)["errcode"])
	assert.EqualValues(t, 40125, c.ask("short", false)["errcode"])
}

func TestAnAccountWithoutTheRightOrMenusSaysSo(t *testing.T) {
	c := newCaller(t, wechattest.Config{NoCustomerService: true})
	c.srv.Follower("li").Say("在吗")
	assert.Equal(t, 48001, c.send("li", "在"))
	c = newCaller(t, wechattest.Config{NoMenus: true})
	c.srv.Follower("li").Say("在吗")
	out := c.post("/cgi-bin/message/custom/send", map[string]any{
		"touser": "li", "msgtype": "msgmenu", "msgmenu": map[string]any{"head_content": "请选"},
	})
	assert.EqualValues(t, 40200, out["errcode"])
}

func TestAFileIsGivenWithItsName(t *testing.T) {
	c := newCaller(t, wechattest.Config{})
	told := make(chan string, 1)
	ours := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
	})
	c.srv.SetCallback(ours)
	c.srv.Follower("li").SendVoice([]byte("#!AMR\n"), "")
	<-told
	assert.EqualValues(t, 40007, c.getMedia("unknown")["errcode"])
}

func (c *caller) getMedia(id string) map[string]any {
	c.t.Helper()
	resp, err := http.Get(c.srv.URL() + "/cgi-bin/media/get?access_token=" + c.token + "&media_id=" + id)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	var out map[string]any
	require.NoError(c.t, json.NewDecoder(resp.Body).Decode(&out))
	return out
}
