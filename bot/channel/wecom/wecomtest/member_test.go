package wecomtest_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// appEvent is what the tests look at in a callback of the app.
type appEvent struct {
	From  string `xml:"FromUserName"`
	Type  string `xml:"MsgType"`
	Event string `xml:"Event"`
	Key   string `xml:"EventKey"`
	Task  string `xml:"TaskId"`
	Code  string `xml:"ResponseCode"`
	MsgID string `xml:"MsgId"`
	Text  string `xml:"Content"`
}

// appEvents are the plain texts of the callbacks so far, whether or not somebody answered them.
func appEvents(t *testing.T, srv *wecomtest.Server) (out []appEvent) {
	t.Helper()
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	for _, c := range srv.Callbacks() {
		if c.Try == 1 {
			var e appEvent
			require.NoError(t, xml.Unmarshal([]byte(c.Plain), &e))
			out = append(out, e)
		}
	}
	return out
}

// heard makes a server with a callback that takes everything.
func heard(t *testing.T, cfg wecomtest.Config) *wecomtest.Server {
	t.Helper()
	srv := platform(t, cfg)
	ours := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(ours.Close)
	srv.SetCallback(ours.URL)
	return srv
}

func (c *caller) appText(to, words string) reply {
	c.t.Helper()
	return c.post("/cgi-bin/message/send", map[string]any{
		"touser": to, "msgtype": "text", "agentid": 1000002, "text": map[string]any{"content": words},
	})
}

func (c *caller) card(to, task string) reply {
	c.t.Helper()
	return c.post("/cgi-bin/message/send", map[string]any{
		"touser": to, "msgtype": "template_card", "agentid": 1000002, "template_card": map[string]any{
			"card_type": "button_interaction", "task_id": task,
			"main_title": map[string]any{"title": "有人在等"},
			"quote_area": map[string]any{"quote_text": "我的补助呢"},
			"button_list": []any{
				map[string]any{"text": "我来接手", "key": "take"},
				map[string]any{"text": "查看", "type": 1, "url": "https://desk.example/1"},
			},
		},
	})
}

func (c *caller) update(code, words string, more map[string]any) int {
	c.t.Helper()
	in := map[string]any{
		"agentid": 1000002, "response_code": code, "button": map[string]any{"replace_name": words},
	}
	for k, v := range more {
		in[k] = v
	}
	return c.post("/cgi-bin/message/update_template_card", in).code()
}

func TestWhatIsOverAMembersLimitIsDroppedWithoutAWord(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	wang, li := srv.Member("wang"), srv.Member("li")
	for range 30 {
		require.Zero(t, c.appText("wang", "有人在等").code())
	}
	got := c.appText("wang|li", "第三十一条")
	require.Zero(t, got.code())
	assert.Nil(t, got["invaliduser"])
	assert.Len(t, wang.Texts(), 30)
	assert.Equal(t, []string{"第三十一条"}, li.Texts())
	now.forward(time.Minute)
	require.Zero(t, c.appText("wang", "下一分钟").code())
	assert.Len(t, wang.Texts(), 31)
}

func TestALongTextArrivesCut(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	wang := srv.Member("wang")
	require.Zero(t, newCaller(t, srv).appText("wang", strings.Repeat("长", 700)).code())
	assert.Equal(t, strings.Repeat("长", 682), wang.Texts()[0])
}

func TestAMemberWritesToTheApp(t *testing.T) {
	srv := heard(t, wecomtest.Config{})
	wang := srv.Member("wang")
	id := wang.Say("优待证 <怎么> 办")
	wang.Do("enter_agent", "")
	got := appEvents(t, srv)
	require.Len(t, got, 2)
	byType := map[string]appEvent{got[0].Type: got[0], got[1].Type: got[1]}
	assert.Equal(t, appEvent{From: "wang", Type: "text", Text: "优待证 <怎么> 办", MsgID: id}, byType["text"])
	assert.Equal(t, "enter_agent", byType["event"].Event)
}

