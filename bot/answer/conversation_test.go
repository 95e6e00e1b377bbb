package answer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func reply(t *testing.T, turn bot.Turn) bot.Answer {
	t.Helper()
	got, err := newWorld(t).answerer(t, true, nil).Answer(context.Background(), turn)
	require.NoError(t, err)
	return got
}

func tap(act string) bot.Turn {
	turn := turnOf("点了一下")
	turn.Messages[0].Kind, turn.Messages[0].Act = bot.KindTap, act
	return turn
}

func TestTheFirstReplySaysThatItIsAutomatic(t *testing.T) {
	turn := turnOf("优待证丢了怎么办")
	turn.Conversation.Introduced = false
	first := reply(t, turn).Reply.Text
	assert.True(t, strings.HasPrefix(first, "您好，我是自动回复的助手"), first)
	assert.Contains(t, first, "人工")
	assert.NotContains(t, reply(t, turnOf("优待证丢了怎么办")).Reply.Text, "自动回复")
}

func TestDistressIsAnsweredWithHelpFirstAndAPersonAtOnce(t *testing.T) {
	turn := turnOf("我不想活了，我走了家里能领多少抚恤金")
	turn.Conversation.Introduced = false
	got := reply(t, turn)
	assert.Equal(t, bot.DecideCrisis, got.Decision)
	assert.Equal(t, bot.EventHandover, got.Event.Kind)
	text := got.Reply.Text
	first := strings.Index(text, "110")
	require.Positive(t, first)
	assert.Greater(t, strings.Index(text, "120"), first)
	assert.Greater(t, strings.Index(text, "12356"), strings.Index(text, "120"))
	assert.Empty(t, got.Reply.Sources)
	assert.NotContains(t, text, "抚恤金")
}

func TestTheReceiptOfAHandoverSaysWhatIsTrueOfTheWait(t *testing.T) {
	for name, c := range map[string]struct {
		queue bot.Queue
		has   string
	}{
		"first":           {bot.Queue{OnDuty: 1}, "第一位"},
		"behind others":   {bot.Queue{OnDuty: 2, Ahead: 3}, "前面还有3位"},
		"nobody there":    {bot.Queue{}, "没有工作人员在岗"},
		"nobody and wait": {bot.Queue{Ahead: 4}, "前面还有4位"},
	} {
		t.Run(name, func(t *testing.T) {
			turn := turnOf("转人工")
			turn.Queue = c.queue
			got := reply(t, turn)
			assert.Contains(t, got.Reply.Text, c.has)
			assert.Equal(t, bot.EventHandover, got.Event.Kind)
			assert.Equal(t, now, got.Event.At)
			assert.Equal(t, []bot.Choice{{Text: "取消排队，继续问", Act: "cancel"}}, got.Reply.Choices)
		})
	}
}

func TestWhoWaitsForAPersonIsNotAnsweredExceptInDistress(t *testing.T) {
	queued := func(turn bot.Turn) bot.Turn {
		turn.Conversation.State = bot.StateQueued
		return turn
	}
	silent := reply(t, queued(turnOf("优待证丢了怎么办")))
	assert.Empty(t, silent.Reply.Text)
	assert.Equal(t, bot.EventNone, silent.Event.Kind)
	assert.Empty(t, reply(t, queued(turnOf("转人工"))).Reply.Text)

	crisis := reply(t, queued(turnOf("我真的撑不下去了")))
	assert.Equal(t, bot.DecideCrisis, crisis.Decision)
	assert.Contains(t, crisis.Reply.Text, "12356")

	back := reply(t, queued(tap("cancel")))
	assert.Equal(t, bot.EventWithdraw, back.Event.Kind)
	assert.Contains(t, back.Reply.Text, "取消排队")
}

func TestATapDoesWhatItsChoiceMeans(t *testing.T) {
	entry := reply(t, tap("entry:card-lost"))
	assert.Equal(t, bot.DecideAnswer, entry.Decision)
	assert.Contains(t, entry.Reply.Text, "挂失")
	assert.NotEmpty(t, entry.Reply.Sources)

	assert.Equal(t, bot.EventHandover, reply(t, tap("handover")).Event.Kind)
	for _, act := range []string{"", "entry:no-such-entry", "drop table"} {
		got := reply(t, tap(act))
		assert.Equal(t, bot.DecideAsk, got.Decision, act)
		assert.Contains(t, got.Reply.Text, "过时")
		assert.Equal(t, bot.EventNone, got.Event.Kind)
	}
}

func TestALateAnswerSaysSorryAndAVeryLateOneGoesToStaff(t *testing.T) {
	turn := turnOf("优待证丢了怎么办")
	turn.Messages[0].At = now.Add(-2 * time.Hour)
	assert.Contains(t, reply(t, turn).Reply.Text, "久等")
	turn.Messages[0].At = now.Add(-48 * time.Hour)
	got := reply(t, turn)
	assert.Equal(t, bot.DecideHandover, got.Decision)
	assert.Equal(t, bot.EventHandover, got.Event.Kind)
}

func TestAPictureIsAnsweredPolitely(t *testing.T) {
	turn := turnOf("")
	turn.Messages[0].Kind = bot.KindUnknown
	got := reply(t, turn)
	assert.Equal(t, bot.DecideAsk, got.Decision)
	assert.Contains(t, got.Reply.Text, "只能看文字")
}

func TestFragmentsAreReadAsOneQuestion(t *testing.T) {
	turn := turnOf("退伍回来")
	turn.Messages = append(turn.Messages, bot.Message{
		From: bot.FromContact, Kind: bot.KindText, Text: "优待证丢了怎么补", At: now,
	})
	got := reply(t, turn)
	assert.Contains(t, got.Reply.Text, "挂失")
}

func TestUrgentIsAPersonOrDistress(t *testing.T) {
	a := newWorld(t).answerer(t, false, nil)
	for _, said := range []string{"人工", "轉人工", "不想活了", "叫你们领导来", "药我都备好了，撑不住了"} {
		assert.True(t, a.Urgent(said), said)
	}
	for _, said := range []string{"", "你好", "优待证怎么办", "人工耳蜗能报吗", "急死我了退役金怎么算"} {
		assert.False(t, a.Urgent(said), said)
	}
}

func TestAHugeQuestionIsAnswered(t *testing.T) {
	story := strings.Repeat("我当年在部队里干了好多年，吃了不少苦。", 200)
	got := reply(t, turnOf(story+"优待证丢了怎么补？"))
	assert.NotEqual(t, bot.DecideError, got.Decision)
	assert.NotEmpty(t, got.Reply.Text)
}
