package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// trips is a transaction on PostgreSQL that takes few of them. What returns nothing is not sent at once
// but with the next query that does, or with the commit, and the beginning with the first; so an error of
// a statement may come with a later one. PostgreSQL runs all in their order.
type trips struct {
	bun.Conn
	store *Store
	// waiting are the statements that are not sent yet; begun is whether BEGIN was sent.
	waiting []statement
	begun   bool
}

var (
	begin  = statement{name: "begin", text: "BEGIN"}
	commit = statement{name: "commit", text: "COMMIT"}
)

// alone runs f in a transaction of its own on PostgreSQL.
func (s *Store) alone(ctx context.Context, w *work, f func(context.Context) error) error {
	conn, err := s.writes.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = conn.Close() }() // only gives it back
	t := &trips{Conn: conn, store: s}
	w.querier, w.trips = querier{t}, t
	committed := false
	defer func() {
		if !committed {
			t.rollback()
		}
	}()
	if err := f(ctx); err != nil {
		return err
	}
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	committed = true
	return nil
}

// later has a statement run with the next that is sent.
func (t *trips) later(s statement) { t.waiting = append(t.waiting, s) }

// send runs what waits.
func (t *trips) send(ctx context.Context) error {
	_, err := t.run(ctx, t.waiting)
	return err
}

func (t *trips) run(ctx context.Context, all []statement) (done string, err error) {
	t.waiting = nil
	if !t.begun {
		all = append([]statement{begin}, all...)
		t.begun = true
	}
	tag, err := t.store.runTogether(ctx, t.Conn, all)
	return tag.String(), err
}

// commit sends what waits and ends the transaction.
func (t *trips) commit(ctx context.Context) error {
	if !t.begun && len(t.waiting) == 0 {
		return nil
	}
	done, err := t.run(ctx, append(t.waiting, commit))
	if err == nil && done != commit.text {
		err = errors.New("a statement failed before") // PostgreSQL has undone all
	}
	return err
}

// longestRollback bounds how long a transaction is undone; after it the connection is closed, which undoes
// it too.
const longestRollback = 2 * time.Second

func (t *trips) rollback() {
	if !t.begun {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), longestRollback)
	defer cancel()
	// Where it fails, the driver finds the transaction open and throws the connection away.
	_, _ = t.Conn.ExecContext(ctx, "ROLLBACK")
}

// NewRaw is a query that bun writes out; it runs after what waits.
func (t *trips) NewRaw(query string, args ...any) *bun.RawQuery {
	return bun.NewRawQuery(t.store.writes, query, args...).Conn(t)
}

// ExecContext runs what waits before.
func (t *trips) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := t.sendWaiting(ctx); err != nil {
		return nil, err
	}
	return t.Conn.ExecContext(ctx, query, args...) //nolint:wrapcheck // the caller does
}

// QueryContext runs what waits before.
func (t *trips) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.sendWaiting(ctx); err != nil {
		return nil, err
	}
	return t.Conn.QueryContext(ctx, query, args...) //nolint:wrapcheck // the caller does
}

func (t *trips) sendWaiting(ctx context.Context) error {
	if t.begun && len(t.waiting) == 0 {
		return nil
	}
	return t.send(ctx)
}
