package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/handlers"
)

func idOf(t *testing.T, a answer) string {
	t.Helper()
	require.Equal(t, http.StatusAccepted, a.StatusCode, a.body)
	var got struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))
	require.NotEmpty(t, got.ID)
	return got.ID
}

func TestAQuestionIsAnsweredOnThePageWithItsSource(t *testing.T) {
	b := newRig(t).browser()
	require.Equal(t, http.StatusOK, b.get("/").StatusCode)
	idOf(t, b.json("/chat/messages", `{"text":"一次性退役金怎么领","client_id":"a1"}`))
	eventually(t, "the answer is on the page", func() bool {
		page := b.get("/").body
		return strings.Contains(page, `《退役军人安置条例》<span class="article">第四十三条</span>`) &&
			strings.Contains(page, "2024年9月1日起施行") && strings.Contains(page, "申领要多久？")
	})
}

func TestARepeatedPostIsANoOpWithTheSameID(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	first := idOf(t, b.json("/chat/messages", `{"text":"你好","client_id":"same"}`))
	again := idOf(t, b.json("/chat/messages", `{"text":"你好","client_id":"same"}`))
	assert.Equal(t, first, again)
	other := idOf(t, r.browser().json("/chat/messages", `{"text":"你好","client_id":"same"}`))
	assert.NotEqual(t, first, other, "another contact's id is another message")
}

func TestTheCookieIsTheContactAndIsNotStored(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	a := b.get("/")
	require.Len(t, a.Cookies(), 1)
	cookie := a.Cookies()[0]
	assert.True(t, cookie.HttpOnly)
	assert.False(t, cookie.Secure)
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	assert.Len(t, cookie.Value, 26)
	assert.Empty(t, b.get("/").Cookies(), "it is set once")
	idOf(t, b.json("/chat/messages", `{"text":"你好","client_id":"a"}`))
	assert.NotContains(t, r.only().Contact.ExternalID, cookie.Value)
}

func TestACookieIsSecureWhenThePublicAddressIs(t *testing.T) {
	r := newRig(t, func(o *handlers.Options) { o.PublicURL = "https://rongjun.example" })
	a := r.browser().get("/")
	assert.True(t, a.Cookies()[0].Secure)
	assert.NotEmpty(t, a.Header.Get("Strict-Transport-Security"))
}

func TestWithoutJavaScriptFormsAskTapAndReload(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	page := b.get("/").body
	assert.Contains(t, page, `<form id="say" class="say" method="post" action="/chat/messages"`)
	assert.Contains(t, page, `value="转人工"`)
	a := b.form("/chat/messages", url.Values{"text": {"怎么领"}, "client_id": {"f1"}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.body)
	assert.Equal(t, "/#end", a.Header.Get("Location"))

	var reply string
	eventually(t, "choices are offered", func() bool {
		_, rest, found := strings.Cut(b.get("/").body, `name="reply" value="`)
		reply, _, _ = strings.Cut(rest, `"`)
		return found
	})
	a = b.form("/chat/messages", url.Values{"reply": {reply}, "client_id": {"tap-1"}})
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.body)
	page = b.get("/").body
	assert.Contains(t, page, `<p class="text">申领要多久？</p>`, "the tap shows the words of the choice")
}

func TestBadPostsAreRefusedInWords(t *testing.T) {
	b := newRig(t).browser()
	huge := `{"text":"` + strings.Repeat("长", 100_000/3) + `","client_id":"x"}`
	for _, c := range []struct {
		name, body string
		status     int
		words      string
	}{
		{"empty", `{"text":"","client_id":"x"}`, 400, "为空"},
		{"only spaces", `{"text":" \n\t ","client_id":"x"}`, 400, "为空"},
		{"only control characters", `{"text":"\u0000\u0007","client_id":"x"}`, 400, "为空"},
		{"no JSON", `text=1`, 400, "格式"},
		{"100 kB", huge, 413, "太长"},
		{"client id with markup", `{"text":"好","client_id":"<b>"}`, 400, "格式"},
		{"endless client id", `{"text":"好","client_id":"` + strings.Repeat("x", 65) + `"}`, 400, "格式"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.json("/chat/messages", c.body)
			assert.Equal(t, c.status, a.StatusCode)
			var got struct {
				Error struct{ Code, Message string }
			}
			require.NoError(t, json.Unmarshal([]byte(a.body), &got), a.body)
			assert.NotEmpty(t, got.Error.Code)
			assert.Contains(t, got.Error.Message, c.words)
		})
	}
	form := b.form("/chat/messages", url.Values{"text": {strings.Repeat("长", 30_000)}})
	assert.Equal(t, http.StatusRequestEntityTooLarge, form.StatusCode)
	assert.Contains(t, form.body, "内容太长了，请分成几条")
	assert.Contains(t, form.body, `id="say"`, "the form is still there")
}

func TestInvalidUTF8IsStoredAsTextThatCanBeShown(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	idOf(t, b.json("/chat/messages", "{\"text\":\"坏\xff字\",\"client_id\":\"x\"}"))
	assert.Contains(t, b.get("/").body, "坏\uFFFD字")
}

func TestALongTextIsCutAndKept(t *testing.T) {
	r := newRig(t)
	idOf(t, r.browser().json("/chat/messages",
		`{"text":"`+strings.Repeat("长", 5000)+`","client_id":"x"}`))
	messages, err := r.store.Messages(t.Context(), r.only().ID, 0, 10)
	require.NoError(t, err)
	assert.Len(t, []rune(messages[0].Text), bot.MaxText)
}

func TestMarkupIsShownAsText(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	const bad = `<script>alert(1)</script>"><img src=x onerror=1>`
	idOf(t, b.json("/chat/messages", `{"text":`+quote(bad)+`,"client_id":"x"}`))
	r.addStaff("李敏", "staff")
	desk := r.browser()
	desk.signIn("李敏")
	for _, page := range []string{
		b.get("/").body, desk.get("/desk?tab=bot").body, desk.get("/desk/conversations/1").body,
	} {
		assert.NotContains(t, page, "<script>alert")
		assert.NotContains(t, page, "<img")
		assert.Contains(t, page, "&lt;script&gt;alert(1)")
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestAFullDiskRefusesThePostAndLosesNoWords(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	r.inbox.fail(errDisk)
	a := b.json("/chat/messages", `{"text":"还在吗","client_id":"x"}`)
	assert.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	form := b.form("/chat/messages", url.Values{"text": {"还在<吗"}, "client_id": {"keep"}})
	assert.Equal(t, http.StatusServiceUnavailable, form.StatusCode)
	assert.Contains(t, form.body, "还在&lt;吗</textarea>")
	assert.Contains(t, form.body, `name="client_id" value="keep"`)
	r.inbox.fail(nil)
	idOf(t, b.json("/chat/messages", `{"text":"还在吗","client_id":"x"}`))
}

func TestAnotherSiteCannotPostForAContact(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	for _, h := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"},
	} {
		a := b.do(http.MethodPost, "/chat/messages", "application/x-www-form-urlencoded",
			"text=x", h...)
		assert.Equal(t, http.StatusForbidden, a.StatusCode, "%v", h)
	}
	assert.Empty(t, r.inbox.seen)
}

func TestAForgedTapSaysNothing(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	idOf(t, b.json("/chat/messages", `{"reply":"never-offered","client_id":"x"}`))
	messages, err := r.store.Messages(t.Context(), r.only().ID, 0, 10)
	require.NoError(t, err)
	assert.Empty(t, messages[0].Act)
	assert.Contains(t, b.get("/").body, "（点了一个选项）")
}
