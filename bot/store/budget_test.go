package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// wrote is a message of a contact, written at a time by the platform's clock.
func wrote(contact, words string, at time.Time) bot.Arrival {
	a := text(contact, words)
	a.At = at.Truncate(time.Second)
	return a
}

func spent(t *testing.T, s *store.Store, conversation int64) bot.Spent {
	t.Helper()
	c, err := s.Conversation(t.Context(), conversation)
	require.NoError(t, err)
	return c.Spent
}

func TestWhatMayHaveArrivedIsCountedOnceSinceTheContactsLastMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		first := time.Now().Add(-time.Hour)
		c := receive(t, s, wrote("li", "a", first))[0].Conversation
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "one", "two", "three")))
		one := claimSend(t, s)
		require.Equal(t, first.Truncate(time.Second).UTC(), one.Spent.From)
		require.Zero(t, one.Spent.Sent)
		require.NoError(t, s.FinishSend(t.Context(), *one, bot.SendOutcome{
			State: bot.MessagePending, MayHaveArrived: true,
		}))
		require.Equal(t, 1, spent(t, s, c).Sent, "it may have arrived")
		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		require.Equal(t, 1, spent(t, s, c).Sent, "the repeat is the same message")
		finishSend(t, s, claimSend(t, s), bot.MessageUnclear)
		require.NoError(t, s.FinishSend(t.Context(), *claimSend(t, s), bot.SendOutcome{
			State: bot.MessagePending,
		}))
		require.Equal(t, 2, spent(t, s, c).Sent, "what did not leave does not count")

		second := time.Now().Add(time.Minute)
		receive(t, s, wrote("li", "b", second))
		require.Equal(t, bot.Spent{From: second.Truncate(time.Second).UTC()}, spent(t, s, c))
		receive(t, s, wrote("li", "an older one, late", first))
		require.Equal(t, second.Truncate(time.Second).UTC(), spent(t, s, c).From)
	})
}

func TestWhatWasSentAfterAMessageWasWrittenCountsAlthoughItWasPulledLater(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, wrote("li", "a", time.Now().Add(-time.Hour)))[0].Conversation
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "one", "two")))
		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		receive(t, s, wrote("li", "b", time.Now().Add(-time.Minute)))
		require.Equal(t, 2, spent(t, s, c).Sent)
	})
}

func TestAClosedBudgetStaysClosedUntilTheContactWrites(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, wrote("li", "a", time.Now().Add(-time.Hour)))[0].Conversation
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "one", "two")))
		require.NoError(t, s.FinishSend(t.Context(), *claimSend(t, s), bot.SendOutcome{
			State: bot.MessageParked, Closed: true, Note: "later",
		}))
		require.True(t, spent(t, s, c).Closed)
		require.Equal(t, "later", transcript(t, s, c)[2].Note)
		receive(t, s, wrote("li", "b", time.Now()))
		require.False(t, spent(t, s, c).Closed)
	})
}

func TestAMessageIsNotParkedWhenTheContactHasWrittenSinceItsClaim(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, wrote("li", "a", time.Now().Add(-time.Hour)))[0].Conversation
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "one")))
		m := claimSend(t, s)
		receive(t, s, wrote("li", "b", time.Now()))
		require.NoError(t, s.FinishSend(t.Context(), *m, bot.SendOutcome{
			State: bot.MessageParked, Closed: true,
		}))
		require.False(t, spent(t, s, c).Closed)
		require.Equal(t, "one", claimSend(t, s).Outgoing.Text)
	})
}

func TestAParkedRepeatGoesOutAloneUnderItsOwnId(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "one", "two")))
		one := claimSend(t, s)
		require.NoError(t, s.FinishSend(t.Context(), *one, bot.SendOutcome{
			State: bot.MessagePending, MayHaveArrived: true,
		}))
		finishSend(t, s, claimSend(t, s), bot.MessageParked)
		receive(t, s, text("li", "b"))
		again := claimSend(t, s)
		require.Equal(t, one.Outgoing.ID, again.Outgoing.ID)
		require.Equal(t, "one", again.Outgoing.Text)
		require.True(t, again.Outgoing.Repeat)
		finishSend(t, s, again, bot.MessageSent)
		require.Contains(t, claimSend(t, s).Outgoing.Text, "没能送出的回复）\ntwo")
	})
}

func TestAFailedMessageCallsAPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		require.NoError(t, s.FinishSend(t.Context(), *claimSend(t, s), bot.SendOutcome{
			State: bot.MessageFailed, Note: "没有送到",
		}))
		got, err := s.Conversation(t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, bot.StateQueued, got.State)
		require.Equal(t, "有一条回复没有送到：没有送到", got.Reason)
	})
}
