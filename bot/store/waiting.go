package store

import (
	"context"

	"rongjun/bot"
)

// movedWork is the work claimed, with the time at which it is to be done again.
const movedWork = `UPDATE due SET at = CASE WHEN anew THEN at ELSE ? END
	WHERE kind = ? AND subject = ? AND claim = ? RETURNING claim`

// SayWaiting implements bot.WaitingStore.
func (s *Store) SayWaiting(ctx context.Context, u bot.WaitingUpdate) (queued bool, err error) {
	err = s.transact(ctx, "say to a waiting contact", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, u.Conversation)
		if err != nil {
			return err
		}
		queued = c.State == bot.StateQueued && !c.Client && !c.fenced(w.now)
		if !queued {
			return nil
		}
		var moved []int64
		err = w.scan(ctx, &moved, movedWork,
			stampOf(u.Next), u.Due.Kind, u.Due.Subject, u.Due.Claim)
		if err != nil {
			return err
		}
		if len(moved) == 0 {
			return errGone
		}
		var waiting []waitingRow
		if err := w.list(ctx, &waiting, waitingNow, w.now.add(-onDutyFor), c.ID); err != nil {
			return err
		}
		q := waiting[0].queue()
		if err := w.addPart(ctx, c.ID, partPlace{part: 1}, u.Say(q)); err != nil {
			return err
		}
		if u.Act != nil {
			if err := w.addAct(ctx, c.ID, u.Act(q)); err != nil {
				return err
			}
		}
		w.changed(c.ID)
		return nil
	})
	return queued, err
}
