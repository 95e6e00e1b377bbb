package wecom_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
)

// TestEveryCodeHasItsAct sends a menu to a platform that always answers with one code, and looks at
// what is made of it: what the sender is told, how often the platform was asked, whether a new token
// was fetched, and whether the fault is named for the operator.
func TestEveryCodeHasItsAct(t *testing.T) {
	for _, row := range []struct {
		code  int
		class bot.SendClass
		// sends are the requests begun: 2 where the call is repeated once, in words or with a new token.
		sends, tokens int
		named         bool
	}{
		{code: 40014, class: bot.ClassRetry, sends: 2, tokens: 2},
		{code: 42001, class: bot.ClassRetry, sends: 2, tokens: 2},
		{code: 40001, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 40013, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 40091, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 45009, class: bot.ClassRetry, sends: 1, tokens: 1},
		{code: 45033, class: bot.ClassRetry, sends: 1, tokens: 1},
		{code: -1, class: bot.ClassUnclear, sends: 1, tokens: 1},
		{code: 60020, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 60030, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 48002, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95017, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95023, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95011, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95012, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95003, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95027, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95000, class: bot.ClassPermanent, sends: 1, tokens: 1, named: true},
		{code: 95004, class: bot.ClassPermanent, sends: 1, tokens: 1, named: true},
		{code: 95001, class: bot.ClassParked, sends: 1, tokens: 1},
		{code: 95002, class: bot.ClassParked, sends: 1, tokens: 1},
		{code: 95031, class: bot.ClassParked, sends: 1, tokens: 1},
		{code: 95008, class: bot.ClassPermanent, sends: 2, tokens: 1},
		{code: 95009, class: bot.ClassPermanent, sends: 2, tokens: 1},
		{code: 95030, class: bot.ClassPermanent, sends: 2, tokens: 1},
		{code: 40058, class: bot.ClassPermanent, sends: 2, tokens: 1},
		{code: 45002, class: bot.ClassPermanent, sends: 2, tokens: 1},
		{code: 40201, class: bot.ClassPermanent, sends: 1, tokens: 1, named: true},
		{code: 99999, class: bot.ClassPermanent, sends: 1, tokens: 1},
		// The session is ours by the platform's own word, and yet nothing is taken.
		{code: 95018, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
		{code: 95016, class: bot.ClassSetUp, sends: 1, tokens: 1, named: true},
	} {
		t.Run(fmt.Sprint(row.code), func(t *testing.T) {
			w := newWorld(t, nil)
			w.Customer("li").Say(account, "在吗")
			w.Fault(sendPath, wecomtest.Fault{Code: row.code})
			o := outgoing("li", "m1", "您想问哪一个？")
			o.Choices = []bot.Choice{{ID: "c1", Text: "退役金"}}
			_, err := w.channel.Send(t.Context(), o)
			assert.Equal(t, row.class, classOf(t, err))
			assert.Len(t, w.SendsBegun(), row.sends)
			assert.Equal(t, row.tokens, w.Calls("/cgi-bin/gettoken"))
			state, reason := w.channel.Status()
			if !row.named {
				assert.Equal(t, "ok", state)
				return
			}
			assert.Equal(t, "fault", state)
			assert.Contains(t, reason, fmt.Sprint(row.code))
			assert.NotContains(t, reason, "平台拒绝了请求", "the meaning is told in words")
		})
	}
}

func TestTheStateIsReadWhereTheSessionDoesNotLetAMessageThrough(t *testing.T) {
	for _, code := range []int{95013, 95016, 95018} {
		w := newWorld(t, nil)
		li := w.Customer("li")
		li.Say(account, "在吗")
		zhang := w.AddReceptionist(account, "zhang")
		zhang.PickUp(account, li)
		w.Fault(sendPath, wecomtest.Fault{Code: code})
		_, err := w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
		assert.Equal(t, bot.ClassElsewhere, classOf(t, err))
		assert.ErrorContains(t, err, fmt.Sprint(code))
		zhang.End(account, li)
		_, err = w.channel.Send(t.Context(), outgoing("li", "m2", "在"))
		assert.Equal(t, bot.ClassParked, classOf(t, err), "ended: until the customer writes")
		w.Fault("/cgi-bin/kf/service_state/get", wecomtest.Fault{Status: 502, Times: 1})
		_, err = w.channel.Send(t.Context(), outgoing("li", "m3", "在"))
		assert.Equal(t, bot.ClassRetry, classOf(t, err), "not known: asked again later")
		assert.Zero(t, w.Calls("/cgi-bin/kf/service_state/trans"))
	}
}

func TestAChangeOfStateThatIsNotAllowedLeavesWhatThePlatformSays(t *testing.T) {
	const trans = "/cgi-bin/kf/service_state/trans"
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.Say(account, "在吗")
	zhang := w.AddReceptionist(account, "zhang")
	act := outgoing("li", "a1", "")
	act.Act = bot.ActPool

	w.Fault(trans, wecomtest.Fault{Code: 95016, Times: 1})
	_, err := w.channel.Act(t.Context(), act)
	assert.Equal(t, bot.ClassPermanent, classOf(t, err), "it is still ours, so nothing was done")

	w.Fault(trans, wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	_, err = w.channel.Act(t.Context(), act)
	assert.Equal(t, bot.ClassUnclear, classOf(t, err))
	h, err := w.channel.Act(t.Context(), act)
	require.NoError(t, err, "what the first attempt did is seen")
	assert.Equal(t, bot.Holder{Place: bot.HeldByPool}, h)
	assert.Equal(t, 2, w.Calls(trans))

	zhang.PickUp(account, li)
	h, err = w.channel.Act(t.Context(), act)
	require.NoError(t, err)
	assert.Equal(t, bot.Holder{Place: bot.HeldByStaff, Staff: "zhang"}, h, "their own act stands")

	act.Act = bot.ActEnd
	h, err = w.channel.Act(t.Context(), act)
	require.NoError(t, err)
	assert.Equal(t, bot.HeldByNobody, h.Place)
	act.Act = bot.PassAct("zhang")
	_, err = w.channel.Act(t.Context(), act)
	assert.Equal(t, bot.ClassPermanent, classOf(t, err), "an ended session cannot be given")
}

func TestAnAccountThatIsGoneIsSaidToBeGone(t *testing.T) {
	for _, code := range []int{95000, 95004} {
		w := newWorld(t, nil)
		w.Fault("/cgi-bin/kf/sync_msg", wecomtest.Fault{Code: code})
		_, err := w.channel.Pull(t.Context(), bot.Pull{Account: account})
		require.ErrorIs(t, err, bot.ErrNotFound)
		state, _ := w.channel.Status()
		assert.Equal(t, "fault", state)
	}
}

func TestCase26_AnUnclearSendIsRepeatedUnderTheSameIdAndTakenOnce(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.Say(account, "在吗")
	w.Fault(sendPath, wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	o := outgoing("li", "m1", "在")
	_, err := w.channel.Send(t.Context(), o)
	require.Equal(t, bot.ClassUnclear, classOf(t, err))
	o.Repeat = true
	receipt, err := w.channel.Send(t.Context(), o)
	require.NoError(t, err)
	assert.Contains(t, receipt.Note, "视为先前已送达")
	assert.Len(t, li.Received(), 1)

	// A code of the table keeps its own act, for a repeat too.
	w.Fault(sendPath, wecomtest.Fault{Code: 95001, Times: 1})
	_, err = w.channel.Send(t.Context(), o)
	assert.Equal(t, bot.ClassParked, classOf(t, err))
}

func TestAnActLeavesTheTicketOfTheStateThatItMade(t *testing.T) {
	w := newWorld(t, nil)
	w.AddReceptionist(account, "zhang")
	li := w.Customer("li")
	li.Say(account, "在吗")
	act := outgoing("li", "a1", "")
	does := func(what string) bot.Ticket {
		act.Act = what
		h, err := w.channel.Act(t.Context(), act)
		require.NoError(t, err)
		return h.Ticket
	}
	pool := does(bot.ActPool)
	assert.Equal(t, w.clock.Now().Add(47*time.Hour+50*time.Minute), pool.Until)
	assert.Zero(t, does(bot.ActPool), "it is there already")
	told := outgoing("li", "t1", "您在排队")
	told.Code, told.Expires = pool.Code, pool.Until
	_, err := w.channel.Send(t.Context(), told)
	require.NoError(t, err)
	_, err = w.channel.Send(t.Context(), told)
	require.Error(t, err, "once")

	li.Say(account, "在吗")
	w.EndQuietly(account, li)
	li.Say(account, "在吗")
	assert.Zero(t, does(bot.PassAct("zhang")), "zhang speaks for zhang")
	end := does(bot.ActEnd)
	assert.Equal(t, w.clock.Now().Add(15*time.Second), end.Until)
	told.ID, told.Code, told.Choices = "t2", end.Code, []bot.Choice{{ID: "c1", Text: "请继续"}}
	_, err = w.channel.Send(t.Context(), told)
	require.NoError(t, err)
	all := li.Received()
	require.Len(t, all, 2)
	assert.True(t, all[1].Event)
	require.NotNil(t, all[1].Menu)
}
