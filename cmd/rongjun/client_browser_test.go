package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/handlers/pagetest"
)

func TestTheConsoleOnlyReadsWhatTheClientHasUntilItTakesItBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	zhang := h.AddReceptionist(testAccount, "zhang")
	li, id := h.greeted("li")
	wang := chromium.Tab(t, wide)
	h.signIn(t, wang, "wang")
	there := func(selector string) bool {
		var found bool
		pagetest.Do(t, wang, chromedp.Evaluate(`document.querySelector('`+selector+`') !== null`, &found))
		return found
	}

	pagetest.Do(t, wang, chromedp.Navigate(fmt.Sprintf("%s/desk/conversations/%d", h.URL(), id)),
		pagetest.Click("#takeover button"), chromedp.WaitVisible("#text"),
		pagetest.Click(`form[action$="/client"] button`))
	h.stands(id, "with the client", func(c bot.Conversation) bool { return c.Client })
	zhang.PickUp(testAccount, li.Customer)
	pagetest.Do(t, wang, pagetest.Shows(".charge", "zhang 在企业微信里接待"), pagetest.Shows(".readonly", "收回来以后才能在这里回复"))
	zhang.Say(testAccount, li.Customer, "您请说")
	pagetest.Do(t, wang, pagetest.Shows(`.line[data-from="staff"] .text`, "您请说"), pagetest.Shows(`.line[data-from="staff"] .who`, "zhang"))
	assert.False(t, there("#text"), "nothing can be written here")
	assert.False(t, there("#takeover"), "nor taken over while the client has it")
	pagetest.Picture(t, wang, "desk-client")

	pagetest.Do(t, wang, pagetest.Click(`form[action$="/takeback"] button`), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "还是我来"), pagetest.Click("#say .strong"),
		pagetest.Shows(`.line[data-from="staff"] .status`, "等对方再来消息时送出"))
	li.Say(testAccount, "好的")
	li.hear("还是我来")
}
