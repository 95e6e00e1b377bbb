package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/handlers/pagetest"
)

// A card leads a member of staff, who has never typed a password here, to the conversation.
func TestFromTheCardOverTheSignInToTheConversation(t *testing.T) {
	t.Parallel()
	srv, p, members := noticed(t, "wang")
	srv.Customer("zhang").Say(testAccount, "转人工")
	card, err := members["wang"].WaitCard(soon(t), 1, anyCard)
	require.NoError(t, err)
	member := chromium.Tab(t, phone)
	pagetest.Do(t, member, chromedp.Navigate(card.Link), pagetest.Shows(".button.other", "企业微信扫码登录"),
		pagetest.Click(".button.other"), pagetest.Shows("a", "u-wang"))
	pagetest.Picture(t, member, "wecom-signin")
	pagetest.Do(t, member, pagetest.Click("a"),
		pagetest.Shows("#open .line", "转人工"), pagetest.Shows(".me", "wang"))

	srv.SignInAs(wecomtest.Visitor{External: "wmZhang"})
	outsider := chromium.Tab(t, phone)
	pagetest.Do(t, outsider, chromedp.Navigate(p.URL()+"/desk/wecom"),
		pagetest.Shows(".notice", "这里只供本单位的企业微信成员登录"))
}
