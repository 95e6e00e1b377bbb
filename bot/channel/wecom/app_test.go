package wecom_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

var (
	_ bot.Channel = (*wecom.App)(nil)
	_ bot.Cards   = (*wecom.App)(nil)

	_ bot.MediaSource = (*wecom.App)(nil)
)

const agent = "1000002"

// toMember is a message to a member.
func toMember(member, text string) bot.Outgoing {
	return bot.Outgoing{
		Address: bot.Address{Channel: wecom.AppName, Account: agent, ExternalID: member},
		ID:      "m1", From: bot.FromBot, Text: text,
	}
}

func (w world) decode(t *testing.T, plain []byte) bot.Delivery {
	t.Helper()
	d, err := w.channel.Decode(w.callback(t, plain))
	require.NoError(t, err)
	return d
}

func TestAMembersTextIsAMessageOnTheAppsOwnChannel(t *testing.T) {
	w := newWorld(t, nil)
	plain := w.AppXML("ZhangWei", "text", "Content", "优待证 <怎么> 办？", "MsgId", "1234567890123456")
	d := w.decode(t, plain)
	require.Empty(t, d.Bells)
	require.Equal(t, []bot.Incoming{{
		Address:    bot.Address{Channel: "wecom-app", Account: agent, ExternalID: "ZhangWei"},
		PlatformID: "1234567890123456", Kind: bot.KindText, Text: "优待证 <怎么> 办？",
		At: w.clock.Now(),
	}}, d.Messages)
	assert.Equal(t, d, w.decode(t, plain), "a redelivery has the same id")
}

func TestEveryKindOfAMembersMessageIsTaken(t *testing.T) {
	w := newWorld(t, nil)
	write := func(kind string, fields ...string) bot.Incoming {
		d := w.decode(t, w.AppXML("wang", kind, append(fields, "MsgId", "1")...))
		require.Len(t, d.Messages, 1, kind)
		return d.Messages[0]
	}
	for kind, want := range map[string]bot.Kind{
		"image": bot.KindImage, "voice": bot.KindVoice, "video": bot.KindVideo,
	} {
		m := write(kind, "MediaId", "media-7")
		assert.Equal(t, want, m.Kind)
		assert.Equal(t, &bot.MediaRef{ID: "media-7"}, m.Media)
	}
	place := write("location", "Location_X", "30.2741", "Location_Y", "120.1551", "Label", "市民中心")
	assert.Equal(t, bot.KindLocation, place.Kind)
	assert.Equal(t, &bot.Location{Latitude: 30.2741, Longitude: 120.1551, Name: "市民中心"}, place.Location)
	link := write("link", "Title", "通知", "Description", "关于报到", "Url", "https://gov.example/1")
	assert.Equal(t, "〔链接〕通知 https://gov.example/1", link.Text)
	for kind, fields := range map[string][]string{
		"image": nil, "location": {"Location_X", "north", "Location_Y", "200"}, "a_future_kind": nil,
	} {
		m := write(kind, fields...)
		assert.Equal(t, bot.KindUnknown, m.Kind, kind)
		assert.NotEmpty(t, m.Raw, kind)
	}
}

func TestWhoMayUseTheAppFromNowOnEnters(t *testing.T) {
	w := newWorld(t, nil)
	d := w.decode(t, w.AppXML("wang", "event", "Event", "subscribe"))
	require.Len(t, d.Messages, 1)
	assert.Equal(t, bot.KindEvent, d.Messages[0].Kind)
	assert.NotNil(t, d.Messages[0].Enter)
}

func TestATapOnTheAppsMenuAsksItsKey(t *testing.T) {
	w := newWorld(t, nil)
	plain := w.AppXML("wang", "event", "Event", "click", "EventKey", "一次性退役金怎么领？")
	d := w.decode(t, plain)
	require.Len(t, d.Messages, 1)
	assert.Equal(t, bot.KindText, d.Messages[0].Kind)
	assert.Equal(t, "一次性退役金怎么领？", d.Messages[0].Text)
	other := w.decode(t, w.AppXML("wang", "event", "Event", "click", "EventKey", "转人工"))
	assert.Equal(t, d.Messages[0].PlatformID, w.decode(t, plain).Messages[0].PlatformID)
	assert.NotEqual(t, d.Messages[0].PlatformID, other.Messages[0].PlatformID,
		"two taps within a second are two")
}

func TestEventsWithoutAnActAreAcknowledged(t *testing.T) {
	w := newWorld(t, nil)
	for _, event := range []string{
		"enter_agent", "LOCATION", "view", "template_card_menu_event", "a_future_event", "",
	} {
		d := w.decode(t, w.AppXML("wang", "event", "Event", event, "EventKey", "x"))
		assert.Empty(t, d.Messages, event)
		assert.Empty(t, d.Clicks, event)
	}
	assert.Empty(t, w.decode(t, w.AppXML("wang", "event", "Event", "click", "EventKey", " ")).Messages)
}

func TestWhatAnotherAppIsToldIsNotOurs(t *testing.T) {
	w := newWorld(t, nil)
	plain := strings.ReplaceAll(string(w.AppXML("wang", "text", "Content", "你好", "MsgId", "1")),
		"<AgentID>"+agent, "<AgentID>1000009")
	assert.Empty(t, w.decode(t, []byte(plain)).Messages)
}

