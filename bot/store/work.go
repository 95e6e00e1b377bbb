package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"rongjun/bot"
)

// stamp is a time as it is stored: microseconds since 1970, 0 for the zero time.
type stamp int64

func stampOf(t time.Time) stamp {
	if t.IsZero() {
		return 0
	}
	return stamp(t.UnixMicro())
}

func (s stamp) time() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(s)).UTC()
}

func (s stamp) add(d time.Duration) stamp { return s + stamp(d.Microseconds()) }

// querier is a handle or a transaction.
type querier struct{ rawer }

// rawer makes queries that bun writes out.
type rawer interface {
	NewRaw(query string, args ...any) *bun.RawQuery
}

func (q querier) exec(ctx context.Context, query string, args ...any) error {
	if _, err := q.NewRaw(query, plainArgs(args)...).Exec(ctx); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// scan reads the rows into dest: a pointer to a slice, or to one value, which must be there.
func (q querier) scan(ctx context.Context, dest any, query string, args ...any) error {
	if err := q.NewRaw(query, plainArgs(args)...).Scan(ctx, dest); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}

// work is one transaction that writes.
type work struct {
	querier
	// tx is the transaction on SQLite, trips on PostgreSQL.
	tx     *sql.Tx
	trips  *trips
	store  *Store
	engine engine
	// now is what the clock of claims said when the transaction began.
	now     stamp
	touched []int64
	// matters is for which work the changes may matter.
	matters bot.Work
	// follows is timed work that is scheduled with the commit.
	follows []bot.Due
}

// changed notes that waiters want to hear of the conversation after the commit.
func (w *work) changed(conversation int64) { w.changedFor(conversation, bot.AllWork) }

// changedFor is changed where it is known for which work that matters.
func (w *work) changedFor(conversation int64, matters bot.Work) {
	w.matters |= matters
	if !slices.Contains(w.touched, conversation) {
		w.touched = append(w.touched, conversation)
	}
}

// change runs f in a transaction and commits it unless f fails.
func (s *Store) change(
	ctx context.Context, do string, f func(context.Context, *work) error,
) error {
	return s.transact(ctx, do, func(ctx context.Context, w *work) error {
		if err := w.readClock(ctx); err != nil {
			return err
		}
		return f(ctx, w)
	})
}

// transact is change for what begins with the lock of a conversation, which reads the clock too.
func (s *Store) transact(
	ctx context.Context, do string, f func(context.Context, *work) error,
) error {
	w := &work{store: s, engine: s.engine}
	err := s.commit(ctx, w, func(ctx context.Context) error {
		if err := f(ctx, w); err != nil {
			return err
		}
		for _, due := range w.follows {
			if err := w.schedule(ctx, due); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fault(do, err)
	}
	s.tell(w.touched, w.matters)
	return nil
}

func (s *Store) commit(ctx context.Context, w *work, f func(context.Context) error) error {
	if s.engine.postgres {
		return s.alone(ctx, w, f)
	}
	return s.share(ctx, func(ctx context.Context, tx bun.Tx) error {
		w.querier, w.tx, w.now = querier{tx}, tx.Tx, stampOf(s.opts.Now())
		return f(ctx)
	})
}

// tell lets the waiters know, here and in other processes, of what a commit has changed.
func (s *Store) tell(conversations []int64, matters bot.Work) {
	for _, c := range conversations {
		s.opts.ChangedFor(c, matters)
	}
	s.announce(conversations)
}

func (w *work) readClock(ctx context.Context) error {
	if w.now != 0 {
		return nil
	}
	var now []stamp
	if err := w.list(ctx, &now, selectClock); err != nil {
		return err
	}
	w.now = now[0]
	return nil
}

const selectClock = "SELECT {clock}"

// clock reads the clock by which claims last, for reading.
func (s *Store) clock(ctx context.Context) (stamp, error) {
	if !s.engine.postgres {
		return stampOf(s.opts.Now()), nil
	}
	var now stamp
	err := s.read().scan(ctx, &now, "SELECT "+s.engine.clock)
	return now, err
}

// verdict runs f like transact; what f returns first is returned after the commit and undoes nothing.
func (s *Store) verdict(
	ctx context.Context, do string, f func(context.Context, *work) (verdict, err error),
) error {
	var verdict error
	err := s.transact(ctx, do, func(ctx context.Context, w *work) error {
		var err error
		verdict, err = f(ctx, w)
		return err
	})
	if err != nil {
		return err
	}
	if verdict != nil {
		return fmt.Errorf("%s: %w", do, verdict)
	}
	return nil
}

// read is the handle for reading, outside a transaction.
func (s *Store) read() querier { return querier{s.reads} }

// soonest is the time of the next piece of work, which is never past: work that is due and was not
// handed out is in somebody else's hands just now.
func soonest(at, now stamp) time.Time {
	const moment = 20 * time.Millisecond
	if at == 0 {
		return time.Time{}
	}
	return max(at, now.add(moment)).time()
}

// claimTries is how often a claim looks again when somebody else was quicker.
const claimTries = 5

var errGone = fmt.Errorf("claim is not held: %w", bot.ErrStale)
