package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers"
)

// queued brings one conversation into the queue and returns the contact's browser.
func (r *rig) queued() *browser {
	r.t.Helper()
	b := r.browser()
	b.get("/")
	b.json("/chat/messages", `{"text":"我要转人工","client_id":"q"}`)
	eventually(r.t, "queued", func() bool {
		waiting, err := r.store.Conversations(r.t.Context(), bot.StateQueued, 1)
		return err == nil && len(waiting) == 1
	})
	return b
}

func (r *rig) member(name string, role staff.Role) *browser {
	r.t.Helper()
	r.addStaff(name, role)
	b := r.browser()
	b.signIn(name)
	return b
}

func TestStaffTakeOverAnswerHandBackAndClose(t *testing.T) {
	r := newRig(t)
	contact := r.queued()
	desk := r.member("李敏", staff.Staff)
	page := desk.get("/desk").body
	assert.Contains(t, page, "<title>(1) 荣军工作台</title>")
	assert.Contains(t, page, "对方要求人工")
	assert.Contains(t, page, "刚开始等")

	assert.Equal(t, http.StatusSeeOther, desk.form("/desk/conversations/1/takeover", nil).StatusCode)
	assert.Equal(t, "李敏", r.only().Staff)
	said := url.Values{"text": {"您好"}, "client_id": {"s1"}}
	for range 2 {
		assert.Equal(t, http.StatusSeeOther, desk.form("/desk/conversations/1/messages", said).StatusCode)
	}
	eventually(t, "the contact reads it", func() bool {
		return strings.Contains(contact.get("/").body, `<p class="text">您好</p>`)
	})
	assert.Equal(t, 1, strings.Count(contact.get("/").body, `<p class="text">您好</p>`))
	assert.NotContains(t, contact.get("/").body, "李敏")
	assert.Contains(t, desk.get("/desk/conversations/1").body, "怎么答的")

	assert.Equal(t, http.StatusSeeOther, desk.form("/desk/conversations/1/release", nil).StatusCode)
	assert.Equal(t, bot.StateBot, r.only().State)
	refused := desk.form("/desk/conversations/1/close", nil)
	assert.Equal(t, http.StatusConflict, refused.StatusCode)
	assert.Contains(t, refused.body, "请先接手")
	desk.form("/desk/conversations/1/takeover", nil)
	assert.Equal(t, http.StatusSeeOther, desk.form("/desk/conversations/1/close", nil).StatusCode)
	assert.Equal(t, bot.StateClosed, r.only().State)
}

func TestOfTwoWhoTakeOverTheLoserIsToldWhoHasIt(t *testing.T) {
	r := newRig(t)
	r.queued()
	one, two := r.member("李敏", staff.Staff), r.member("王强", staff.Supervisor)
	results := make(chan answer, 2)
	for _, b := range []*browser{one, two} {
		go func() { results <- b.form("/desk/conversations/1/takeover", nil) }()
	}
	first, second := <-results, <-results
	if first.StatusCode != http.StatusSeeOther {
		first, second = second, first
	}
	assert.Equal(t, http.StatusSeeOther, first.StatusCode)
	assert.Equal(t, http.StatusConflict, second.StatusCode)
	assert.Contains(t, second.body, "会话已由"+r.only().Staff+"接手。")
	loser := one
	if r.only().Staff == "李敏" {
		loser = two
	}
	a := loser.form("/desk/conversations/1/messages",
		url.Values{"text": {"我的话还在"}, "client_id": {"x"}})
	assert.Equal(t, http.StatusConflict, a.StatusCode)
}

func TestTheDeskIsForMembersOnly(t *testing.T) {
	r := newRig(t)
	r.queued()
	stranger := r.browser()
	for _, path := range []string{"/desk", "/desk/password", "/desk/conversations/1"} {
		a := stranger.get(path)
		assert.Equal(t, http.StatusSeeOther, a.StatusCode, path)
		assert.True(t, strings.HasPrefix(a.Header.Get("Location"), "/desk/signin"), path)
	}
	events := stranger.do("GET", "/desk/events", "", "", "Accept", "text/event-stream")
	assert.Equal(t, http.StatusUnauthorized, events.StatusCode)
	a := stranger.form("/desk/conversations/1/takeover", nil)
	assert.Equal(t, http.StatusSeeOther, a.StatusCode)
	assert.Equal(t, bot.StateQueued, r.only().State)
}

func TestAViewerReadsAndDoesNothing(t *testing.T) {
	r := newRig(t)
	r.queued()
	viewer := r.member("看看", staff.Viewer)
	page := viewer.get("/desk/conversations/1").body
	assert.Contains(t, page, "您的账号只能查看。")
	assert.NotContains(t, page, "/takeover")
	for _, act := range []string{"takeover", "messages", "release", "close"} {
		a := viewer.form("/desk/conversations/1/"+act, url.Values{"text": {"x"}, "client_id": {"y"}})
		assert.Equal(t, http.StatusForbidden, a.StatusCode, act)
	}
	assert.Equal(t, bot.StateQueued, r.only().State)
}

