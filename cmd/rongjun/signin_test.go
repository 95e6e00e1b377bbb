package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// A card leads a member of staff, who has never typed a password here, to the conversation.
func TestFromTheCardOverTheSignInToTheConversation(t *testing.T) {
	t.Parallel()
	srv, p, members := noticed(t, "wang")
	srv.Customer("zhang").Say(testAccount, "转人工")
	card, err := members["wang"].WaitCard(soon(t), 1, anyCard)
	require.NoError(t, err)
	phone := tab(t, 390, 844)
	do(t, phone, chromedp.Navigate(card.Link), shows(".button.other", "企业微信扫码登录"),
		chromedp.Click(".button.other"), shows("a", "u-wang"))
	picture(t, phone, "wecom-signin")
	do(t, phone, chromedp.Click(fmt.Sprintf(`//a[text()="%s"]`, "u-wang")),
		shows("#open .line", "转人工"), shows(".me", "wang"))

	srv.SignInAs(wecomtest.Visitor{External: "wmZhang"})
	outsider := tab(t, 390, 844)
	do(t, outsider, chromedp.Navigate(p.URL()+"/desk/wecom"),
		shows(".notice", "这里只供本单位的企业微信成员登录"))
}
