package wecom_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

func aCard(task string, to ...string) bot.Card {
	return bot.Card{
		Task: task, To: to, Title: "有人在等工作人员", Reason: "想和工作人员说话",
		Quote: "我的补助什么时候发", Rows: []bot.CardRow{{Name: "来自", Value: "微信客服"}},
		Link: "https://desk.example/desk/conversations/7",
	}
}

func TestACardIsShownTappedAndChanged(t *testing.T) {
	w := newWorld(t, nil)
	wang, li := w.Member("wang"), w.Member("li")
	app := w.channel.App()
	shown, err := app.Show(t.Context(), aCard("task1", "wang", "li", "nobody"))
	require.NoError(t, err)
	assert.Equal(t, 1, shown.Missed)
	card := li.Cards()[0]
	assert.Equal(t, "我的补助什么时候发", card.Quote)
	assert.Equal(t, "https://desk.example/desk/conversations/7", card.Link)
	assert.Equal(t, []wecomtest.CardRow{{Name: "来自", Value: "微信客服"}}, card.Rows)
	require.Len(t, card.Buttons, 2)

	d := w.decode(t, w.AppXML("wang", "event", "Event", "template_card_event", "EventKey",
		card.Buttons[0].Key, "TaskId", "task1", "CardType", "button_interaction", "ResponseCode", "r1"))
	require.Empty(t, d.Messages)
	require.Len(t, d.Clicks, 1)
	click := d.Clicks[0]
	assert.Equal(t, bot.Click{
		ID: click.ID, Task: "task1", By: "wang", Act: bot.CardTakeover, Code: "r1", At: w.clock.Now(),
	}, click)

	require.NoError(t, app.Change(t.Context(), bot.CardChange{Code: shown.Code, Words: "已由王接手"}))
	assert.Equal(t, "已由王接手", wang.Cards()[0].Replaced)
	assert.Equal(t, "已由王接手", li.Cards()[0].Replaced)
	err = app.Change(t.Context(), bot.CardChange{Code: shown.Code, Words: "又一次"})
	require.ErrorIs(t, err, bot.ErrCardCode)
}

func TestACardThatWasShownIsNotShownAgain(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	w.Fault("/cgi-bin/message/send", wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	_, err := w.channel.App().Show(t.Context(), aCard("task1", "wang"))
	require.Equal(t, bot.ClassUnclear, classOf(t, err))
	again := aCard("task1", "wang")
	again.Repeat = true
	_, err = w.channel.App().Show(t.Context(), again)
	require.ErrorIs(t, err, bot.ErrCardShown)
	assert.Len(t, wang.Cards(), 1)
	again.Task = "task 2"
	again.Repeat = false
	_, err = w.channel.App().Show(t.Context(), again)
	require.Equal(t, bot.ClassPermanent, classOf(t, err), "the card itself is wrong")
}

func TestThePlatformVouchesForMembersOnly(t *testing.T) {
	w := newWorld(t, nil)
	app := w.channel.App()
	code := w.LoginCode(wecomtest.Visitor{Member: "wang"})
	who, err := app.Member(t.Context(), code)
	require.NoError(t, err)
	assert.Equal(t, "wang", who)
	_, err = app.Member(t.Context(), code)
	require.ErrorIs(t, err, bot.ErrSignInCode, "a code is good once")
	assert.NotContains(t, err.Error(), code)
	for _, outsider := range []wecomtest.Visitor{{External: "wmLi"}, {}} {
		_, err = app.Member(t.Context(), w.LoginCode(outsider))
		require.ErrorIs(t, err, bot.ErrOutsider)
	}
	w.Fault("/cgi-bin/auth/getuserinfo", wecomtest.Fault{Status: 500, Times: 1})
	_, err = app.Member(t.Context(), code)
	require.Error(t, err)
	assert.NotErrorIs(t, err, bot.ErrSignInCode)
}

func TestTheSignInPagesAreThePlatformsOwnUnlessAnotherServerStandsIn(t *testing.T) {
	w := newWorld(t, func(o *wecom.Options) { o.APIBase = "https://qyapi.weixin.qq.com" })
	const back = "https://desk.example/desk/wecom/return"
	scan := w.channel.App().SignInPage(back, "s1", false)
	assert.True(t, strings.HasPrefix(scan, "https://login.work.weixin.qq.com/wwlogin/sso/login?"), scan)
	for _, want := range []string{
		"login_type=CorpApp", "agentid=" + agent, "state=s1",
		"redirect_uri=https%3A%2F%2Fdesk.example%2Fdesk%2Fwecom%2Freturn",
	} {
		assert.Contains(t, scan, want)
	}
	inside := w.channel.App().SignInPage(back, "s1", true)
	assert.True(t, strings.HasPrefix(inside, "https://open.weixin.qq.com/connect/oauth2/authorize?"), inside)
	assert.True(t, strings.HasSuffix(inside, "#wechat_redirect"))
	standIn := newWorld(t, nil)
	assert.True(t, strings.HasPrefix(
		standIn.channel.App().SignInPage(back, "s1", false), standIn.URL()+"/wwlogin/"))
}
