package store

import (
	"context"
	"fmt"

	"rongjun/bot"
)

const pullState = "SELECT read_to, caught_up FROM accounts WHERE channel = ? AND name = ?"

// PullState implements bot.PullStore.
func (s *Store) PullState(
	ctx context.Context, channel, account string,
) (bot.PullState, error) {
	var rows []struct {
		ReadTo   string
		CaughtUp bool
	}
	err := s.peek(ctx, &rows, pullState, channel, account)
	if err != nil || len(rows) == 0 {
		return bot.PullState{}, fault("read pull state", err)
	}
	return bot.PullState{Cursor: rows[0].ReadTo, CaughtUp: rows[0].CaughtUp}, nil
}

// ReceivePage implements bot.PullStore.
func (s *Store) ReceivePage(ctx context.Context, p bot.PageCommit) ([]bot.Accepted, error) {
	const do = "receive page"
	arrivals, err := readable(p.Arrivals)
	if err != nil {
		return nil, fault(do, err)
	}
	var out []bot.Accepted
	err = s.transact(ctx, do, func(ctx context.Context, w *work) error {
		if err := w.moveCursor(ctx, p); err != nil {
			return err
		}
		var err error
		if out, err = w.receive(ctx, arrivals, p.Pacing); err != nil {
			return err
		}
		return w.dutiesChanged(ctx, p)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

const moveCursor = `UPDATE accounts SET read_to = ?, caught_up = ?
	WHERE channel = ? AND name = ? AND read_to = ? RETURNING id`

// moveCursor locks the account, since it comes before the conversations in every transaction that
// needs both.
func (w *work) moveCursor(ctx context.Context, p bot.PageCommit) error {
	move := func() (moved []int64, err error) {
		asks := []ask{{&moved, moveCursor, []any{p.Next, p.CaughtUp, p.Channel, p.Account, p.Read}}}
		var now []stamp
		if w.now == 0 {
			asks = append(asks, ask{&now, selectClock, nil})
		}
		err = w.lists(ctx, asks...)
		w.now = append(now, w.now)[0]
		return moved, err
	}
	moved, err := move()
	if err == nil && len(moved) == 0 {
		if _, err = w.account(ctx, p.Channel, p.Account); err == nil {
			moved, err = move()
		}
	}
	if err != nil {
		return err
	}
	if len(moved) == 0 {
		return fmt.Errorf("cursor has moved: %w", bot.ErrStale)
	}
	return nil
}
