package bot

import (
	"cmp"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var at = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// The conversations that the platform's client has, beside the states.
const (
	inPool   State = "pool"
	inClient State = "client"
)

// inState builds a conversation as it stands in the table below.
func inState(s State) Conversation {
	c := Conversation{ID: 1, State: s, Charge: 7, Introduced: true}
	switch s {
	case StateStaff:
		c.Staff, c.Reason = "li", "asked"
	case StateQueued:
		c.Reason, c.WaitingSince = "asked", at
	case inPool:
		c.State, c.Client, c.Reason, c.WaitingSince = StateQueued, true, "asked", at
	case inClient:
		c.State, c.Client, c.Staff = StateStaff, true, "li"
	}
	return c
}

// stands names how a conversation stands in the table below.
func stands(c Conversation) State {
	switch {
	case c.Client && c.State == StateQueued:
		return inPool
	case c.Client && c.State == StateStaff:
		return inClient
	}
	return c.State
}

// everyEvent is what the table below has to decide in every state.
var everyEvent = []EventKind{
	EventNone, EventHandover, EventTakeover, EventTransfer, EventRelease, EventWithdraw, EventClose,
	EventIdle, EventContactWrote, EventClientWaits, EventClientTook, EventClientEnded, EventReclaim,
}

func TestApplyDecidesEveryPairOfStateAndEvent(t *testing.T) {
	taken, conflict, invalid := errors.New("taken"), ErrConflict, ErrInvalid
	type want struct {
		state State
		staff string
		err   error
		by    string
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
			{plain(EventClientWaits), want{state: inPool}},
			{li(EventClientTook), want{state: inClient, staff: "li"}},
			{plain(EventClientTook), want{err: invalid}},
			{plain(EventClientEnded), want{state: StateBot}},
			{li(EventReclaim), want{state: StateStaff, staff: "li"}},
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
			{plain(EventClientWaits), want{state: inPool}},
			{li(EventClientTook), want{state: inClient, staff: "li"}},
			{plain(EventClientTook), want{err: invalid}},
			{plain(EventClientEnded), want{state: StateQueued}},
			{li(EventReclaim), want{state: StateStaff, staff: "li"}},
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
			{plain(EventClientWaits), want{state: inPool}},
			{li(EventClientTook), want{state: inClient, staff: "li"}},
			{plain(EventClientTook), want{err: invalid}},
			{plain(EventClientEnded), want{state: StateStaff, staff: "li"}},
			{li(EventReclaim), want{state: StateStaff, staff: "li"}},
			{wang(EventReclaim), want{err: taken}},
			{wang(EventClientTook), want{state: inClient, staff: "wang"}},
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
			{plain(EventClientWaits), want{state: inPool}},
			{li(EventClientTook), want{state: inClient, staff: "li"}},
			{plain(EventClientTook), want{err: invalid}},
			{plain(EventClientEnded), want{state: StateClosed}},
			{li(EventReclaim), want{state: StateStaff, staff: "li"}},
		},
		inPool: {
			{plain(EventNone), want{state: inPool}},
			{plain(EventHandover), want{state: inPool}},
			{li(EventTakeover), want{err: taken, by: "企业微信接待池"}},
			{li(EventTransfer), want{err: conflict}},
			{li(EventRelease), want{err: conflict}},
			{plain(EventWithdraw), want{state: inPool}},
			{li(EventClose), want{err: conflict}},
			{plain(EventIdle), want{state: inPool}},
			{plain(EventContactWrote), want{state: inPool}},
			{plain(EventClientWaits), want{state: inPool}},
			{li(EventClientTook), want{state: inClient, staff: "li"}},
			{plain(EventClientEnded), want{state: StateQueued}},
			{li(EventReclaim), want{state: StateStaff, staff: "li"}},
			{plain(EventReclaim), want{err: invalid}},
		},
		inClient: {
			{plain(EventNone), want{state: inClient, staff: "li"}},
			{plain(EventHandover), want{state: inClient, staff: "li"}},
			{li(EventTakeover), want{err: taken}},
			{wang(EventTakeover), want{err: taken}},
			{li(EventTransfer), want{err: taken}},
			{li(EventRelease), want{err: taken}},
			{plain(EventWithdraw), want{state: inClient, staff: "li"}},
			{li(EventClose), want{err: taken}},
			{plain(EventIdle), want{state: inClient, staff: "li"}},
			{plain(EventContactWrote), want{state: inClient, staff: "li"}},
			{plain(EventClientWaits), want{state: inPool}},
			{li(EventClientTook), want{state: inClient, staff: "li"}},
			{wang(EventClientTook), want{state: inClient, staff: "wang"}},
			{plain(EventClientEnded), want{state: StateClosed}},
			{wang(EventReclaim), want{state: StateStaff, staff: "wang"}},
		},
	}
	require.Len(t, table, 6)
	for state, rows := range table {
		decided := map[EventKind]bool{}
		for _, row := range rows {
			decided[row.event.Kind] = true
		}
		for _, kind := range everyEvent {
			assert.True(t, decided[kind], "%s in %s is not in the table", kind, state)
		}
		for _, row := range rows {
			t.Run(string(state)+" "+string(row.event.Kind)+" "+row.event.By, func(t *testing.T) {
				before := inState(state)
				after, err := Apply(before, row.event)
				switch {
				case errors.Is(row.want.err, taken):
					who, ok := errors.AsType[*TakenError](err)
					require.True(t, ok, "want a TakenError, have %v", err)
					assert.Equal(t, cmp.Or(row.want.by, "li"), who.By)
					assert.ErrorIs(t, err, ErrConflict)
				case row.want.err != nil:
					require.ErrorIs(t, err, row.want.err)
				default:
					require.NoError(t, err)
					assert.Equal(t, row.want.state, stands(after))
					assert.Equal(t, row.want.staff, after.Staff)
				}
				if err != nil || stands(after) == stands(before) && after.Staff == before.Staff {
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

func TestNoLaterReasonHidesDanger(t *testing.T) {
	c, err := Apply(inState(StateQueued), Event{Kind: EventHandover, Reason: ReasonDanger, At: at})
	require.NoError(t, err)
	c, err = Apply(c, Event{Kind: EventHandover, Reason: "人工", At: at})
	require.NoError(t, err)
	assert.Equal(t, ReasonDanger, c.Reason)
}

func TestAClosedConversationIsIntroducedAnew(t *testing.T) {
	c, err := Apply(inState(StateStaff), Event{Kind: EventClose, By: "li", At: at})
	require.NoError(t, err)
	assert.False(t, c.Introduced)
}
