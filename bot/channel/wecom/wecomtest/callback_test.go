package wecomtest_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wecom/wecomtest"
)

type envelope struct {
	ToUserName, AgentID, Encrypt string
}

type event struct {
	ToUserName, MsgType, Event, Token, OpenKfId string
	CreateTime                                  int64
}

// open checks a callback's signature and decrypts it.
func open(t *testing.T, srv *wecomtest.Server, q url.Values, body string) (envelope, string) {
	t.Helper()
	var e envelope
	require.NoError(t, xml.Unmarshal([]byte(body), &e))
	assert.Equal(t, q.Get("msg_signature"),
		platformtest.Sign(srv.Config().Token, q.Get("timestamp"), q.Get("nonce"), e.Encrypt))
	plain, receiver, err := srv.Crypt().Decrypt(e.Encrypt)
	require.NoError(t, err)
	assert.Equal(t, srv.Config().CorpID, receiver)
	assert.Equal(t, srv.Config().CorpID, e.ToUserName)
	return e, string(plain)
}

func TestAMessageRingsTheBell(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	p := newProgram(t)
	var query url.Values
	p.answer = func(_ int, _ http.ResponseWriter, r *http.Request) { query = r.URL.Query() }
	srv.SetCallback(p.URL + "/callback/wecom?x=1")
	srv.Customer("wmLi").Say(kf, "在吗")
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	bodies := p.received()
	require.Len(t, bodies, 1)
	assert.Equal(t, "1", query.Get("x"))
	e, plain := open(t, srv, query, bodies[0])
	assert.Empty(t, e.AgentID)
	var ev event
	require.NoError(t, xml.Unmarshal([]byte(plain), &ev))
	assert.Equal(t, event{
		srv.Config().CorpID, "event", "kf_msg_or_event", ev.Token, kf, now.Now().Unix(),
	}, ev)
	assert.Zero(t, newCaller(t, srv).post("/cgi-bin/kf/sync_msg",
		map[string]any{"open_kfid": kf, "token": ev.Token}).code())
	log := srv.Callbacks()
	require.Len(t, log, 1)
	assert.Equal(t, []any{1, 1, 200, plain},
		[]any{log[0].N, log[0].Try, log[0].Status, log[0].Plain})
}

func TestAnUnansweredCallbackIsPostedThreeTimesInAll(t *testing.T) {
	hang := func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	broken := func(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	failing := func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }
	second := func(n int, w http.ResponseWriter, r *http.Request) {
		if n == 1 {
			broken(n, w, r)
		}
	}
	for _, tt := range []struct {
		name   string
		answer func(int, http.ResponseWriter, *http.Request)
		any    bool
		want   int
	}{
		{"hanging", hang, false, 3},
		{"broken", broken, false, 3},
		{"failing", failing, false, 3},
		{"failing, any status taken", failing, true, 1},
		{"answered the second time", second, false, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := platform(t, wecomtest.Config{
				CallbackTimeout: 30 * time.Millisecond, CallbackPause: time.Millisecond,
				AcceptAnyStatus: tt.any,
			})
			p := newProgram(t)
			p.answer = tt.answer
			srv.SetCallback(p.URL)
			srv.Customer("wmLi").Say(kf, "在吗")
			require.NoError(t, srv.WaitCallbacks(soon(t)))
			bodies := p.received()
			require.Len(t, bodies, tt.want)
			for _, body := range bodies {
				assert.Equal(t, bodies[0], body, "every try carries the same bytes")
			}
			assert.Len(t, srv.Callbacks(), tt.want)
		})
	}
}

func TestBellsAreLostCopiedDelayedAndSwapped(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	p := newProgram(t)
	srv.SetCallback(p.URL)
	li := srv.Customer("wmLi")
	rung := func(rule wecomtest.Bells, messages int) (order []int) {
		before := len(srv.Callbacks())
		srv.SetBells(rule)
		require.NoError(t, srv.WaitCallbacks(soon(t)))
		for range messages {
			li.Say(kf, "在吗")
			require.NoError(t, srv.WaitCallbacks(soon(t)))
		}
		for _, c := range srv.Callbacks()[before:] {
			order = append(order, c.N)
		}
		return order
	}
	assert.Equal(t, []int{1, 2}, rung(wecomtest.Bells{}, 2))
	assert.Empty(t, rung(wecomtest.Bells{Muted: true}, 2))
	assert.Equal(t, []int{5, 7}, rung(wecomtest.Bells{LoseEvery: 2}, 4))
	assert.Equal(t, []int{9, 9, 9}, rung(wecomtest.Bells{Copies: 2}, 1))
	start := time.Now()
	assert.Equal(t, []int{10}, rung(wecomtest.Bells{Delay: 20 * time.Millisecond}, 1))
	assert.GreaterOrEqual(t, time.Since(start), 20*time.Millisecond)
	assert.ElementsMatch(t, []int{12, 11}, rung(wecomtest.Bells{Swap: true}, 3))
	assert.Equal(t, []int{13}, rung(wecomtest.Bells{}, 0), "what was held goes out at the end")
}

func TestTheURLCheckWantsTheEchoAndNothingElse(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	_, err := srv.VerifyURL(soon(t))
	assert.ErrorContains(t, err, "no callback URL")
	tail := ""
	p := newProgram(t)
	p.answer = func(_ int, w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		echo := q.Get("echostr")
		assert.Equal(t, q.Get("msg_signature"),
			platformtest.Sign(srv.Config().Token, q.Get("timestamp"), q.Get("nonce"), echo))
		plain, _, err := srv.Crypt().Decrypt(echo)
		assert.NoError(t, err)
		_, _ = io.WriteString(w, string(plain)+tail)
	}
	srv.SetCallback(p.URL)
	got, err := srv.VerifyURL(soon(t))
	require.NoError(t, err)
	assert.NotEmpty(t, got)
	tail = "\n"
	_, err = srv.VerifyURL(soon(t))
	assert.ErrorContains(t, err, "not the echo")
}

func TestAnAppsCallbackNamesItsAgent(t *testing.T) {
	srv := platform(t, wecomtest.Config{Callback: "http://program.test/callback/wecom"})
	plain := srv.AppXML("zhang", "text", "Content", "<在吗> & 谢谢", "MsgId", "7")
	r, err := srv.CallbackRequest(soon(t), plain)
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	e, opened := open(t, srv, r.URL.Query(), string(body))
	assert.Equal(t, srv.Config().AgentID, e.AgentID)
	var m struct{ FromUserName, MsgType, Content, AgentID string }
	require.NoError(t, xml.Unmarshal([]byte(opened), &m))
	assert.Equal(t, "zhang", m.FromUserName)
	assert.Equal(t, "<在吗> & 谢谢", m.Content)
	p := newProgram(t)
	srv.SetCallback(p.URL)
	srv.Post(plain)
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	assert.Len(t, p.received(), 1)
}

func TestAChangeOfManagementIsTold(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	p := newProgram(t)
	srv.SetCallback(p.URL)
	srv.SetManaged(kf, false)
	srv.SetManaged(kf, true)
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	var told []string
	for _, c := range srv.Callbacks() {
		assert.Contains(t, c.Plain, "kf_account_auth_change")
		told = append(told, c.Plain[strings.Index(c.Plain, "<Auth"):])
	}
	assert.ElementsMatch(t, []string{
		"<AuthDelOpenKfId><![CDATA[" + kf + "]]></AuthDelOpenKfId></xml>",
		"<AuthAddOpenKfId><![CDATA[" + kf + "]]></AuthAddOpenKfId></xml>",
	}, told)
}
