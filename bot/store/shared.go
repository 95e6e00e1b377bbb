package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/uptrace/bun"
)

// shared lets those who write to SQLite at the same time share a commit. SQLite has one writer at a time,
// and most of its time goes into commits, which wait for the disk: so each in turn writes into the
// transaction that is open, and who sees nobody waiting commits it for all. Nobody waits for company.
// What one of them fails at is undone alone; where the commit fails, it fails for all.
type shared struct {
	mu sync.Mutex
	// held is whether somebody has the turn; waiting are told when it is theirs.
	held    bool
	waiting []chan struct{}
	// open belongs to who has the turn, nil where no transaction is open.
	open *sharing
}

// sharing is one transaction and what became of it.
type sharing struct {
	tx    bun.Tx
	parts int
	err   error
	ended chan struct{}
}

// mostShared bounds how long the first of a commit waits for the last.
const mostShared = 16

// A part of a transaction, which can be undone alone.
const (
	beginPart = "SAVEPOINT part"
	endPart   = "RELEASE part"
	undoPart  = "ROLLBACK TO part"
)

// share runs f in a transaction and returns when it is committed. An error is f's own or the commit's.
func (s *Store) share(ctx context.Context, f func(context.Context, bun.Tx) error) error {
	if err := s.shared.acquire(ctx); err != nil {
		return err
	}
	g, err := s.inTurn(ctx, f)
	if err != nil {
		return err
	}
	<-g.ended
	return g.err
}

// inTurn adds what f does to the open transaction.
func (s *Store) inTurn(
	ctx context.Context, f func(context.Context, bun.Tx) error,
) (g *sharing, err error) {
	t := &s.shared
	defer t.pass()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("write: %w", err)
	}
	if err := t.begin(ctx, s.writes); err != nil {
		return nil, err
	}
	g = t.open
	whole := false
	defer func() {
		if !whole {
			t.undo()
		}
	}()
	if g.parts > 0 {
		// Who is interrupted in the middle of a statement would take the others with it.
		ctx = context.WithoutCancel(ctx)
	}
	if err := f(ctx, g.tx); err != nil {
		return nil, err
	}
	if g.parts > 0 {
		if _, err := g.tx.Tx.ExecContext(ctx, endPart); err != nil {
			return nil, fmt.Errorf("end part: %w", err)
		}
	}
	g.parts++
	whole = true
	return g, nil
}

// acquire waits for the turn. Who has it must pass it on.
func (t *shared) acquire(ctx context.Context) error {
	t.mu.Lock()
	if !t.held {
		t.held = true
		t.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	t.waiting = append(t.waiting, turn)
	t.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(t.waiting, turn)
	if i < 0 {
		return nil // the turn came at the same moment
	}
	t.waiting = slices.Delete(t.waiting, i, i+1)
	return fmt.Errorf("wait to write: %w", ctx.Err())
}

// begin opens a transaction, or a part of the open one. The transaction may outlive the one who opens it.
func (t *shared) begin(ctx context.Context, writes *bun.DB) error {
	if t.open != nil {
		if _, err := t.open.tx.Tx.ExecContext(ctx, beginPart); err != nil {
			return fmt.Errorf("begin part: %w", err)
		}
		return nil
	}
	tx, err := writes.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	t.open = &sharing{tx: tx, ended: make(chan struct{})}
	return nil
}

// undo takes back the part that failed. Where that is not possible, nothing of the transaction is kept.
func (t *shared) undo() {
	g := t.open
	if g.parts > 0 {
		_, err := g.tx.Tx.Exec(undoPart + "; " + endPart)
		if err == nil {
			return
		}
		g.err = fmt.Errorf("undo part: %w", err)
	}
	_ = g.tx.Rollback() // which SQLite may have done already
	t.end()
}

// pass gives the turn to who waits longest: with the transaction open if there is room in it, else after
// the commit.
func (t *shared) pass() {
	if t.open != nil && t.open.parts < mostShared && t.wake(true) {
		return
	}
	if t.open != nil {
		if err := t.open.tx.Commit(); err != nil {
			t.open.err = fmt.Errorf("commit: %w", err)
		}
		t.end()
	}
	t.wake(false)
}

// wake reports whether somebody waited, who has the turn now. Where nobody did, it is kept or free.
func (t *shared) wake(keep bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		t.held = keep
		return false
	}
	close(t.waiting[0])
	t.waiting = t.waiting[1:]
	return true
}

// end tells all whose parts are in the transaction.
func (t *shared) end() {
	close(t.open.ended)
	t.open = nil
}
