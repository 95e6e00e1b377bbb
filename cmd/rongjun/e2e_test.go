package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/staff"
	"rongjun/handlers/pagetest"
)

const deskPassword = "goodnight-moon-2026"

// signIn brings the tab to the desk as a member of staff.
func (p *Program) signIn(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	require.NoError(t, p.accounts.Add(t.Context(), staff.NewMember{
		Name: name, Role: staff.Staff, Password: deskPassword,
	}))
	pagetest.Do(t, ctx, chromedp.Navigate(p.URL()+"/desk"), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", name), chromedp.SendKeys("#password", deskPassword),
		pagetest.Click("button.button"), pagetest.Shows(".me", name))
}

// customer is a contact on the stand-in platform who reads what comes.
type customer struct {
	*wecomtest.Customer
	t    *testing.T
	read int
}

// hear waits for a message with the text and returns all that came up to it.
func (c *customer) hear(text string) string {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	var heard strings.Builder
	for {
		all, err := c.Wait(ctx, c.read+1)
		require.NoError(c.t, err, "%q was never heard, only %q", text, heard.String())
		for ; c.read < len(all); c.read++ {
			heard.WriteString(all[c.read].Text + "\n")
			if strings.Contains(all[c.read].Text, text) {
				c.read++
				return heard.String()
			}
		}
	}
}

func TestFromTheFirstQuestionToThePersonAndBack(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	li := &customer{Customer: srv.Customer("li"), t: t}

	li.Say(testAccount, "退伍回来多久能安排上工作？")
	first := li.hear("《退役军人安置条例》第三十一条（2024年9月1日起施行）")
	assert.Contains(t, first, "自动回复", "the first reply says what answers")
	assert.Contains(t, first, "6个月")
	li.Say(testAccount, "三等功的退役金多发多少？")
	second := li.hear("《退役军人安置条例》第二十二条")
	assert.Contains(t, second, "5%")
	assert.NotContains(t, second, "自动回复", "the introduction is made once")
	li.Say(testAccount, "大学读一半去当兵，退役后还能回去读吗？")
	li.hear("第三十五条")

	desk := chromium.Tab(t, wide)
	p.signIn(t, desk, "wang")
	li.Say(testAccount, "转人工")
	li.hear("工作人员")
	pagetest.Do(t, desk, pagetest.Shows("#queue .item", "转人工"), pagetest.Click("#queue .item"),
		chromedp.WaitVisible("#takeover button"))
	pagetest.Do(t, desk, pagetest.Shows("#lines .sources", "第三十一条"))
	pagetest.Picture(t, desk, "desk")
	pagetest.Do(t, desk, pagetest.Click("#takeover button"), pagetest.Shows("#composer button", "发送"))

	before := len(srv.SendsBegun())
	li.Say(testAccount, "退役金会不会交税？")
	pagetest.Do(t, desk, pagetest.Shows("#lines .text", "会不会交税"),
		chromedp.SendKeys("#text", "我是小王，我帮您查一下"), pagetest.Click("#say button"))
	li.hear("我是小王，我帮您查一下")
	assert.Len(t, srv.SendsBegun(), before+1, "the bot began no message while a person was in charge")

	pagetest.Do(t, desk, pagetest.Click(`form[action$="/release"] button`), pagetest.Shows(".charge", "自动"))
	li.Say(testAccount, "军人坐火车有什么优待？")
	again := li.hear("《")
	assert.NotContains(t, again, "交税", "what the person dealt with is not answered afterwards")
	c, err := p.store.ConversationOf(t.Context(), bot.Address{
		Channel: wecom.Name, Account: testAccount, ExternalID: "li",
	})
	require.NoError(t, err)
	assert.Equal(t, bot.StateBot, c.State)
}

func TestOfTwoStaffOneWinsAndTheOtherIsToldWho(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	li := &customer{Customer: srv.Customer("li"), t: t}
	wang, zhao := chromium.Tab(t, wide), chromium.Tab(t, wide)
	p.signIn(t, wang, "wang")
	p.signIn(t, zhao, "zhao")
	li.Say(testAccount, "转人工")
	li.hear("工作人员")
	for _, desk := range []context.Context{wang, zhao} {
		pagetest.Do(t, desk, pagetest.Shows("#queue .item", "转人工"), pagetest.Click("#queue .item"),
			chromedp.WaitVisible("#takeover button"))
	}
	pagetest.Do(t, wang, pagetest.Click("#takeover button"), pagetest.Shows("#composer button", "发送"))
	pagetest.Do(t, zhao, pagetest.Shows("#open", "wang 正在接待"))
}

func TestTheWebChatAnswersInABrowser(t *testing.T) {
	t.Parallel()
	p, _ := running(t, settings(t, nil))
	page := chromium.Tab(t, phone)
	pagetest.Do(t, page, chromedp.Navigate(p.URL()+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "退伍回来多久能安排上工作？"),
		pagetest.Click("button.send"), pagetest.Shows("main", "第三十一条"))
	pagetest.Do(t, page, emulation.SetDeviceMetricsOverride(390, 1200, 1.5, true),
		chromedp.Evaluate(`window.scrollTo(0, document.documentElement.scrollHeight)`, nil))
	pagetest.Picture(t, page, "chat")
	var sample bool
	pagetest.Do(t, page, chromedp.SendKeys("#text", "最近的服务站在哪？"),
		pagetest.Click("button.send"), pagetest.Shows("main", "样例"),
		chromedp.Evaluate(`document.body.textContent.includes('样例记录')`, &sample))
	assert.True(t, sample, "an answer from sample data says so")
}
