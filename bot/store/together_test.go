package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestNobodySuffersForAnothersBadArrival(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				a := text(fmt.Sprint("c", i), "a")
				if i%4 == 0 {
					a.PlatformID = ""
				}
				got, err := s.Receive(t.Context(), []bot.Arrival{a}, pacing)
				if i%4 == 0 {
					checkIs(t, err, bot.ErrInvalid)
					if got != nil {
						t.Errorf("bad arrival %d: %v, %v", i, got, err)
					}
				} else if err != nil || len(got) != 1 || !got[0].New {
					t.Errorf("arrival %d: %v, %v", i, got, err)
				}
			})
		}
		all.Wait()
		for i := range 40 {
			_, err := s.ConversationOf(t.Context(), address(fmt.Sprint("c", i)))
			if i%4 == 0 {
				require.ErrorIs(t, err, bot.ErrNotFound)
			} else {
				require.NoError(t, err)
			}
		}
	})
}

func TestTheSameMessageFromManyCallersIsNewOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		var mu sync.Mutex
		news := 0
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				got, err := s.Receive(t.Context(), []bot.Arrival{text("li", "a")}, pacing)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				} else if got[0].New {
					news++
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, news)
	})
}

func TestACallerThatGivesUpDoesNotStopTheOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Receive(ctx, []bot.Arrival{text("li", "a")}, pacing)
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
		require.Len(t, receive(t, s, text("li", "b")), 1)
	})
}
