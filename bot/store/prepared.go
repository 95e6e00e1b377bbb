package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// prepared are statements that the database need not read and plan anew each time, by their text:
// that takes longer than all the rest of storing a message but the write to the disk.
type prepared map[string]*sql.Stmt

// preparedQueries are those of the way of a message, with plain arguments only; each with the text
// that the engine is given.
func (e engine) preparedQueries() map[string]string {
	queries := make(map[string]string)
	for _, query := range []string{
		lockByID, readByID, parkedAndBehind,
		unreadMessages, unreadNow, recentHistory,
		unclearMessages, recentTurns, waitingNow, handledInClient,
		insertTurn, insertPart, handledMessage,
		claimTurn, sendDue, claimSend, sendingMessage, finishedSend, claimDue, saveConversation,
		findAccount, moveCursor,
	} {
		queries[query] = e.written(query)
	}
	for _, query := range []rowsQuery{
		insertReceived, knownMessages, insertChoices, saveVectors, makeContacts, makeFirst,
	} {
		queries[query.text] = e.written(e.rows(query))
	}
	own := []string{lockByAddress}
	if e.postgres {
		own = append(lookQueries(), lockAllByAddress, selectClock, notifyOthers)
	}
	for _, query := range own {
		queries[query] = e.written(query)
	}
	return queries
}

var (
	skipMark = regexp.MustCompile(`\{skip (\w+)\}`)
	liveMark = regexp.MustCompile(`\{live (\w+)\}`)
	// numberedMark is an argument by its number, as SQLite writes it.
	numberedMark = regexp.MustCompile(`\?(\d)`)
)

// written is a query with what is the engine's own in place of the marks. {lock} and {skip x} lock the
// rows that are read, the latter passing over rows of x that somebody else holds; {clock} reads the
// clock by which claims last, on PostgreSQL; {at} is that clock on both, and takes ownClock as the first
// argument; {live x} is the condition that the row called x is claimed by somebody who is still there
// at that time. Where these stand, arguments are numbered.
func (e engine) written(query string) string {
	query = liveMark.ReplaceAllStringFunc(query, func(mark string) string {
		return e.live(liveMark.FindStringSubmatch(mark)[1], "{at}")
	})
	query = strings.NewReplacer("{lock}", e.lock, "{clock}", e.clock, "{at}", e.at,
		"{answering}", answeringRoles()).Replace(query)
	query = skipMark.ReplaceAllString(query, e.skip)
	if !e.postgres {
		return query
	}
	query = numberedMark.ReplaceAllString(query, "$$$1")
	var out strings.Builder
	for i, piece := range strings.Split(query, "?") {
		if i > 0 {
			fmt.Fprintf(&out, "$%d", i)
		}
		out.WriteString(piece)
	}
	return out.String()
}

func (s *Store) prepareQueries(ctx context.Context) error {
	queries := s.engine.preparedQueries()
	if s.engine.postgres {
		return s.nameQueries(ctx, queries)
	}
	s.prepared = make(prepared)
	for query, written := range queries {
		//nolint:sqlclosecheck // closed by close, with all others
		stmt, err := s.writes.DB.PrepareContext(ctx, written)
		if err != nil {
			return fmt.Errorf("prepare %q: %w", query, err)
		}
		s.prepared[query] = stmt
	}
	return nil
}

func (p prepared) close() error {
	var errs []error
	for _, stmt := range p {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// exec runs a query that changes rows; on PostgreSQL with the next that reads some, see trips.
func (w *work) exec(ctx context.Context, query string, args ...any) error {
	if named, ok := w.store.named[query]; ok {
		w.trips.later(named.with(nil, args))
		return nil
	}
	stmt := w.store.prepared[query]
	if stmt == nil {
		return w.querier.exec(ctx, query, args...)
	}
	//nolint:sqlclosecheck // the transaction closes what is its own
	if _, err := w.tx.StmtContext(ctx, stmt).ExecContext(ctx, plainArgs(args)...); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// list reads all rows into a pointer to a slice.
func (w *work) list(ctx context.Context, dest any, query string, args ...any) error {
	return w.lists(ctx, ask{dest, query, args})
}

// ask is a query with its arguments and a pointer to a slice for the rows.
type ask struct {
	dest  any
	query string
	args  []any
}

// lists asks one after the other, on PostgreSQL in a single trip.
func (w *work) lists(ctx context.Context, asks ...ask) error {
	for _, a := range asks {
		if named, ok := w.store.named[a.query]; ok {
			w.trips.later(named.with(a.dest, a.args))
		} else if err := w.listOne(ctx, a); err != nil {
			return err
		}
	}
	if w.trips == nil {
		return nil
	}
	return w.trips.sendWaiting(ctx)
}

// last asks what only who comes after the commit needs to know: on PostgreSQL it goes with the commit, and
// the answers are there when transact returns.
func (w *work) last(ctx context.Context, asks ...ask) error {
	if w.trips == nil {
		return w.lists(ctx, asks...)
	}
	for _, a := range asks {
		w.trips.later(w.store.named[a.query].with(a.dest, a.args))
	}
	return nil
}

func (w *work) listOne(ctx context.Context, a ask) error {
	stmt := w.store.prepared[a.query]
	if stmt == nil {
		return w.scan(ctx, a.dest, a.query, a.args...)
	}
	//nolint:rowserrcheck,sqlclosecheck // ScanRows checks and closes them
	rows, err := w.tx.StmtContext(ctx, stmt).QueryContext(ctx, plainArgs(a.args)...)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := w.store.writes.ScanRows(ctx, rows, a.dest); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}
