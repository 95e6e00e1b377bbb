package bot

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var at = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// state builds a conversation as it stands in the table below.
func inState(s State) Conversation {
	c := Conversation{ID: 1, State: s, Charge: 7, Introduced: true}
	switch s {
	case StateStaff:
		c.Staff, c.Reason = "li", "asked"
	case StateQueued:
		c.Reason, c.WaitingSince = "asked", at
	}
	return c
}

func TestApplyDecidesEveryPairOfStateAndEvent(t *testing.T) {
	taken, conflict, invalid := errors.New("taken"), ErrConflict, ErrInvalid
	type want struct {
		state State
		staff string
		err   error
	}
	li := func(k EventKind) Event { return Event{Kind: k, By: "li", To: "wang", At: at} }
	wang := func(k EventKind) Event { return Event{Kind: k, By: "wang", To: "zhao", At: at} }
	plain := func(k EventKind) Event { return Event{Kind: k, Reason: "r", At: at} }
	table := map[State][]struct {
		event Event
		want  want
	}{
		StateBot: {
			{plain(EventNone), want{state: StateBot}},
			{plain(EventHandover), want{state: StateQueued}},
			{li(EventTakeover), want{state: StateStaff, staff: "li"}},
			{li(EventTransfer), want{err: conflict}},
			{li(EventRelease), want{err: conflict}},
			{plain(EventWithdraw), want{state: StateBot}},
			{li(EventClose), want{err: conflict}},
			{plain(EventIdle), want{state: StateClosed}},
			{plain(EventContactWrote), want{state: StateBot}},
		},
		StateQueued: {
			{plain(EventNone), want{state: StateQueued}},
			{plain(EventHandover), want{state: StateQueued}},
			{li(EventTakeover), want{state: StateStaff, staff: "li"}},
			{li(EventTransfer), want{err: conflict}},
			{li(EventRelease), want{err: conflict}},
			{plain(EventWithdraw), want{state: StateBot}},
			{li(EventClose), want{err: conflict}},
			{plain(EventIdle), want{state: StateClosed}},
			{plain(EventContactWrote), want{state: StateQueued}},
		},
		StateStaff: {
			{plain(EventNone), want{state: StateStaff, staff: "li"}},
			{plain(EventHandover), want{state: StateStaff, staff: "li"}},
			{li(EventTakeover), want{state: StateStaff, staff: "li"}},
			{wang(EventTakeover), want{err: taken}},
			{li(EventTransfer), want{state: StateStaff, staff: "wang"}},
			{wang(EventTransfer), want{err: taken}},
			{li(EventRelease), want{state: StateBot}},
			{wang(EventRelease), want{err: taken}},
			{plain(EventWithdraw), want{state: StateStaff, staff: "li"}},
			{li(EventClose), want{state: StateClosed}},
			{wang(EventClose), want{err: taken}},
			{plain(EventIdle), want{state: StateClosed}},
			{plain(EventContactWrote), want{state: StateStaff, staff: "li"}},
		},
		StateClosed: {
			{plain(EventNone), want{state: StateClosed}},
			{plain(EventHandover), want{state: StateQueued}},
			{li(EventTakeover), want{state: StateStaff, staff: "li"}},
			{li(EventTransfer), want{err: conflict}},
			{li(EventRelease), want{err: conflict}},
			{plain(EventWithdraw), want{state: StateClosed}},
			{li(EventClose), want{err: conflict}},
			{plain(EventIdle), want{state: StateClosed}},
			{plain(EventContactWrote), want{state: StateBot}},
		},
	}
	for state, rows := range table {
		for _, row := range rows {
			t.Run(string(state)+" "+string(row.event.Kind)+" "+row.event.By, func(t *testing.T) {
				before := inState(state)
				after, err := Apply(before, row.event)
				switch {
				case errors.Is(row.want.err, taken):
					who, ok := errors.AsType[*TakenError](err)
					require.True(t, ok, "want a TakenError, have %v", err)
					assert.Equal(t, "li", who.By)
					assert.ErrorIs(t, err, ErrConflict)
				case row.want.err != nil:
					require.ErrorIs(t, err, row.want.err)
				default:
					require.NoError(t, err)
					assert.Equal(t, row.want.state, after.State)
					assert.Equal(t, row.want.staff, after.Staff)
				}
				if err != nil || after.State == before.State && after.Staff == before.Staff {
					assert.Equal(t, before.Charge, after.Charge, "charge moved though nothing changed")
				} else {
					assert.Greater(t, after.Charge, before.Charge)
				}
			})
		}
	}
	_, err := Apply(inState(StateBot), Event{Kind: "unheard of"})
	require.ErrorIs(t, err, invalid)
	_, err = Apply(inState(StateBot), Event{Kind: EventTakeover})
	require.ErrorIs(t, err, invalid)
}

func TestWaitingBeginsWithTheFirstHandoverAndEndsWithTheTakeover(t *testing.T) {
	c, err := Apply(inState(StateBot), Event{Kind: EventHandover, Reason: "人工", At: at})
	require.NoError(t, err)
	assert.Equal(t, at, c.WaitingSince)

	c, err = Apply(c, Event{Kind: EventHandover, Reason: "危急", At: at.Add(time.Minute)})
	require.NoError(t, err)
	assert.Equal(t, at, c.WaitingSince, "who asks twice keeps the place")
	assert.Equal(t, "危急", c.Reason, "the graver reason is the one staff read")

	c, err = Apply(c, Event{Kind: EventTakeover, By: "li", At: at.Add(2 * time.Minute)})
	require.NoError(t, err)
	assert.True(t, c.WaitingSince.IsZero())
	assert.Equal(t, "危急", c.Reason, "the person in charge still sees why")
}

func TestAClosedConversationIsIntroducedAnew(t *testing.T) {
	c, err := Apply(inState(StateStaff), Event{Kind: EventClose, By: "li", At: at})
	require.NoError(t, err)
	assert.False(t, c.Introduced)
}
