package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
)

func TestAQuestionOfAHundredKilobytesIsTakenOrRefusedAndHarmsNobody(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	huge := strings.Repeat("优待证怎么办理？", 100<<10/len("优待证怎么办理？")+1)
	v := newVisitor(t, p.URL())
	assert.Equal(t, http.StatusRequestEntityTooLarge, v.post(huge, "huge").status)
	form := v.submit("/chat/messages", url.Values{"text": {huge}})
	assert.Equal(t, http.StatusRequestEntityTooLarge, form.status)
	assert.Contains(t, form.body, "内容太长")

	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, huge)
	li.hear("优待证")
	c, err := p.store.ConversationOf(t.Context(), bot.Address{
		Channel: wecom.Name, Account: testAccount, ExternalID: "li",
	})
	require.NoError(t, err)
	stored, err := p.store.Messages(t.Context(), c.ID, 0, 1000)
	require.NoError(t, err)
	assert.Len(t, []rune(stored[0].Text), bot.MaxText)
	v.say("优待证怎么办理？")
	v.watch("").next("bot")
}

func TestAnEmptyMessageIsRefusedOnThePageAndDoesNotStopAContact(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	v := newVisitor(t, p.URL())
	for _, nothing := range []string{"", " \n\t", "\x00\x01", "\u202e\ufeff", "\u200b"} {
		assert.Equal(t, http.StatusBadRequest, v.post(nothing, "e").status, "%q", nothing)
	}
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "")
	li.SendRaw(testAccount, map[string]any{"msgtype": "text"})
	li.SendRaw(testAccount, map[string]any{"msgtype": "text", "text": "not an object"})
	li.SendRaw(testAccount, map[string]any{"msgtype": "hologram", "hologram": map[string]any{"x": 1}})
	li.Say(testAccount, "优待证怎么办理？")
	li.hear("优待证")
}

// strange is what nobody writes by accident.
const strange = "<script>alert(1)</script> \u202e<img src=x onerror=alert(2)>\x00\x07 {{.}} & ' \" 优待证怎么办理？"

func TestMarkupAndControlCharactersAreShownAsText(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	v := newVisitor(t, p.URL())
	page := v.watch("")
	v.say(strange)
	shown := page.next("contact").Text
	assert.Contains(t, shown, "<script>alert(1)</script>", "as it was written")
	page.next("bot")
	li := &customer{Customer: srv.Customer(`<b onclick="x()">li</b>`), t: t}
	li.SetName("<i>李</i>\u202e")
	li.Say(testAccount, strange)
	li.hear("优待证")

	desk := newVisitor(t, p.URL())
	require.NoError(t, p.accounts.Add(t.Context(), wang))
	require.Equal(t, "/desk", desk.signIn(wang.Name, wang.Password).header.Get("Location"))
	for i, got := range []reply{
		v.get("/"), desk.get("/desk"), desk.get("/desk/conversations/1"),
		desk.get("/desk/conversations/2"),
	} {
		require.Equal(t, http.StatusOK, got.status)
		for _, live := range []string{"<script>alert", "<img src=x", "<b onclick", "<i>李", "\u202e", "\x07", "\x00"} {
			assert.False(t, strings.Contains(got.body, live), "%q stands in page %d", live, i)
		}
		assert.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'")
	}
	assert.Contains(t, v.get("/").body, "&lt;script&gt;alert(1)&lt;/script&gt;")
}
