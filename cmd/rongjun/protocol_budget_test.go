package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

const sendPath = "/cgi-bin/kf/send_msg"

// hall is a program with a stand-in platform, on a clock of the test's.
type hall struct {
	*Program
	*wecomtest.Server
	t     *testing.T
	clock *leaping
	log   *lines
}

func newHall(t *testing.T, c wecomtest.Config, change ...func(*config.Config)) *hall {
	t.Helper()
	clock := &leaping{}
	c.Now = clock.now
	h := &hall{
		t: t, clock: clock, Server: platform(t, c), log: &lines{come: make(chan struct{})},
	}
	s := settings(t, onPlatform(h.Server))
	for _, f := range change {
		f(&s)
	}
	h.Program, _ = runningAs(t, Options{
		Settings: s, Log: slog.New(slog.NewTextHandler(h.log, nil)), Now: clock.now,
	})
	awaitFirstPull(t, h.Program)
	h.SetCallback(h.URL() + "/callback/wecom")
	return h
}

func (h *hall) customer(name string) *customer {
	return &customer{Customer: h.Customer(name), t: h.t}
}

// greeted is a contact who has written and been answered by the bot.
func (h *hall) greeted(name string) (*customer, int64) {
	h.t.Helper()
	c := h.customer(name)
	c.Say(testAccount, "您好")
	c.hear("")
	return c, h.awaitConversation(h.t, name)
}

// taken is a contact who has written and is in a person's charge.
func (h *hall) taken(name, staff string) (*customer, int64) {
	h.t.Helper()
	c, id := h.greeted(name)
	_, err := h.desk.Takeover(h.t.Context(), id, staff)
	require.NoError(h.t, err)
	return c, id
}

func (h *hall) say(id int64, staff, text string) {
	h.t.Helper()
	_, err := h.desk.Say(h.t.Context(), id, staff, bot.Said{Text: text, ClientID: text})
	require.NoError(h.t, err)
}

// message waits until a message of ours has the state, and returns it.
func (h *hall) message(id int64, text string, state bot.MessageState) bot.Message {
	h.t.Helper()
	var found bot.Message
	require.Eventually(h.t, func() bool {
		all, err := h.store.Messages(h.t.Context(), id, 0, 1000)
		require.NoError(h.t, err)
		for _, m := range all {
			if strings.Contains(m.Text, text) && m.State == state {
				found = m
				return true
			}
		}
		return false
	}, patience, 5*time.Millisecond, "%q never became %s", text, state)
	return found
}

func (h *hall) conversation(id int64) bot.Conversation {
	h.t.Helper()
	c, err := h.store.Conversation(h.t.Context(), id)
	require.NoError(h.t, err)
	return c
}

func TestCase24_ALongAnswerIsAtMostFourMessagesCutAtSentences(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	li, id := h.taken("li", "wang")
	var long strings.Builder
	for i := 0; long.Len() < 6000; i++ {
		fmt.Fprintf(&long, "第%d条：符合条件的退役军人😀可以到户籍地的服务站申请。", i)
	}
	before := len(li.Received())
	h.say(id, "wang", long.String())
	got, err := li.Wait(t.Context(), before+4)
	require.NoError(t, err)
	var all strings.Builder
	for _, m := range got[before:] {
		assert.LessOrEqual(t, len(m.Text), 2048)
		assert.False(t, m.Cut)
		assert.True(t, strings.HasSuffix(m.Text, "。"), "cut inside a sentence: …%s", m.Text[len(m.Text)-9:])
		all.WriteString(m.Text)
	}
	assert.Equal(t, long.String(), all.String())

	_, err = h.desk.Say(t.Context(), id, "wang", bot.Said{
		Text: strings.Repeat(long.String(), 2), ClientID: "too long",
	})
	require.ErrorIs(t, err, bot.ErrTooLong, "refused rather than cut")

	parts := h.channels[wecom.Name].Parts(bot.Reply{
		Text: long.String(), Choices: []bot.Choice{{ID: "1", Text: "转人工"}},
	})
	assert.LessOrEqual(t, len(parts), 4)
	budget := h.channels[wecom.Name].(bot.Budgeted).Budget()
	now := h.clock.now()
	assert.Equal(t, 4, budget.Left(bot.Spent{From: now}, bot.FromBot, now), "one is kept for a person")
}

func TestCase25_WhatThePlatformRefusesForTheBudgetIsParkedAndGoesFirstNextTime(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	li, id := h.taken("li", "wang")
	h.Fault(sendPath, wecomtest.Fault{Code: 95001, Skip: 2, Times: 1})
	for _, text := range []string{"第一句", "第二句", "第三句", "第四句"} {
		h.say(id, "wang", text)
	}
	li.hear("第二句")
	h.message(id, "第三句", bot.MessageParked)
	h.say(id, "wang", "第五句")
	for _, text := range []string{"第四句", "第五句"} {
		m := h.message(id, text, bot.MessageParked)
		assert.Equal(t, "等对方再来消息时送出", m.Note, "staff are told")
	}
	assert.True(t, h.conversation(id).Spent.Closed)
	begun := len(h.SendsBegun())

	li.Say(testAccount, "还在吗")
	words := li.hear("第四句")
	assert.Regexp(t, `^（[0-9]+月[0-9]+日[0-9:]+没能送出的回复）\n第三句\n\n第四句\n\n第五句\n$`, words, "joined, and says from when")
	require.Len(t, h.SendsBegun(), begun+1, "nothing was tried blindly")
	h.message(id, "第四句", bot.MessageSent)
	assert.Equal(t, 1, h.conversation(id).Spent.Sent, "it counts towards the five")
}

func TestCase25_OurOwnCountKeepsWithinFiveAndOneForAPerson(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	li, id := h.taken("li", "wang")
	sent := h.conversation(id).Spent.Sent
	for i := range 7 {
		h.say(id, "wang", fmt.Sprintf("第%d句。", i))
	}
	li.hear(fmt.Sprintf("第%d句", 4-sent))
	h.message(id, fmt.Sprintf("第%d句", 5-sent), bot.MessageParked)
	h.message(id, "第6句", bot.MessageParked)
	assert.Equal(t, 5, h.conversation(id).Spent.Sent)
	assert.Len(t, h.SendsBegun(), 5, "the platform was not even asked")

	li.Say(testAccount, "好的")
	li.hear("第6句")
}

func TestCase25_NothingIsTriedAfterFortyEightHoursAndStaffAreWarnedBefore(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	li, id := h.taken("li", "wang")
	h.clock.leap(23 * time.Hour)
	h.say(id, "wang", "还在办") // or the conversation would close for want of a word
	li.hear("还在办")
	h.clock.leap(23 * time.Hour)
	h.hub.Changed(bot.EveryConversation)
	require.Eventually(t, func() bool {
		return strings.Contains(h.conversation(id).Reason, "小时内不回复就发不出去了")
	}, patience, 10*time.Millisecond, "staff are warned while there is time")
	c := h.conversation(id)
	assert.Contains(t, h.budgets()[wecom.Name].Words(c.Spent, h.clock.now()), "还剩 1 小时")

	h.say(id, "wang", "快了") // for the same reason
	li.hear("快了")
	h.clock.leap(115 * time.Minute)
	begun := len(h.SendsBegun())
	h.say(id, "wang", "材料批下来了")
	h.message(id, "材料批下来了", bot.MessageParked)
	assert.Len(t, h.SendsBegun(), begun)
	li.Say(testAccount, "请问好了吗")
	assert.Contains(t, li.hear("材料批下来了"), "没能送出的回复")
}