func TestAWarningOfTheAppsEndIsAFaultUntilItIsUsed(t *testing.T) {
	w := newWorld(t, nil)
	w.decode(t, w.AppXML("sys", "event", "Event", "inactive_alert"))
	state, reason := w.channel.App().Status()
	assert.Equal(t, "fault", state)
	assert.Contains(t, reason, "可能被停用")
	w.decode(t, w.AppXML("wang", "text", "Content", "你好", "MsgId", "1"))
	state, _ = w.channel.App().Status()
	assert.Equal(t, "ok", state)
}

func TestAnAnswerReachesTheMemberWithItsSourcesAndChoices(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	o := toMember("wang", "可以申请。")
	o.Sources = []bot.Source{{Title: "《退役军人安置条例》", Article: "第二十二条"}}
	_, err := w.channel.App().Send(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, []string{"可以申请。\n\n依据：《退役军人安置条例》第二十二条"}, wang.Texts())
}

func TestChoicesAreButtonsWhoseTapComesBack(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	o := toMember("wang", "您可以直接点：")
	o.Choices = []bot.Choice{{ID: "c17", Text: "要带什么？"}, {ID: "c18", Text: "转人工"}}
	_, err := w.channel.App().Send(t.Context(), o)
	require.NoError(t, err)
	card := wang.Cards()[0]
	assert.Equal(t, "您可以直接点：", card.Text)
	require.Len(t, card.Buttons, 2)
	d := w.decode(t, w.AppXML("wang", "event", "Event", "template_card_event", "EventKey",
		card.Buttons[1].Key, "TaskId", card.Task, "ResponseCode", "r1"))
	require.Empty(t, d.Clicks)
	require.Len(t, d.Messages, 1)
	assert.Equal(t, bot.KindTap, d.Messages[0].Kind)
	assert.Equal(t, "c18", d.Messages[0].ChoiceID)
}

func TestWordsTooLongForACardAreSentWhole(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	o := toMember("wang", strings.Repeat("您还在排队。", 40))
	o.Choices = []bot.Choice{{ID: "c17", Text: "取消排队"}}
	_, err := w.channel.App().Send(t.Context(), o)
	require.NoError(t, err)
	assert.Empty(t, wang.Cards())
	assert.Equal(t, []string{o.Text + "\n·取消排队"}, wang.Texts())
}

func TestAMenuThatIsRefusedIsSentAsWords(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	o := toMember("wang", "您可以直接点：")
	o.ID = "not a task"
	o.Choices = []bot.Choice{{ID: "c17", Text: "要带什么？"}}
	_, err := w.channel.App().Send(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, []string{"您可以直接点：\n·要带什么？"}, wang.Texts())
}

func TestALongAnswerIsCutIntoPartsThatArriveWhole(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	text := strings.Repeat("退役军人的事我们来办。", 150)
	choices := []bot.Choice{{ID: "x1", Text: strings.Repeat("问", 42)}, {ID: "x2", Text: "转人工"}}
	parts := w.channel.App().Parts(bot.Reply{Text: text, Choices: choices})
	for n, part := range parts {
		o := toMember("wang", part.Text)
		o.ID = fmt.Sprint("m", n)
		o.Choices = part.Choices
		_, err := w.channel.App().Send(t.Context(), o)
		require.NoError(t, err)
	}
	assert.Equal(t, text, strings.Join(wang.Texts(), ""))
	require.Len(t, wang.Cards(), 1)
	assert.Equal(t, "转人工", wang.Cards()[0].Buttons[1].Text)
}

func TestAMemberWhoIsNotReachedIsRefusedForGood(t *testing.T) {
	w := newWorld(t, nil)
	_, err := w.channel.App().Send(t.Context(), toMember("nobody", "您好"))
	assert.Equal(t, bot.ClassPermanent, classOf(t, err))
	assert.NotContains(t, err.Error(), "nobody")
}

func TestAnUnclearSendToAMemberHasNoKeyToRepeatItWith(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	w.Fault("/cgi-bin/message/send", wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	_, err := w.channel.App().Send(t.Context(), toMember("wang", "您好"))
	assert.Equal(t, bot.ClassUnclear, classOf(t, err))
	assert.False(t, w.channel.App().Keyed())
	assert.Len(t, wang.Texts(), 1)
}

// What the platform would drop without a word is kept back until there is room.
func TestAMembersLimitIsWaitedForAndNothingIsDropped(t *testing.T) {
	w := newWorld(t, nil)
	wang := w.Member("wang")
	app := w.channel.App()
	for n := range 30 {
		_, err := app.Send(t.Context(), toMember("wang", fmt.Sprint("第", n)))
		require.NoError(t, err)
	}
	_, err := app.Send(t.Context(), toMember("wang", "第三十一"))
	e, ok := errors.AsType[*bot.SendError](err)
	require.True(t, ok)
	assert.Equal(t, bot.ClassRetry, e.Class)
	assert.Equal(t, time.Minute, e.After)
	w.clock.Add(e.After)
	_, err = app.Send(t.Context(), toMember("wang", "第三十一"))
	require.NoError(t, err)
	assert.Len(t, wang.Texts(), 31)
	all, err := w.WaitApp(t.Context(), 31)
	require.NoError(t, err)
	for _, m := range all {
		assert.Empty(t, m.Dropped)
	}
	for range 1000 - 31 {
		w.clock.Add(3 * time.Second)
		_, err = app.Send(t.Context(), toMember("wang", "又一条"))
		require.NoError(t, err)
	}
	w.clock.Add(3 * time.Second)
	_, err = app.Send(t.Context(), toMember("wang", "第一千零一"))
	require.Equal(t, bot.ClassRetry, classOf(t, err))
}
