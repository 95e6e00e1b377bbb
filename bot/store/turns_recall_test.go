package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestARecalledMessageStopsItsTurn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, text("li", "a"), text("li", "b"))
		turn := claimTurn(t, s)
		recall := bot.Arrival{Incoming: bot.Incoming{
			Address: address("li"), PlatformID: "r1", Recalls: "li/a",
		}}
		require.Equal(t, []bot.Accepted{{
			Message: got[0].Message, Conversation: got[0].Conversation, New: true,
		}}, receive(t, s, recall))
		require.False(t, receive(t, s, recall)[0].New)

		r := result(turn, "to a and b")
		r.Trace.Why = "entry"
		require.ErrorIs(t, s.FinishTurn(t.Context(), r), bot.ErrStale)
		require.Equal(t, []string{"=recalled", "b=received"}, states(t, s, r.Conversation))
		turns, err := s.TurnsOf(t.Context(), r.Conversation)
		require.NoError(t, err)
		require.Len(t, turns, 1)
		require.Equal(t, bot.TurnDropped, turns[0].Outcome)
		require.NotEmpty(t, turns[0].Cause)
		require.Equal(t, "to a and b", turns[0].Trace.Draft)
		require.Equal(t, "entry", turns[0].Trace.Why)
		require.Equal(t, "b", claimTurn(t, s).Text())
	})
}

func TestARecallOfEverythingLeavesNoTurn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		recall := bot.Arrival{Incoming: bot.Incoming{
			Address: address("li"), PlatformID: "r1", Recalls: "li/a",
		}}
		receive(t, s, recall)
		require.True(t, noTurn(t, s).IsZero())
	})
}

func TestARecallOfAnUnknownMessageIsKeptOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		recall := bot.Arrival{Incoming: bot.Incoming{
			Address: address("li"), PlatformID: "r1", Recalls: "li/a",
		}}
		got := receive(t, s, recall, recall)
		require.True(t, got[0].New)
		require.False(t, got[1].New)
		require.Zero(t, got[0].Message)
		require.Empty(t, transcript(t, s, got[0].Conversation))

		// The message comes after all: it was taken back, so it is not answered.
		receive(t, s, text("li", "a"))
		require.Equal(t, []string{"=recalled"}, states(t, s, got[0].Conversation))
		noTurn(t, s)
	})
}

func TestARecallReachesOnlyTheContactsOwnMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		receive(t, s, bot.Arrival{Incoming: bot.Incoming{
			Address: address("wang"), PlatformID: "r1", Recalls: "li/a",
		}})
		require.Equal(t, []string{"a=received"}, states(t, s, c))
	})
}
