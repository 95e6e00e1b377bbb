package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers"
	"rongjun/handlers/pagetest"
)

// gate vouches for who is in its list, by codes that are good once.
type gate struct {
	mu     sync.Mutex
	codes  map[string]string
	fault  error
	given  int
	inside bool
}

func newGate() *gate { return &gate{codes: map[string]string{}} }

func (g *gate) SignInPage(back, state string, inside bool) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside = inside
	return "https://login.example/?" + url.Values{"back": {back}, "state": {state}}.Encode()
}

func (g *gate) Member(_ context.Context, code string) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fault != nil {
		return "", g.fault
	}
	id, ok := g.codes[code]
	delete(g.codes, code)
	switch {
	case !ok:
		return "", bot.ErrSignInCode
	case id == "":
		return "", bot.ErrOutsider
	}
	return id, nil
}

// vouches makes a code for somebody.
func (g *gate) vouches(id string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.given++
	code := fmt.Sprint("code", g.given)
	g.codes[code] = id
	return code
}

func gated(t *testing.T) (*rig, *gate) {
	t.Helper()
	g := newGate()
	r := newRig(t, func(o *handlers.Options) { o.WeCom, o.PublicURL = g, "https://desk.example" })
	for name, id := range map[string]string{"李敏": "LiMin", "张伟": ""} {
		require.NoError(t, r.accounts.Add(t.Context(), staff.NewMember{
			Name: name, Role: staff.Staff, Password: password, WeComID: id,
		}))
	}
	return r, g
}

// leaves begins a sign-in and returns its state.
func (b *browser) leaves(query string) string {
	b.t.Helper()
	a := b.get("/desk/wecom" + query)
	require.Equal(b.t, http.StatusSeeOther, a.StatusCode, a.body)
	to, err := a.Location()
	require.NoError(b.t, err)
	require.Equal(b.t, "https://desk.example/desk/wecom/return", to.Query().Get("back"))
	return to.Query().Get("state")
}

func (b *browser) returns(state, code string) answer {
	return b.get("/desk/wecom/return?" + url.Values{"state": {state}, "code": {code}}.Encode())
}

// plain lets a browser of a test keep cookies that are for https alone.
func (b *browser) plain() *browser {
	b.client.Transport = unsecured{}
	return b
}

// unsecured takes the mark away that keeps a cookie from a plain connection.
type unsecured struct{}

func (unsecured) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		for i, c := range resp.Header["Set-Cookie"] {
			resp.Header["Set-Cookie"][i] = strings.ReplaceAll(c, "; Secure", "")
		}
	}
	return resp, err
}

func TestAMemberOfTheCorpSignsInAndComesToTheConversation(t *testing.T) {
	r, g := gated(t)
	b := r.browser().plain()
	assert.Contains(t, b.get("/desk/signin?conversation=7").body, `href="/desk/wecom?conversation=7"`)
	a := b.returns(b.leaves("?conversation=7"), g.vouches("limin"))
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.body)
	assert.Equal(t, "/desk/conversations/7", a.Header.Get("Location"))
	assert.Contains(t, b.get("/desk").body, "李敏")
	assert.NotContains(t, r.log.String(), "limin")
}

func TestAReturnIsBelievedOnceAndOnlyInItsOwnBrowser(t *testing.T) {
	r, g := gated(t)
	refused := func(a answer) {
		t.Helper()
		assert.Equal(t, http.StatusUnauthorized, a.StatusCode)
		assert.Contains(t, a.body, "这次登录已经失效")
	}
	b, other := r.browser().plain(), r.browser().plain()
	state := b.leaves("")
	refused(other.returns(state, g.vouches("LiMin")))
	other.leaves("")
	refused(other.returns(state, g.vouches("LiMin"))) // with a cookie, but not the one that goes with it
	refused(b.returns(state, g.vouches("LiMin")))     // a state that was tried is spent

	state = b.leaves("")
	refused(b.returns("", g.vouches("LiMin")))
	code := g.vouches("LiMin")
	require.Equal(t, http.StatusSeeOther, b.returns(state, code).StatusCode)
	refused(b.returns(state, g.vouches("LiMin"))) // state and cookie are spent
	state = b.leaves("")
	refused(b.returns(state, code)) // the platform has spent the code
}

func TestAnOldStateIsNotBelieved(t *testing.T) {
	g := newGate()
	late := time.Duration(0)
	r := newRig(t, func(o *handlers.Options) {
		o.WeCom, o.PublicURL = g, "https://desk.example"
		o.Now = func() time.Time { return time.Now().Add(late) }
	})
	late = -11 * time.Minute // it was begun so long ago
	b := r.browser().plain()
	state := b.leaves("")
	late = 0
	assert.Equal(t, http.StatusUnauthorized, b.returns(state, g.vouches("LiMin")).StatusCode)
}

func TestWhoMayNotSignInIsToldWhyInChinese(t *testing.T) {
	r, g := gated(t)
	require.NoError(t, r.accounts.Add(t.Context(), staff.NewMember{
		Name: "走了", Role: staff.Staff, Password: password, WeComID: "left",
	}))
	require.NoError(t, r.accounts.Disable(t.Context(), "走了"))
	for id, words := range map[string]string{
		"":         "这里只供本单位的企业微信成员登录",
		"stranger": "还没有绑定工作台账号",
		"left":     "您的账号已停用",
	} {
		b := r.browser().plain()
		a := b.returns(b.leaves(""), g.vouches(id))
		assert.Equal(t, http.StatusForbidden, a.StatusCode)
		assert.Contains(t, a.body, words)
		assert.Equal(t, http.StatusSeeOther, b.get("/desk").StatusCode, "signed in nobody")
	}
	b := r.browser().plain()
	assert.Contains(t, b.returns(b.leaves(""), "").body, "没有完成企业微信的授权")
	g.fault = errors.New("cut off")
	a := b.returns(b.leaves(""), "any")
	assert.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	assert.Contains(t, a.body, "用密码登录")
}

