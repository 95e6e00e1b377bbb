package store_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/bot"
	"rongjun/bot/store"
)

// fate is what the test has seen of one outgoing message. One that was parked may be claimed after later
// ones, which were tried meanwhile.
type fate struct {
	claims, sent int
	parked       bool
}

// world is what the test knows.
type world struct {
	*rapid.T
	d *database
	s *store.Store

	count         int
	conversations []int64
	turns         []*bot.Turn
	sends         []*bot.Sending
	fences        []bot.Fence
	known         map[int64]*fate
	lastClaimed   map[int64]int64
}

var staffNames = []string{"zhang", "chen"}

// pick draws one of a list, if it has any.
func pick[T any](w *world, list []T) (one T, ok bool) {
	if len(list) == 0 {
		return one, false
	}
	return list[rapid.IntRange(0, len(list)-1).Draw(w.T, "which")], true
}

// expect fails on any other error than those named.
func (w *world) expect(err error, allowed ...error) {
	for _, a := range allowed {
		if errors.Is(err, a) {
			return
		}
	}
	require.NoError(w, err)
}

func (w *world) contact() string {
	return rapid.SampledFrom([]string{"li", "wang", "zhao"}).Draw(w.T, "contact")
}

// receive sends some messages, now and then one that was sent before.
func (w *world) receive(n int) {
	var arrivals []bot.Arrival
	for range n {
		w.count++
		id := w.count
		if rapid.IntRange(0, 4).Draw(w.T, "again") == 0 {
			id = rapid.IntRange(1, id).Draw(w.T, "which")
		}
		a := text(w.contact(), fmt.Sprint(id))
		a.PlatformID = fmt.Sprint("m", id)
		arrivals = append(arrivals, a)
	}
	w.take(arrivals...)
}

func (w *world) take(arrivals ...bot.Arrival) {
	got, err := w.s.Receive(w.d.ctx, arrivals, pacing)
	w.expect(err)
	for _, a := range got {
		if !slices.Contains(w.conversations, a.Conversation) {
			w.conversations = append(w.conversations, a.Conversation)
		}
	}
}

func (w *world) claimTurn() *bot.Turn {
	turn, _, err := w.s.ClaimTurn(w.d.ctx)
	w.expect(err)
	if turn != nil {
		require.NotEqual(w, bot.StateStaff, turn.Conversation.State)
		w.turns = append(w.turns, turn)
	}
	return turn
}

func (w *world) finishTurn() {
	turn, ok := pick(w, w.turns)
	if !ok {
		return
	}
	w.count++
	r := result(turn, fmt.Sprint("reply", w.count), "more")
	r.Event.Kind = rapid.SampledFrom([]bot.EventKind{
		bot.EventNone, bot.EventNone, bot.EventHandover, bot.EventWithdraw,
	}).Draw(w.T, "event")
	w.expect(w.s.FinishTurn(w.d.ctx, r), bot.ErrStale, bot.ErrMoreArrived)
}

func (w *world) claimSend() *bot.Sending {
	m, _, err := w.s.ClaimSend(w.d.ctx)
	w.expect(err)
	if m == nil {
		return nil
	}
	w.sends = append(w.sends, m)
	c, err := w.s.Conversation(w.d.ctx, m.Conversation)
	w.expect(err)
	if m.Outgoing.From == bot.FromBot {
		require.NotEqual(w, bot.StateStaff, c.State, "the bot speaks while a person is in charge")
	}
	f := w.fateOf(m.Message)
	f.claims++
	require.Zero(w, f.sent, "a sent message is claimed again")
	require.Equal(w, f.claims, m.Attempts)
	if w.lastClaimed == nil {
		w.lastClaimed = make(map[int64]int64)
	}
	if !f.parked {
		require.GreaterOrEqual(w, m.Message, w.lastClaimed[m.Conversation], "out of order")
	}
	w.lastClaimed[m.Conversation] = m.Message
	return m
}

func (w *world) fateOf(message int64) *fate {
	f := w.known[message]
	if f == nil {
		f = &fate{}
		w.known[message] = f
	}
	return f
}

// noteParked notes what is parked now, with those behind it.
func (w *world) noteParked(conversation int64) {
	messages, err := w.s.Messages(w.d.ctx, conversation, 0, 100_000)
	w.expect(err)
	for _, m := range messages {
		if m.State == bot.MessageParked {
			w.fateOf(m.ID).parked = true
		}
	}
}

func (w *world) finishSend() {
	m, ok := pick(w, w.sends)
	if !ok {
		return
	}
	o := bot.SendOutcome{State: rapid.SampledFrom([]bot.MessageState{
		bot.MessageSent, bot.MessageSent, bot.MessagePending, bot.MessageParked,
		bot.MessageUnclear, bot.MessageFailed,
	}).Draw(w.T, "outcome")}
	err := w.s.FinishSend(w.d.ctx, *m, o)
	w.expect(err, bot.ErrStale)
	if err == nil && o.State == bot.MessageSent {
		w.known[m.Message].sent++
		require.Equal(w, 1, w.known[m.Message].sent)
	}
	if err == nil && o.State == bot.MessageParked {
		w.noteParked(m.Conversation)
	}
}

func (w *world) raise() {
	c, ok := pick(w, w.conversations)
	if !ok {
		return
	}
	name, _ := pick(w, staffNames)
	f, err := w.s.RaiseFence(w.d.ctx, c, name)
	w.expect(err, bot.ErrConflict)
	if err == nil {
		w.fences = append(w.fences, f)
	}
}

func (w *world) act() {
	c, ok := pick(w, w.conversations)
	if !ok {
		return
	}
	name, _ := pick(w, staffNames)
	_, err := w.s.Act(w.d.ctx, c, bot.Event{
		Kind: rapid.SampledFrom([]bot.EventKind{
			bot.EventRelease, bot.EventClose, bot.EventTransfer, bot.EventIdle,
		}).Draw(w.T, "kind"),
		By: name, To: "chen",
	})
	w.expect(err, bot.ErrConflict)
}
