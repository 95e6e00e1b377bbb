package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestAFinishedTurnIsKeptWithItsTrace(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"), text("li", "b"))
		r := result(claimTurn(t, s), "one", "two")
		r.Trace = bot.Trace{Why: "entry", Hits: []bot.Hit{{Passage: "p", Score: 0.5}}}
		require.NoError(t, s.FinishTurn(t.Context(), r))

		turns, err := s.TurnsOf(t.Context(), r.Conversation)
		require.NoError(t, err)
		require.Len(t, turns, 1)
		require.Equal(t, bot.TurnFinished, turns[0].Outcome)
		require.Equal(t, bot.DecideAnswer, turns[0].Decision)
		require.Equal(t, r.Messages, turns[0].Messages)
		require.Equal(t, r.Trace, turns[0].Trace)
		m := transcript(t, s, r.Conversation)
		require.Equal(t, []int64{m[2].ID, m[3].ID}, turns[0].Parts)
		require.Equal(t, []int64{turns[0].ID, turns[0].ID}, []int64{m[0].Turn, m[2].Turn})
		require.Equal(t, []int{1, 2}, []int{m[2].Part, m[3].Part})
		require.Equal(t, []int64{1, 2, 0, 0}, []int64{m[0].Shown, m[1].Shown, m[2].Shown, m[3].Shown})
	})
}

func TestWhenMoreArrivesTheTurnIsDoneOnceMore(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		first := claimTurn(t, s)
		receive(t, s, text("li", "b"))
		require.ErrorIs(t, s.FinishTurn(t.Context(), result(first, "to a")), bot.ErrMoreArrived)

		second := claimTurn(t, s)
		require.True(t, second.Redone)
		require.Equal(t, "a\nb", second.Text())
		receive(t, s, text("li", "c"))
		require.NoError(t, s.FinishTurn(t.Context(), result(second, "to a and b")))

		third := claimTurn(t, s)
		require.False(t, third.Redone)
		require.Equal(t, "c", third.Text())
		require.Equal(t, []string{
			"a=handled", "b=handled", "c=received", "to a and b=pending",
		}, states(t, s, first.Conversation.ID))
	})
}

func TestAHandoverQueuesAndASilentTurnHandlesMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		for _, contact := range []string{"wang", "li"} {
			receive(t, s, text(contact, "转人工"))
			r := result(claimTurn(t, s))
			r.Event = bot.Event{Kind: bot.EventHandover, Reason: "想找人"}
			require.NoError(t, s.FinishTurn(t.Context(), r))
			d.pass(time.Second)
		}
		c := receive(t, s, text("li", "a"))[0].Conversation
		turn := claimTurn(t, s)
		require.Equal(t, bot.StateQueued, turn.Conversation.State)
		require.Equal(t, "想找人", turn.Conversation.Reason)
		require.False(t, turn.Conversation.WaitingSince.IsZero())
		require.Equal(t, bot.Queue{Ahead: 1}, turn.Queue)
		require.NoError(t, s.FinishTurn(t.Context(), result(turn)))
		require.Equal(t, []string{"转人工=handled", "a=handled"}, states(t, s, c))
		require.True(t, noTurn(t, s).IsZero())

		receive(t, s, text("zhao", "b"))
		require.Equal(t, bot.Queue{Ahead: 2}, claimTurn(t, s).Queue)
	})
}

func TestAChangeOfChargeMakesATurnStale(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		turn := claimTurn(t, s)
		takeOver(t, s, c, "zhang")
		require.ErrorIs(t, s.FinishTurn(t.Context(), result(turn, "late")), bot.ErrStale)
		require.Equal(t, []string{"a=received"}, states(t, s, c))
		noTurn(t, s)
	})
}

func TestATurnWithoutMessagesOrConversationIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		require.ErrorIs(t, s.FinishTurn(t.Context(), bot.TurnResult{Conversation: 1}),
			bot.ErrInvalid)
		require.ErrorIs(t, s.FinishTurn(t.Context(), bot.TurnResult{
			Conversation: 1, Messages: []int64{1},
		}), bot.ErrNotFound)
	})
}

func TestWhatFollowsFromATurnIsScheduledWithItAndNotWithADroppedOne(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		turn := claimTurn(t, s)
		r := result(turn, "answer")
		r.Follows = []bot.Due{{Kind: "k", Subject: "1", At: time.Now().Add(-time.Second)}}
		stale := r
		stale.Claim++
		require.ErrorIs(t, s.FinishTurn(t.Context(), stale), bot.ErrStale)
		due, _, err := s.ClaimDue(t.Context())
		require.NoError(t, err)
		require.Nil(t, due)
		require.NoError(t, s.FinishTurn(t.Context(), r))
		due, _, err = s.ClaimDue(t.Context())
		require.NoError(t, err)
		require.NotNil(t, due)
		require.Equal(t, "k", due.Kind)
	})
}

// TestATurnThatCannotBeStoredLeavesNothingBehind has the last of its statements fail, which on PostgreSQL
// comes to light with the commit only.
func TestATurnThatCannotBeStoredLeavesNothingBehind(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("a", "a"))[0].Conversation
		r := result(claimTurn(t, s), "one")
		r.Parts[0].Choices = []bot.Choice{{ID: "same", Text: "x"}, {ID: "same", Text: "y"}}
		require.Error(t, s.FinishTurn(t.Context(), r))
		require.Equal(t, []string{"a=received"}, states(t, s, c))
		turns, err := s.TurnsOf(t.Context(), c)
		require.NoError(t, err)
		require.Empty(t, turns)
		r.Parts[0].Choices[1].ID = "other"
		require.NoError(t, s.FinishTurn(t.Context(), r), "the claim is still held")
		require.Equal(t, []string{"a=handled", "one=pending"}, states(t, s, c))
	})
}
