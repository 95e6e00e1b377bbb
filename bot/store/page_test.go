package store_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func pageOf(read, next string, arrivals ...bot.Arrival) bot.PageCommit {
	return bot.PageCommit{
		Channel: "wecom", Account: "kf1", Read: read, Next: next, Arrivals: arrivals,
	}
}

func TestAPageAndItsCursorAreCommittedTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		state, err := s.PullState(t.Context(), "wecom", "kf1")
		require.NoError(t, err)
		require.Zero(t, state)

		got, err := s.ReceivePage(t.Context(), pageOf("", "c1", text("li", "a"), text("wang", "b")))
		require.NoError(t, err)
		require.Len(t, got, 2)
		caughtUp := pageOf("c1", "c2")
		caughtUp.CaughtUp = true
		_, err = s.ReceivePage(t.Context(), caughtUp)
		require.NoError(t, err)
		state, err = s.PullState(t.Context(), "wecom", "kf1")
		require.NoError(t, err)
		require.Equal(t, bot.PullState{Cursor: "c2", CaughtUp: true}, state)
		state, err = s.PullState(t.Context(), "wecom", "kf2")
		require.NoError(t, err)
		require.Zero(t, state)
	})
}

func TestAPageFromAnOldCursorStoresNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		_, err := s.ReceivePage(t.Context(), pageOf("", "c1"))
		require.NoError(t, err)
		_, err = s.ReceivePage(t.Context(), pageOf("", "c1", text("li", "a")))
		require.ErrorIs(t, err, bot.ErrStale)
		_, err = s.ConversationOf(t.Context(), address("li"))
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}

func TestAPageThatCannotBeStoredLeavesTheCursor(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		bad := text("li", "a")
		bad.PlatformID = ""
		_, err := s.ReceivePage(t.Context(), pageOf("", "c1", bad))
		require.ErrorIs(t, err, bot.ErrInvalid)
		state, err := s.PullState(t.Context(), "wecom", "kf1")
		require.NoError(t, err)
		require.Zero(t, state)
	})
}

func TestOneOfManyPullersCommitsAPage(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		var committed atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := s.ReceivePage(t.Context(), pageOf("", "c1", text("li", "a"), text("wang", "b")))
				if err == nil {
					committed.Add(1)
				} else {
					checkIs(t, err, bot.ErrStale)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 1, committed.Load())
	})
}
