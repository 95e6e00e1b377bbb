package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

func schedule(t *testing.T, s *store.Store, subject string, at time.Time) {
	t.Helper()
	require.NoError(t, s.Schedule(t.Context(), bot.Due{Kind: "pull", Subject: subject, At: at}))
}

func claimDue(t *testing.T, s *store.Store) *bot.Due {
	t.Helper()
	due, _, err := s.ClaimDue(t.Context())
	require.NoError(t, err)
	require.NotNil(t, due, "nothing due")
	return due
}

func nothingDue(t *testing.T, s *store.Store) time.Time {
	t.Helper()
	due, next, err := s.ClaimDue(t.Context())
	require.NoError(t, err)
	require.Nil(t, due, "work was claimed")
	return next
}

func TestTheWorkThatIsDueLongestIsClaimedFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		require.True(t, nothingDue(t, s).IsZero())
		schedule(t, s, "second", d.now().Add(-time.Minute))
		schedule(t, s, "first", d.now().Add(-time.Hour))
		later := d.now().Add(time.Hour)
		schedule(t, s, "later", later)
		require.Contains(t, d.heard(), bot.EveryConversation)
		first := claimDue(t, s)
		require.Equal(t, "first", first.Subject)
		require.Equal(t, "pull", first.Kind)
		require.Equal(t, 1, first.Attempts)
		second := claimDue(t, s)
		require.Equal(t, "second", second.Subject)
		require.WithinDuration(t, d.now().Add(bot.ClaimFor), nothingDue(t, s), 10*time.Second)
		require.NoError(t, s.FinishDue(t.Context(), *first, time.Time{}))
		require.NoError(t, s.FinishDue(t.Context(), *second, time.Time{}))
		require.WithinDuration(t, later, nothingDue(t, s), 10*time.Second)
	})
}

func TestSchedulingAgainMovesTheWork(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		schedule(t, s, "a", d.now().Add(-time.Hour))
		schedule(t, s, "a", d.now().Add(time.Hour))
		require.WithinDuration(t, d.now().Add(time.Hour), nothingDue(t, s), 10*time.Second)
		schedule(t, s, "a", d.now())
		claimDue(t, s)
		nothingDue(t, s)
	})
}

func TestFinishedWorkIsGoneOrDoneAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		schedule(t, s, "a", d.now())
		due := claimDue(t, s)
		require.NoError(t, s.FinishDue(t.Context(), *due, d.now().Add(time.Minute)))
		require.WithinDuration(t, d.now().Add(time.Minute), nothingDue(t, s), 10*time.Second)
		d.pass(time.Minute + time.Second)
		due = claimDue(t, s)
		require.Equal(t, 2, due.Attempts)
		require.NoError(t, s.FinishDue(t.Context(), *due, time.Time{}))
		require.True(t, nothingDue(t, s).IsZero())
		require.ErrorIs(t, s.FinishDue(t.Context(), *due, time.Time{}), bot.ErrStale)
	})
}

func TestWorkScheduledAnewSinceTheClaimKeepsItsTime(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		for _, next := range []time.Time{{}, d.now().Add(time.Hour)} {
			schedule(t, s, "a", d.now())
			due := claimDue(t, s)
			schedule(t, s, "a", d.now())
			nothingDue(t, s) // not while somebody is at it
			require.NoError(t, s.FinishDue(t.Context(), *due, next))
			again := claimDue(t, s)
			require.Equal(t, 1, again.Attempts)
			require.NoError(t, s.FinishDue(t.Context(), *again, time.Time{}))
		}
	})
}

func TestWorkWhoseClaimLapsedIsClaimedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		schedule(t, s, "a", d.now())
		first := claimDue(t, s)
		d.pass(bot.ClaimFor + time.Second)
		second := claimDue(t, s)
		require.Equal(t, 2, second.Attempts)
		require.ErrorIs(t, s.FinishDue(t.Context(), *first, time.Time{}), bot.ErrStale)
		require.NoError(t, s.FinishDue(t.Context(), *second, time.Time{}))
	})
}
