package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

const (
	makeKept = "CREATE TABLE kept (n INTEGER PRIMARY KEY, parent INTEGER REFERENCES kept (n) " +
		"DEFERRABLE INITIALLY DEFERRED)"
	keep   = "INSERT INTO kept VALUES (?, NULL)"
	orphan = "INSERT INTO kept VALUES (?, -1)"
)

// writers let several write at once: the first holds the turn until all others wait for it.
type writers struct {
	t       *testing.T
	s       *store.Store
	first   error
	results []*error
	waiting sync.WaitGroup
	hold    chan struct{}
}

func newWriters(t *testing.T) *writers {
	s := newSQLite(t).open()
	require.NoError(t, s.Execute(t.Context(), makeKept))
	w := &writers{t: t, s: s, hold: make(chan struct{})}
	began := make(chan struct{})
	w.waiting.Go(func() {
		w.first = s.Write(t.Context(), func(exec func(string, ...any) error) error {
			close(began)
			<-w.hold
			return exec(keep, 1000)
		})
	})
	<-began
	return w
}

// add begins to write and returns when it waits for the turn.
func (w *writers) add(ctx context.Context, write func(exec func(string, ...any) error) error) {
	w.t.Helper()
	result, before := new(error), w.s.Writers()
	w.results = append(w.results, result)
	w.waiting.Go(func() { *result = w.s.Write(ctx, write) })
	require.Eventually(w.t, func() bool { return w.s.Writers() == before+1 }, 5*time.Second, time.Millisecond)
}

// finish lets all write and gives what is there afterwards.
func (w *writers) finish() []int {
	w.t.Helper()
	close(w.hold)
	w.waiting.Wait()
	var kept []int
	require.NoError(w.t, w.s.Read(w.t.Context(), &kept, "SELECT n FROM kept ORDER BY n"))
	return kept
}

var errOwn = errors.New("own fault")

func TestWhatOneWriterFailsAtIsUndoneAlone(t *testing.T) {
	w := newWriters(t)
	for n := range 40 {
		w.add(t.Context(), func(exec func(string, ...any) error) error {
			if err := exec(keep, n); err != nil || n%3 != 0 {
				return err
			}
			return errOwn
		})
	}
	want := []int{}
	for n := range 40 {
		if n%3 != 0 {
			want = append(want, n)
		}
	}
	assert.Equal(t, append(want, 1000), w.finish())
	assert.NoError(t, w.first)
	for n, err := range w.results {
		if n%3 == 0 {
			assert.ErrorIs(t, *err, errOwn, n)
		} else {
			assert.NoError(t, *err, n)
		}
	}
}

func TestACommitThatFailsFailsForAllInIt(t *testing.T) {
	w := newWriters(t)
	for n := range 3 {
		w.add(t.Context(), func(exec func(string, ...any) error) error {
			if n == 1 {
				return exec(orphan, n) // found out at the commit
			}
			return exec(keep, n)
		})
	}
	assert.Empty(t, w.finish())
	for _, err := range append(w.results, &w.first) {
		assert.ErrorContains(t, *err, "commit")
	}
	assert.NoError(t, w.s.Execute(t.Context(), keep, 5), "who comes after is not harmed")
}

func TestWhoGivesUpWaitingToWriteHoldsUpNobody(t *testing.T) {
	w := newWriters(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.add(ctx, func(exec func(string, ...any) error) error { return exec(keep, 1) })
	cancel()
	require.Eventually(t, func() bool { return w.s.Writers() == 0 }, 5*time.Second, time.Millisecond)
	w.add(t.Context(), func(exec func(string, ...any) error) error { return exec(keep, 2) })
	assert.Equal(t, []int{2, 1000}, w.finish())
}

func TestAPanicOfOneWriterLeavesTheOthersWhole(t *testing.T) {
	w := newWriters(t)
	w.add(t.Context(), func(exec func(string, ...any) error) error { return exec(keep, 1) })
	w.waiting.Go(func() {
		assert.PanicsWithValue(t, "oops", func() {
			_ = w.s.Write(t.Context(), func(exec func(string, ...any) error) error {
				assert.NoError(t, exec(keep, 3))
				panic("oops")
			})
		})
	})
	require.Eventually(t, func() bool { return w.s.Writers() == 2 }, 5*time.Second, time.Millisecond)
	assert.Equal(t, []int{1, 1000}, w.finish())
	assert.NoError(t, *w.results[0])
	assert.NoError(t, w.s.Execute(t.Context(), keep, 4))
}

func TestWritersAtOnceLoseNothing(t *testing.T) {
	s := newSQLite(t).open()
	require.NoError(t, s.Execute(t.Context(), makeKept))
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for n := range 25 {
				ctx, cancel := context.WithCancel(t.Context())
				if n%5 == 4 {
					cancel() // or a moment later
				}
				err := s.Write(ctx, func(exec func(string, ...any) error) error {
					if err := exec(keep, i*100+n); err != nil || n%5 != 3 {
						return err
					}
					return errOwn
				})
				cancel()
				assert.Equal(t, n%5 > 2, err != nil, "%d: %v", n, err)
			}
		})
	}
	all.Wait()
	var kept []int
	require.NoError(t, s.Read(t.Context(), &kept, "SELECT n % 100 % 5 FROM kept"))
	assert.Len(t, kept, 300)
	for _, rest := range kept {
		assert.Less(t, rest, 3)
	}
}

func TestADiskThatIsFullFailsOnlyWhoNeedsRoom(t *testing.T) {
	s := newSQLite(t).open()
	receive(t, s, text("li", "a"))
	require.NoError(t, s.LimitPages(t.Context(), 1))
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			long := text(fmt.Sprint("contact", i), "long")
			long.Raw = make([]byte, 1<<20)
			_, err := s.Receive(t.Context(), []bot.Arrival{long}, pacing)
			assert.ErrorIs(t, err, bot.ErrUnavailable)
		})
	}
	all.Wait()
	require.NoError(t, s.LimitPages(t.Context(), 1<<20))
	receive(t, s, text("li", "b"))
}
