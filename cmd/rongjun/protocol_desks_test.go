package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
)

// stands waits until a conversation stands as the test says.
func (h *hall) stands(id int64, how string, want func(bot.Conversation) bool) bot.Conversation {
	h.t.Helper()
	require.Eventually(h.t, func() bool { return want(h.conversation(id)) }, patience,
		5*time.Millisecond, "never %s: %+v", how, h.conversation(id))
	return h.conversation(id)
}

func inClientOf(staff string) func(bot.Conversation) bool {
	return func(c bot.Conversation) bool {
		return c.Client && c.State == bot.StateStaff && c.Staff == staff
	}
}

func isState(s bot.State) func(bot.Conversation) bool {
	return func(c bot.Conversation) bool { return !c.Client && c.State == s }
}

// twoDesks is a hall in which zhang receives in the WeCom client beside our desk, and li has been
// answered by the bot.
type twoDesks struct {
	*hall
	zhang *wecomtest.Receptionist
	li    *customer
	id    int64 // of li's conversation
}

func newTwoDesks(t *testing.T) *twoDesks {
	t.Helper()
	h := newHall(t, wecomtest.Config{})
	d := &twoDesks{hall: h, zhang: h.AddReceptionist(testAccount, "zhang")}
	d.li, d.id = h.greeted("li")
	return d
}

// pickUp lets zhang take li's session, and end it lets it end; each returns when the program has seen it.
func (d *twoDesks) pickUp() {
	d.t.Helper()
	d.zhang.PickUp(testAccount, d.li.Customer)
	d.stands(d.id, "in the client", inClientOf("zhang"))
}

func (d *twoDesks) end() {
	d.t.Helper()
	d.zhang.End(testAccount, d.li.Customer)
	d.stands(d.id, "closed", isState(bot.StateClosed))
}

func TestCase27_ALateFailureIsShownWithItsReasonCallsAPersonAndSendsNothingAgain(t *testing.T) {
	t.Parallel()
	for failType, reason := range map[int]string{
		10: "客户拒收", 4: "客户超过48小时没有来消息", 13: "内容被安全规则拦截",
	} {
		h := newHall(t, wecomtest.Config{})
		li := h.customer("li")
		li.RefuseSends(failType)
		li.Say(testAccount, fortyQuestions(t)[0].question)
		id := h.awaitConversation(t, "li")
		c := h.stands(id, "queued", isState(bot.StateQueued))
		assert.Contains(t, c.Reason, reason, "staff are told in words")
		m := h.message(id, "", bot.MessageFailed)
		assert.Equal(t, reason, m.Note)
		assert.Empty(t, li.Received())
		assert.Equal(t, failType == 4, c.Spent.Closed)
		assert.Len(t, h.SendsBegun(), 1, "the rest of the reply is withdrawn, nothing is sent again")
	}
}

func TestCase30_AReceptionistInTheClientSilencesTheBotUntilTheSessionEnds(t *testing.T) {
	t.Parallel()
	d := newTwoDesks(t)
	d.pickUp()
	begun := len(d.SendsBegun())

	d.li.Say(testAccount, fortyQuestions(t)[0].question)
	d.zhang.Say(testAccount, d.li.Customer, "我是张工，我来答")
	d.li.hear("我来答")
	m := d.message(d.id, "我来答", bot.MessageSent)
	assert.Equal(t, bot.FromStaff, m.From)
	assert.Equal(t, "zhang", m.Author, "the transcript is whole")
	_, err := d.desk.Takeover(t.Context(), d.id, "wang")
	var taken *bot.TakenError
	require.ErrorAs(t, err, &taken, "the console only reads")
	assert.Equal(t, "zhang", taken.By)
	_, err = d.desk.Say(t.Context(), d.id, "zhang", bot.Said{Text: "a", ClientID: "1"})
	require.ErrorIs(t, err, bot.ErrConflict, "the same name at our desk is not the same charge")

	assert.Len(t, d.SendsBegun(), begun, "the bot is silent")
	d.end()
	d.li.hear("人工服务到这里结束了")
	assert.Len(t, d.SendsBegun(), begun+1, "but for the words at the end")
	question := fortyQuestions(t)[1]
	d.li.Say(testAccount, question.question)
	d.li.hear(question.citation)
	d.stands(d.id, "the bot's", isState(bot.StateBot))
}

func TestCase30_AReceptionistWhoWritesAfterTheEndHasTheContactAgain(t *testing.T) {
	t.Parallel()
	d := newTwoDesks(t)
	d.zhang.PickUp(testAccount, d.li.Customer)
	d.end()
	d.zhang.Say(testAccount, d.li.Customer, "还有一件事")
	d.stands(d.id, "in the client again", inClientOf("zhang"))
}