func TestACardIsUpdatedOnceWithEachCode(t *testing.T) {
	now := newClock()
	srv := heard(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	wang, li := srv.Member("wang"), srv.Member("li")
	sent := c.card("wang|li|nobody", "task1")
	require.Zero(t, sent.code())
	assert.Equal(t, "nobody", sent["invaliduser"])
	code := sent["response_code"].(string)
	assert.Equal(t, "我的补助呢", li.Cards()[0].Quote)

	require.NoError(t, wang.Press("task1", "我来接手"))
	require.ErrorIs(t, wang.Press("task1", "查看"), wecomtest.ErrDead, "it opens a page")
	pressed := appEvents(t, srv)
	require.Len(t, pressed, 1)
	assert.Equal(t, "template_card_event take task1",
		pressed[0].Event+" "+pressed[0].Key+" "+pressed[0].Task)

	assert.Equal(t, 40058, c.update(code, "已由王接手", nil), "nobody to show it to")
	require.Zero(t, c.update(code, "已由王接手", map[string]any{"atall": 1}))
	assert.Equal(t, "已由王接手", li.Cards()[0].Replaced)
	require.ErrorIs(t, li.Press("task1", "我来接手"), wecomtest.ErrDead)
	assert.Equal(t, 42045, c.update(code, "又一次", map[string]any{"atall": 1}))
	require.Zero(t, c.update(pressed[0].Code, "您来晚了", map[string]any{"userids": []string{"wang"}}))
	assert.Equal(t, "您来晚了", wang.Cards()[0].Replaced)
	assert.Equal(t, "已由王接手", li.Cards()[0].Replaced)

	late := c.card("wang", "task2")["response_code"].(string)
	now.forward(73 * time.Hour)
	c.login()
	assert.Equal(t, 42045, c.update(late, "太晚", map[string]any{"atall": 1}))
}

func TestACardThatBreaksARuleIsRefused(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	srv.AddMember("wang")
	c := newCaller(t, srv)
	require.Zero(t, c.card("wang", "task1").code())
	for _, task := range []string{"task1", "", "任务", strings.Repeat("a", 129)} {
		assert.Equal(t, 42013, c.card("wang", task).code(), task)
	}
}

func TestASignInCodeIsGoodOnceAndForFiveMinutes(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	who := func(code string) reply {
		return c.get("/cgi-bin/auth/getuserinfo", url.Values{"access_token": {c.token}, "code": {code}})
	}
	code := srv.LoginCode(wecomtest.Visitor{Member: "wang"})
	assert.Equal(t, "wang", who(code)["userid"])
	assert.Equal(t, 40029, who(code).code())
	code = srv.LoginCode(wecomtest.Visitor{Member: "wang"})
	now.forward(5 * time.Minute)
	assert.Equal(t, 40029, who(code).code())
	got := who(srv.LoginCode(wecomtest.Visitor{External: "wmLi"}))
	assert.Nil(t, got["userid"])
	assert.Equal(t, "wmLi", got["external_userid"])
	assert.NotEmpty(t, got["openid"])
}

func TestTheSignInPageReturnsOnlyToItsDomain(t *testing.T) {
	srv := platform(t, wecomtest.Config{LoginDomain: "desk.example:8443"})
	srv.AddMember("wang")
	cfg := srv.Config()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	open := func(back, as string) (status int, to *url.URL) {
		q := url.Values{
			"login_type": {"CorpApp"}, "appid": {cfg.CorpID}, "agentid": {cfg.AgentID},
			"redirect_uri": {back}, "state": {"s1"},
		}
		if as != "" {
			q.Set("as", as)
		}
		resp, err := client.Get(srv.URL() + "/wwlogin/sso/login?" + q.Encode())
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		to, _ = resp.Location()
		return resp.StatusCode, to
	}
	const back = "https://desk.example:8443/desk/wecom/return"
	status, _ := open("https://desk.example/desk/wecom/return", "")
	assert.Equal(t, http.StatusBadRequest, status, "without the port it is another domain")
	status, _ = open(back, "")
	assert.Equal(t, http.StatusOK, status, "the members to choose from")
	status, to := open(back, "wang")
	require.Equal(t, http.StatusFound, status)
	assert.Equal(t, "s1", to.Query().Get("state"))
	assert.Equal(t, "desk.example:8443", to.Host)
	assert.NotEmpty(t, to.Query().Get("code"))
}