func TestASessionPlantedBeforeIsWorthNothing(t *testing.T) {
	r, g := gated(t)
	b := r.browser().plain()
	b.signIn("张伟")
	planted := b.cookie("rongjun_staff")
	require.Equal(t, http.StatusSeeOther, b.returns(b.leaves(""), g.vouches("LiMin")).StatusCode)
	assert.NotEqual(t, planted, b.cookie("rongjun_staff"))
	thief := r.browser().plain()
	a := thief.do(http.MethodGet, "/desk", "", "", "Cookie", "rongjun_staff="+planted)
	assert.Equal(t, http.StatusSeeOther, a.StatusCode)
}

func (b *browser) cookie(name string) string {
	b.t.Helper()
	at, err := url.Parse(b.url + "/desk/wecom/return")
	require.NoError(b.t, err)
	for _, c := range b.jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestSigningInOverWeComIsSlowedLikePasswords(t *testing.T) {
	r, _ := gated(t)
	b := r.browser().plain()
	statuses := map[int]int{}
	for range 60 {
		statuses[b.returns("made-up", "made-up").StatusCode]++
	}
	assert.Positive(t, statuses[http.StatusTooManyRequests])
	assert.LessOrEqual(t, statuses[http.StatusUnauthorized], 45)
	a := b.form("/desk/signin", url.Values{"name": {"李敏"}, "password": {password}})
	assert.Equal(t, http.StatusTooManyRequests, a.StatusCode, "the two ways share one limit")
}

func TestWithoutWeComThereIsNoButtonAndNoWay(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	assert.NotContains(t, b.get("/desk/signin").body, "企业微信")
	assert.Equal(t, http.StatusNotFound, b.get("/desk/wecom").StatusCode)
	assert.Equal(t, http.StatusNotFound, b.get("/desk/wecom/return?state=x&code=y").StatusCode)
	assert.NotContains(t, r.member("李敏", staff.Staff).get("/desk/password").body, "企业微信")
}

func TestInsideWeComThePageOfItsOwnIsUsed(t *testing.T) {
	r, g := gated(t)
	const phone = "Mozilla/5.0 (iPhone) AppleWebKit wxwork/4.1 MicroMessenger/7.0"
	a := r.browser().plain().do(http.MethodGet, "/desk/wecom", "", "", "User-Agent", phone)
	require.Equal(t, http.StatusSeeOther, a.StatusCode)
	assert.True(t, g.inside)
	a = r.browser().plain().do(http.MethodGet, "/desk/signin", "", "", "User-Agent", phone)
	assert.Contains(t, a.body, "用企业微信身份登录")
}

func TestAPersonBindsTheirOwnAccount(t *testing.T) {
	r, g := gated(t)
	b := r.browser().plain()
	assert.Equal(t, http.StatusUnauthorized, r.browser().plain().get("/desk/wecom?bind=1").StatusCode)
	b.signIn("张伟")
	assert.Contains(t, b.get("/desk/password").body, "还没有绑定")
	a := b.returns(b.leaves("?bind=1"), g.vouches("LiMin"))
	assert.Equal(t, http.StatusConflict, a.StatusCode)
	assert.Contains(t, a.body, "已经绑定给别的工作台账号")

	a = b.returns(b.leaves("?bind=1"), g.vouches("ZhangWei"))
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.body)
	assert.Contains(t, b.get("/desk/password").body, "已绑定 <strong>ZhangWei</strong>")

	other := r.browser().plain()
	require.Equal(t, http.StatusSeeOther, other.returns(other.leaves(""), g.vouches("ZhangWei")).StatusCode)
	assert.Contains(t, other.get("/desk").body, "张伟")

	state := b.leaves("?bind=1")
	require.Equal(t, http.StatusSeeOther, b.form("/desk/signout", nil).StatusCode)
	a = b.returns(state, g.vouches("SomebodyElse"))
	assert.Equal(t, http.StatusUnauthorized, a.StatusCode, "who has signed out binds nothing")
}

func TestTheSignInAndAccountPagesFitAPhoneAndAKeyboard(t *testing.T) {
	g := newGate()
	r := newRig(t, func(o *handlers.Options) { o.WeCom = g })
	require.NoError(t, r.accounts.Add(t.Context(), staff.NewMember{
		Name: "李敏", Role: staff.Staff, Password: password,
	}))
	for _, s := range []pagetest.Size{phone, wide} {
		ctx := chromium.Tab(t, s)
		pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk/signin"), chromedp.WaitVisible("#name"))
		pagetest.Picture(t, ctx, "signin-"+s.Name)
		var order []string
		for range 4 {
			order = append(order, evaluate[string](t, ctx, `document.activeElement.textContent.trim() || document.activeElement.id`))
			pagetest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
		}
		assert.Equal(t, []string{"name", "password", "登录", "企业微信扫码登录"}, order)
		assert.LessOrEqual(t, evaluate[int64](t, ctx, `document.documentElement.scrollWidth`), s.Width)
		pagetest.Do(t, ctx, chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter))
		says(t, ctx, ".me", "李敏")
		pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk/password"), chromedp.WaitVisible("#old"))
		pagetest.Picture(t, ctx, "account-"+s.Name)
		says(t, ctx, ".bound", "还没有绑定")
		assert.LessOrEqual(t, evaluate[int64](t, ctx, `document.documentElement.scrollWidth`), s.Width)
		pagetest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
		assert.Equal(t, "绑定我的企业微信", evaluate[string](t, ctx, `document.activeElement.textContent.trim()`))
	}
}