func TestAOneTimePasswordMustBeChangedFirst(t *testing.T) {
	r := newRig(t)
	first, err := r.accounts.First(t.Context())
	require.NoError(t, err)
	b := r.browser()
	a := b.form("/desk/signin", url.Values{"name": {"admin"}, "password": {first}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode)
	assert.Equal(t, "/desk/password", b.get("/desk").Header.Get("Location"))
	for _, c := range []struct{ old, next, again, words string }{
		{"wrong-wrong-1", password, password, "现在的密码不对"},
		{first, "short", "short", "至少要 10 个字符"},
		{first, password, password + "x", "两次输入的新密码不一样"},
	} {
		a := b.form("/desk/password", url.Values{"old": {c.old}, "new": {c.next}, "again": {c.again}})
		assert.Contains(t, a.body, c.words)
		assert.NotEqual(t, http.StatusSeeOther, a.StatusCode)
	}
	a = b.form("/desk/password", url.Values{"old": {first}, "new": {password}, "again": {password}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.body)
	assert.Equal(t, http.StatusOK, b.get("/desk").StatusCode)
}

func TestADisabledMemberIsSignedOutAtOnce(t *testing.T) {
	r := newRig(t)
	b := r.member("李敏", staff.Staff)
	assert.Equal(t, http.StatusOK, b.get("/desk").StatusCode)
	require.NoError(t, r.accounts.Disable(t.Context(), "李敏"))
	assert.Equal(t, http.StatusSeeOther, b.get("/desk").StatusCode)
}

func TestSigningOutEndsTheSession(t *testing.T) {
	r := newRig(t)
	b := r.member("李敏", staff.Staff)
	site, err := url.Parse(r.url + "/desk")
	require.NoError(t, err)
	kept := b.jar.Cookies(site)
	assert.Equal(t, http.StatusSeeOther, b.form("/desk/signout", nil).StatusCode)
	assert.Equal(t, http.StatusSeeOther, b.get("/desk").StatusCode)
	b.jar.SetCookies(site, kept)
	assert.Equal(t, http.StatusSeeOther, b.get("/desk").StatusCode, "a kept cookie is worthless")
}

func TestGuessingPasswordsIsSlowed(t *testing.T) {
	r := newRig(t)
	r.addStaff("李敏", staff.Staff)
	b := r.browser()
	wrong := url.Values{"name": {"李敏"}, "password": {"wrong-password"}}
	for range 10 {
		a := b.form("/desk/signin", wrong)
		assert.Equal(t, http.StatusUnauthorized, a.StatusCode)
		assert.Contains(t, a.body, "账号或密码不对")
	}
	a := b.form("/desk/signin", url.Values{"name": {"李敏"}, "password": {password}})
	assert.Equal(t, http.StatusTooManyRequests, a.StatusCode, "even the right one has to wait")
	assert.Contains(t, a.body, "尝试次数太多")
}

func TestOnlyATrustedProxySpeaksForOthers(t *testing.T) {
	for _, c := range []struct {
		name   string
		prefix string
		want   int
	}{
		{"trusted", "127.0.0.0/8", http.StatusUnauthorized},
		{"not trusted", "10.0.0.0/8", http.StatusTooManyRequests},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, trusted(c.prefix))
			b := r.browser()
			last := 0
			for i := range 11 {
				body := url.Values{"name": {"李敏"}, "password": {"wrong"}}.Encode()
				last = b.do(http.MethodPost, "/desk/signin", "application/x-www-form-urlencoded", body,
					"X-Forwarded-For", "203.0.113."+string(rune('1'+i%9))).StatusCode
			}
			assert.Equal(t, c.want, last)
		})
	}
}

func TestTheDeskNamesChannelFaults(t *testing.T) {
	r := newRig(t)
	b := r.member("李敏", staff.Staff)
	assert.NotContains(t, b.get("/desk").body, "渠道有故障")
	r.mu.Lock()
	r.readiness.Channels = map[string]handlers.Status{
		"wecom":  {State: handlers.Faulty, Reason: "服务器的 IP 不在可信名单里（60020）"},
		"wechat": {State: handlers.Off},
	}
	r.mu.Unlock()
	page := b.get("/desk").body
	assert.Contains(t, page, "微信客服：服务器的 IP 不在可信名单里（60020）")
	assert.NotContains(t, page, "公众号：")
}

func TestTheDeskStreamTellsOfTheQueueAndShowsWhoIsThere(t *testing.T) {
	r := newRig(t)
	b := r.member("李敏", staff.Staff)
	e := b.listen("/desk/events", "")
	assert.Equal(t, `{"waiting":[],"unanswered":[]}`, e.next(t, "changed").data)
	r.queued()
	eventually(t, "the queue is told", func() bool {
		return e.next(t, "changed").data == `{"waiting":["1"],"unanswered":[]}`
	})
	m, err := r.store.MemberByName(t.Context(), "李敏")
	require.NoError(t, err)
	assert.True(t, m.OnDuty(time.Now()))
}

func TestAFaultWhileReplyingKeepsTheWords(t *testing.T) {
	r := newRig(t, func(o *handlers.Options) { o.Desk = brokenDesk{o.Desk} })
	r.queued()
	b := r.member("李敏", staff.Staff)
	b.form("/desk/conversations/1/takeover", nil)
	a := b.form("/desk/conversations/1/messages",
		url.Values{"text": {"写了很久的话"}, "client_id": {"kept"}})
	assert.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	assert.Contains(t, a.body, "写了很久的话</textarea>")
	assert.Contains(t, a.body, `name="client_id" value="kept"`)
}