func TestCase28_AStateThatWeWereNotToldOfIsReadAndTheBotsTextWithdrawn(t *testing.T) {
	t.Parallel()
	d := newTwoDesks(t)
	d.SetCallback("")
	d.zhang.PickUp(testAccount, d.li.Customer) // the event waits unread
	begun := len(d.SendsBegun())
	_, err := d.desk.Takeover(t.Context(), d.id, "wang")
	require.NoError(t, err)
	d.say(d.id, "wang", "您好，我是小王")
	d.stands(d.id, "in the client", inClientOf("zhang"))
	m := d.message(d.id, "我是小王", bot.MessageFailed)
	assert.Equal(t, "会话已在企业微信里接待", m.Note)
	assert.Len(t, d.SendsBegun(), begun+1, "95018 is not tried again")
	assert.Zero(t, d.Calls("/cgi-bin/kf/service_state/trans"), "nothing is changed by itself")
}

func TestStaffGiveAContactToTheClientAndTakeItBackAtItsEnd(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	zhang := h.AddReceptionist(testAccount, "zhang")
	li, id := h.taken("li", "wang")
	h.say(id, "wang", "我请张工来")
	require.NoError(t, h.desk.ToClient(t.Context(), id, "wang", "zhang"))
	h.stands(id, "in the client", inClientOf("zhang"))
	li.hear("我请张工来")
	zhang.Say(testAccount, li.Customer, "您请说")
	li.hear("您请说")

	require.NoError(t, h.desk.TakeBack(t.Context(), id, "wang"))
	h.stands(id, "wang's", isState(bot.StateStaff))
	h.say(id, "wang", "还是我来")
	h.message(id, "还是我来", bot.MessageParked) // the session has ended until the contact writes
	li.Say(testAccount, "好的")
	li.hear("还是我来")
	h.message(id, "还是我来", bot.MessageSent)
}

func TestAContactGoesToAnotherReceptionistOrThePoolWhereTheFirstCannot(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		other bool
		want  func(bot.Conversation) bool
	}{
		"another": {true, inClientOf("chen")},
		"pool":    {false, func(c bot.Conversation) bool { return c.Client && c.State == bot.StateQueued }},
	} {
		h := newHall(t, wecomtest.Config{})
		h.AddReceptionist(testAccount, "zhang").Receive(testAccount, false)
		h.AddReceptionist(testAccount, "zhao").Deactivate(testAccount)
		if row.other {
			h.AddReceptionist(testAccount, "chen")
		}
		li, id := h.taken("li", "wang")
		require.NoError(t, h.desk.ToClient(t.Context(), id, "wang", "zhang"), name)
		h.stands(id, name, row.want)
		if !row.other {
			li.hear("正在排队") // by the code of the act
		}
		begun := len(h.SendsBegun())
		li.Say(testAccount, fortyQuestions(t)[0].question)
		h.message(id, fortyQuestions(t)[0].question, bot.MessageReceived)
		assert.Len(t, h.SendsBegun(), begun, "nothing of ours is taken there")
	}
}

func TestAnEndThatNoEventToldIsFoundOut(t *testing.T) {
	t.Parallel()
	d := newTwoDesks(t)
	d.pickUp()
	d.EndQuietly(testAccount, d.li.Customer)
	d.clock.leap(11 * time.Minute)
	d.hub.Changed(bot.EveryConversation)
	d.stands(d.id, "closed", isState(bot.StateClosed))
}

func TestAReceptionistWhoStopsReceivingHasTheirContactsLookedAt(t *testing.T) {
	t.Parallel()
	d := newTwoDesks(t)
	d.pickUp()
	d.EndQuietly(testAccount, d.li.Customer)
	d.zhang.Receive(testAccount, false)
	d.stands(d.id, "closed", isState(bot.StateClosed))
}

func TestCase28_TwoStaffAtOnceHaveOneOwnerAndTheBotIsSilent(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	held := make(chan struct{})
	h.OnSend(func(c wecomtest.SendCall) {
		if c.Stage == wecomtest.SendBegun {
			<-held // the bot is about to send
		}
	})
	li := h.customer("li")
	li.Say(testAccount, fortyQuestions(t)[0].question)
	id := h.awaitConversation(t, "li")
	require.Eventually(t, func() bool { return len(h.SendsBegun()) == 1 }, patience, time.Millisecond)
	errs := make(chan error, 2)
	for _, name := range []string{"wang", "chen"} {
		go func() {
			_, err := h.desk.Takeover(context.WithoutCancel(t.Context()), id, name)
			errs <- err
		}()
	}
	refused := <-errs
	var taken *bot.TakenError
	require.ErrorAs(t, refused, &taken, "the second is told at once who has it")
	close(held)
	require.NoError(t, <-errs)
	c := h.conversation(id)
	assert.Equal(t, taken.By, c.Staff)
	assert.Len(t, h.SendsBegun(), 1, "what was under way is let finish, and no more begins")
}
