package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
)

const onEventPath = "/cgi-bin/kf/send_msg_on_event"

// byCode are the messages that a customer received by the code of an event.
func (c *customer) byCode() (texts []string) {
	for _, m := range c.Received() {
		if m.Event {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func TestTheEndOfAPersonsServiceIsToldOnceByItsCode(t *testing.T) {
	t.Parallel()
	d := newTwoDesks(t)
	d.pickUp()
	d.zhang.Say(testAccount, d.li.Customer, "办好了")
	d.li.hear("办好了")
	require.Empty(t, d.li.byCode(), "while a person has them nothing of ours is said")
	d.end()
	told := d.li.hear("人工服务到这里结束了")
	assert.Contains(t, told, "不是真人")
	require.Len(t, d.li.byCode(), 1)
	all := d.li.Received()
	person := all[len(all)-1].Menu.Items[0].Click

	begun := len(d.SendsBegun())
	question := fortyQuestions(t)[0]
	d.li.Say(testAccount, question.question)
	assert.NotContains(t, d.li.hear(question.citation), "不是真人", "that has been said")
	assert.Greater(t, len(d.SendsBegun()), begun)
	d.li.Tap(testAccount, person.ID, person.Content)
	d.stands(d.id, "queued", isState(bot.StateQueued))
	assert.Equal(t, 1, d.Calls(onEventPath))
}

func TestTheEndOfAPersonsServiceIsNotToldLateNorToWhomTheBotAnswersAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		then  func(*protocolRig, *customer)
		calls int
	}{
		"25 s later": {func(r *protocolRig, _ *customer) { r.pass(25 * time.Second) }, 0},
		"written since": {func(_ *protocolRig, li *customer) {
			li.Say(testAccount, fortyQuestions(t)[1].question)
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newProtocolRig(t)
			li := r.settled()
			zhang := r.srv.AddReceptionist(testAccount, "zhang")
			zhang.PickUp(testAccount, li.Customer)
			stored(t, r.p, "li", func(messages []bot.Message) bool {
				return messages[len(messages)-1].Kind == bot.KindEvent
			})
			r.silence()
			zhang.End(testAccount, li.Customer)
			tt.then(r, li)
			r.ring()
			stored(t, r.p, "li", func(messages []bot.Message) bool {
				for _, m := range messages {
					if m.State == bot.MessageExpired {
						return true
					}
				}
				return false
			})
			if tt.calls > 0 {
				li.hear(fortyQuestions(t)[1].citation)
			}
			assert.Empty(t, li.byCode())
			assert.Equal(t, tt.calls, r.srv.Calls(onEventPath), "a refused code is not tried again")
		})
	}
}

func TestWhomStaffPutIntoThePoolIsToldSoAtOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	zhang := h.AddReceptionist(testAccount, "zhang")
	li, id := h.taken("li", "wang")
	require.NoError(t, h.desk.ToClient(t.Context(), id, "wang", ""))
	li.hear("已经为您转给其他值班的工作人员")
	h.stands(id, "in the pool", inPool)
	zhang.PickUp(testAccount, li.Customer)
	h.stands(id, "in the client", inClientOf("zhang"))
	zhang.Say(testAccount, li.Customer, "您请说")
	li.hear("您请说")
	assert.Len(t, li.byCode(), 1, "the pick-up tells nothing over zhang's shoulder")
}

// newPooled is a hall in which li waits in the pool, where zhang could take them.
func newPooled(t *testing.T, c wecomtest.Config) (h *hall, zhang *wecomtest.Receptionist, li *customer, id int64) {
	t.Helper()
	h = newHall(t, c, toPool)
	zhang = h.AddReceptionist(testAccount, "zhang")
	li, _, id = h.asks("li")
	h.stands(id, "in the pool", inPool)
	return h, zhang, li, id
}

func TestWhoWaitsInThePoolIsToldOnceThatTheyStillDo(t *testing.T) {
	t.Parallel()
	h, _, li, id := newPooled(t, wecomtest.Config{})
	require.Empty(t, li.byCode(), "they have just been told")
	h.clock.leap(bot.FirstUpdate + time.Second)
	h.hub.Changed(bot.EveryConversation)
	li.hear("您还在排队")
	h.clock.leap(time.Hour)
	h.hub.Changed(bot.EveryConversation)
	h.stands(id, "in the pool still", inPool)
	assert.Len(t, li.byCode(), 1)
	assert.Equal(t, 1, h.Calls(onEventPath))
}

func TestWhoIsTakenFromThePoolIsNotToldThatTheyStillWait(t *testing.T) {
	t.Parallel()
	h, zhang, li, id := newPooled(t, wecomtest.Config{})
	zhang.PickUp(testAccount, li.Customer)
	h.stands(id, "in the client", inClientOf("zhang"))
	h.message(id, "您还在排队", bot.MessageWithdrawn)
	assert.Zero(t, h.Calls(onEventPath))
}

func TestWhomNobodyTookBeforeTheSessionEndedIsToldThatTheyStillWait(t *testing.T) {
	t.Parallel()
	h, zhang, li, id := newPooled(t, wecomtest.Config{})
	zhang.End(testAccount, li.Customer)
	li.hear("那边暂时没有人接上，您还在排队")
	h.stands(id, "queued with us", isState(bot.StateQueued))
	assert.Len(t, li.byCode(), 1, "what waited for its time in the pool is taken back")
}

func TestWhoIsTakenBackIsAskedForAWordAndThenHearsWhatStaffSay(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{})
	h.AddReceptionist(testAccount, "zhang")
	li, id := h.taken("li", "wang")
	require.NoError(t, h.desk.ToClient(t.Context(), id, "wang", "zhang"))
	h.stands(id, "in the client", inClientOf("zhang"))
	require.Empty(t, li.byCode(), "zhang speaks for zhang")
	require.NoError(t, h.desk.TakeBack(t.Context(), id, "wang"))
	h.stands(id, "wang's", isState(bot.StateStaff))
	h.say(id, "wang", "还是我来")
	li.hear("平台要您先回一句话")
	h.message(id, "还是我来", bot.MessageParked)
	asked := h.message(id, "平台要您先回一句话", bot.MessageSent)
	assert.Equal(t, bot.FromStaff, asked.From)
	assert.Equal(t, "wang", asked.Author)
	all := li.Received()
	goOn := all[len(all)-1].Menu.Items[0].Click
	li.Tap(testAccount, goOn.ID, goOn.Content)
	li.hear("还是我来")
}

func TestWhatIsKeptForThoseInThePoolDoesNotHoldUpTheirReturn(t *testing.T) {
	t.Parallel()
	// The documentation leaves open whether the API may end a session in the pool; here it may.
	h, _, li, id := newPooled(t, wecomtest.Config{Transitions: map[int][]int{0: {2}, 2: {4}}})
	require.NoError(t, h.desk.TakeBack(t.Context(), id, "wang"))
	li.hear("平台要您先回一句话")
	h.stands(id, "wang's", isState(bot.StateStaff))
	h.message(id, "您还在排队", bot.MessageWithdrawn)
}
