package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

func TestTheWorkOfADeadProcessIsVoid(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	o := d.options()
	o.Process = "dead"
	dead, alive := d.openWith(o), d.open()
	c := answered(t, dead, "li", "one")
	claimSend(t, dead)
	receive(t, dead, text("wang", "a"))
	turn := claimTurn(t, dead)
	require.NoError(t, dead.Schedule(t.Context(), bot.Due{Kind: "k", At: d.now().Add(-time.Hour)}))
	claimDue(t, dead)

	noTurn(t, alive)
	nothingDue(t, alive)
	n, err := alive.BotSending(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	_, err = d.raw.ExecContext(t.Context(),
		"UPDATE processes SET beat = beat - 5000000 WHERE id = 'dead'")
	require.NoError(t, err)
	n, err = alive.BotSending(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, 1, n, "it may only be slow, and its request under way")
	require.Equal(t, "a", claimTurn(t, alive).Text())
	claimDue(t, alive)
	require.NoError(t, alive.RescueSends(t.Context(), []string{"wecom"}))
	require.True(t, claimSend(t, alive).Outgoing.Repeat)
	require.ErrorIs(t, dead.FinishTurn(t.Context(), result(turn, "late")), bot.ErrStale)
}

func TestATakeoverWaitsNoLongerForADeadProcessThanItsClaimLasts(t *testing.T) {
	d := newPostgres(t)
	o := d.options()
	o.Process = "dead"
	dead, alive := d.openWith(o), d.open()
	c := answered(t, dead, "li", "one")
	claimSend(t, dead)
	d.pass(bot.ClaimFor)
	n, err := alive.BotSending(t.Context(), c)
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestAHeartbeatKeepsClaims(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	one, two := d.open(), d.open()
	receive(t, one, text("li", "a"))
	claimTurn(t, one)
	_, err := d.raw.ExecContext(t.Context(), "UPDATE processes SET beat = beat - 5000000")
	require.NoError(t, err)
	require.NoError(t, one.Beat(t.Context()))
	noTurn(t, two)
}

func TestALateHeartbeatTakesNoWorkFromTheProcessItself(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	one, two := d.open(), d.open()
	c := answered(t, one, "li", "one")
	claimSend(t, one)
	receive(t, one, text("wang", "a"))
	turn := claimTurn(t, one)
	require.NoError(t, one.Schedule(t.Context(), bot.Due{Kind: "k", At: d.now().Add(-time.Hour)}))
	claimDue(t, one)
	_, err := d.raw.ExecContext(t.Context(), "UPDATE processes SET beat = beat - 5000000")
	require.NoError(t, err)

	noTurn(t, one)
	nothingDue(t, one)
	require.NoError(t, one.RescueSends(t.Context(), []string{"wecom"}))
	noSend(t, one)
	n, err := one.BotSending(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, 1, n, "a takeover waits for the send")
	require.NoError(t, one.FinishTurn(t.Context(), result(turn, "in time")))

	receive(t, one, text("zhao", "b"))
	claimTurn(t, one)
	require.Equal(t, "b", claimTurn(t, two).Text(), "to the others it looks dead")
}

func TestAProcessHearsWhatOthersChange(t *testing.T) {
	t.Parallel()
	d := newPostgres(t)
	heard := make(chan int64, 100)
	o := d.options()
	o.Changed = func(c int64) { heard <- c }
	listener, writer := d.openWith(o), d.open()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); listener.Listen(ctx) }()
	require.Equal(t, bot.EveryConversation, <-heard, "it listens")

	c := receive(t, writer, text("li", "a"))[0].Conversation
	require.Equal(t, c, <-heard)

	// The connection is lost; after it is there again, changes are heard again.
	_, err := d.raw.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid)
		FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`)
	require.NoError(t, err)
	require.Equal(t, bot.EveryConversation, <-heard)
	receive(t, writer, text("li", "b"))
	require.Equal(t, c, <-heard)

	// What it changes itself is told once, not heard again.
	receive(t, listener, text("li", "c"))
	receive(t, writer, text("wang", "d"))
	require.Equal(t, c, <-heard)
	require.NotEqual(t, c, <-heard)
	stop()
	<-done
}

func TestSeveralProcessesMigrateOneAfterTheOther(t *testing.T) {
	t.Parallel()
	d := unmigratedPostgres(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := store.Open(d.ctx, d.options())
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestManyAtOnceKeepOrderAndShareTheWork lets many contacts write, and several processes answer and
// send, all at the same time.
func TestManyAtOnceKeepOrderAndShareTheWork(t *testing.T) {
	const contacts, each = 12, 25
	onBoth(t, func(t *testing.T, d *database) {
		stores := []*store.Store{d.open()}
		if d.raw != nil {
			stores = append(stores, d.open())
		}
		m := &mill{t: t, sent: make(map[int64][]string), left: contacts * each}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		var all sync.WaitGroup
		for i := range contacts {
			s := stores[i%len(stores)]
			all.Go(func() { m.write(ctx, s, fmt.Sprint("c", i), each) })
		}
		for _, s := range stores {
			for range 3 {
				all.Go(func() { m.answer(ctx, s) })
				all.Go(func() { m.send(ctx, s) })
			}
			all.Go(func() {
				for !m.done(ctx) {
					m.check(s.Beat(ctx))
					time.Sleep(100 * time.Millisecond)
				}
			})
		}
		all.Wait()
		require.NoError(t, ctx.Err())
		m.verify(stores[0], contacts, each)
	})
}

// mill is everything that goes on in that test.
type mill struct {
	t    *testing.T
	mu   sync.Mutex
	sent map[int64][]string
	// left counts the messages that no finished turn has read yet; out the parts not sent.
	left, out int
}

func (m *mill) check(err error) {
	if err != nil {
		m.t.Error(err)
	}
}

func (m *mill) done(ctx context.Context) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return ctx.Err() != nil || m.t.Failed() || (m.left == 0 && m.out == 0)
}

// write writes alone and in company: now and then a message of somebody else comes in the same call.
func (m *mill) write(ctx context.Context, s *store.Store, contact string, n int) {
	for i := range n {
		arrivals := []bot.Arrival{text(contact, fmt.Sprintf("%03d", i))}
		if i > 0 {
			arrivals = append(arrivals, text(contact, fmt.Sprintf("%03d", i-1)))
		}
		if i%5 == 0 {
			other := text(fmt.Sprint("c", rand.IntN(6)), "000")
			other.Recalls, other.PlatformID = "nothing", fmt.Sprint(contact, i)
			arrivals = append([]bot.Arrival{other}, arrivals...)
		}
		_, err := s.Receive(ctx, arrivals, pacing)
		m.check(err)
	}
}

func (m *mill) answer(ctx context.Context, s *store.Store) {
	for !m.done(ctx) {
		turn, _, err := s.ClaimTurn(ctx)
		m.check(err)
		if turn == nil {
			time.Sleep(time.Millisecond)
			continue
		}
		r := result(turn, turn.Text(), "end")
		m.mu.Lock()
		m.out += len(r.Parts)
		m.mu.Unlock()
		err = s.FinishTurn(ctx, r)
		m.mu.Lock()
		if err == nil {
			m.left -= len(r.Messages)
		} else {
			m.out -= len(r.Parts)
			require.ErrorIs(m.t, err, bot.ErrMoreArrived)
		}
		m.mu.Unlock()
	}
}

func (m *mill) send(ctx context.Context, s *store.Store) {
	for !m.done(ctx) {
		out, _, err := s.ClaimSend(ctx)
		m.check(err)
		if out == nil {
			time.Sleep(time.Millisecond)
			continue
		}
		m.mu.Lock()
		m.sent[out.Conversation] = append(m.sent[out.Conversation], out.Outgoing.Text)
		m.mu.Unlock()
		m.check(s.FinishSend(ctx, *out, bot.SendOutcome{State: bot.MessageSent}))
		m.mu.Lock()
		m.out--
		m.mu.Unlock()
	}
}

// verify reads what was sent: the answers repeat the questions, each once and in order.
func (m *mill) verify(s *store.Store, contacts, each int) {
	for i := range contacts {
		c, err := s.ConversationOf(m.t.Context(), address(fmt.Sprint("c", i)))
		require.NoError(m.t, err)
		want := ""
		for j := range each {
			want += fmt.Sprintf("%03d\n", j)
		}
		got := ""
		for j, part := range m.sent[c.ID] {
			if j%2 == 0 {
				got += part + "\n"
			} else {
				require.Equal(m.t, "end", part)
			}
		}
		require.Equal(m.t, want, got)
	}
}
