package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// prepared are statements that SQLite need not read anew each time, by their text. Reading takes
// longer than all the rest of storing a message but the write to the disk. On PostgreSQL there are
// none: bun writes the values into the text there.
type prepared map[string]*sql.Stmt

// preparedQueries are those of the way of a message, with plain arguments only.
func preparedQueries() []string {
	return []string{
		lockByAddress, lockByID, saveConversation, insertReceived, letGoParked, recallsOf,
		recentTurns, unreadMessages, unreadIDs, unreadSummary, recentHistory, insertTurn, insertPart,
		finishedSend,
	}
}

func (s *Store) prepareQueries(ctx context.Context) error {
	s.prepared = make(prepared)
	for _, query := range preparedQueries() {
		stmt, err := s.writes.DB.PrepareContext(ctx, query)
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

// exec runs a query that changes rows.
func (w *work) exec(ctx context.Context, query string, args ...any) error {
	stmt := w.store.prepared[query]
	if stmt == nil {
		return w.querier.exec(ctx, query, args...)
	}
	if _, err := w.tx.StmtContext(ctx, stmt).ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// list reads all rows into a pointer to a slice.
func (w *work) list(ctx context.Context, dest any, query string, args ...any) error {
	stmt := w.store.prepared[query]
	if stmt == nil {
		return w.scan(ctx, dest, query, args...)
	}
	rows, err := w.tx.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := w.store.writes.ScanRows(ctx, rows, dest); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}
