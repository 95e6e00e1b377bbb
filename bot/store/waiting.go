package store

import (
	"context"

	"rongjun/bot"
)

// SayWaiting implements bot.WaitingStore.
func (s *Store) SayWaiting(
	ctx context.Context, conversation int64, say func(bot.Queue) bot.OutgoingPart,
) (queued bool, err error) {
	err = s.change(ctx, "say to a waiting contact", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		queued = c.State == bot.StateQueued && !c.Client && !c.fenced(w.now)
		if !queued {
			return nil
		}
		q, _, err := w.queue(ctx, c)
		if err != nil {
			return err
		}
		if err := w.addPart(ctx, c.ID, partPlace{part: 1}, say(q)); err != nil {
			return err
		}
		w.changed(c.ID)
		return nil
	})
	return queued, err
}
