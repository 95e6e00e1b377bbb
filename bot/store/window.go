package store

import (
	"context"
	"time"

	"rongjun/bot"
)

// Warn implements bot.WindowStore.
func (s *Store) Warn(
	ctx context.Context, conversation int64, since time.Time, words string,
) error {
	return s.change(ctx, "warn of a window", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		waits := c.State == bot.StateStaff || c.State == bot.StateQueued
		if !waits || c.Client || c.BudgetFrom != stampOf(since) || c.Reason == bot.ReasonDanger {
			return nil
		}
		c.Reason = words
		return w.save(ctx, c)
	})
}
