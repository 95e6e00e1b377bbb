package store

import (
	"context"
	"fmt"
	"time"
)

// lookout is how work of one kind is looked for; both queries take ownClock once.
//
// The look comes before the transaction that claims: every change wakes all who look, so most looks
// find nothing, and a transaction for each would hold up those who have something to write. What a
// look has found may be somebody else's when it is claimed; then it is looked for once more.
type lookout struct{ due, next string }

var lookouts = []lookout{lookForTurn, lookForSend, lookForDue}

// look reports whether work is due. If none is, it gives the time at which some may be, zero if none
// is known.
func (s *Store) look(ctx context.Context, l lookout) (due bool, next time.Time, err error) {
	var found []int64
	if err := s.peek(ctx, &found, l.due, s.ownClock()); err != nil || len(found) > 0 {
		return len(found) > 0, time.Time{}, err
	}
	var coming soon
	if err := s.peek(ctx, &coming, l.next, s.ownClock()); err != nil {
		return false, time.Time{}, err
	}
	return false, s.after(coming), nil
}

// lookBefore is look on SQLite. On PostgreSQL, where nobody is held up and a look is a trip, it is left to
// the claim, which goes on with lookOn where it finds nothing.
func (s *Store) lookBefore(ctx context.Context, l lookout) (due bool, next time.Time, err error) {
	if s.engine.postgres {
		return true, time.Time{}, nil
	}
	return s.look(ctx, l)
}

// soon is what the next query of a lookout gives: the clock, and one or two times, 0 for none.
type soon []struct{ Clock, At, Later stamp }

// lookOn asks with the commit when work may be due, on PostgreSQL.
func (w *work) lookOn(ctx context.Context, next *soon, l lookout) error {
	if !w.engine.postgres {
		return nil
	}
	return w.last(ctx, ask{next, l.next, []any{stamp(0)}})
}

// after is when to look again after a claim that found nothing.
func (s *Store) after(next soon) time.Time {
	if len(next) == 0 { // nothing was asked
		return s.lookAgain()
	}
	at := next[0].At
	if later := next[0].Later; later != 0 && (at == 0 || later < at) {
		at = later
	}
	return soonest(at, next[0].Clock)
}

// lookAgain is when to look again for work that somebody else was quicker to claim.
func (s *Store) lookAgain() time.Time {
	now := stampOf(s.opts.Now())
	return soonest(now, now)
}

// peek reads the rows of a query that is prepared for reading into a pointer to a slice.
func (s *Store) peek(ctx context.Context, dest any, query string, args ...any) error {
	if named, ok := s.named[query]; ok {
		return s.oneTrip(ctx, named.with(dest, args))
	}
	//nolint:rowserrcheck,sqlclosecheck // ScanRows checks and closes them
	rows, err := s.looks[query].QueryContext(ctx, plainArgs(args)...)
	if err == nil {
		err = s.reads.ScanRows(ctx, rows, dest)
	}
	if err != nil {
		return fmt.Errorf("look: %w", err)
	}
	return nil
}

// ownClock is what {at} takes: the clock of claims on SQLite; PostgreSQL reads its own.
func (s *Store) ownClock() stamp {
	if s.engine.postgres {
		return 0
	}
	return stampOf(s.opts.Now())
}

// lookQueries are those that are prepared for reading.
func lookQueries() []string {
	queries := []string{
		pullState, readByID, readByAddress, laterMessages, lastMessages, laterVisible, lastVisible,
		turnsOf, partsOfTurns,
	}
	for _, l := range lookouts {
		queries = append(queries, l.due, l.next)
	}
	return queries
}

func (s *Store) prepareLooks(ctx context.Context) error {
	if s.engine.postgres {
		return nil // they are among those that are named
	}
	s.looks = make(prepared)
	for _, query := range lookQueries() {
		//nolint:sqlclosecheck // closed by close, with all others
		stmt, err := s.reads.DB.PrepareContext(ctx, s.engine.written(query))
		if err != nil {
			return fmt.Errorf("prepare %q: %w", query, err)
		}
		s.looks[query] = stmt
	}
	return nil
}
