package store

import (
	"context"
	"time"

	"rongjun/bot"
)

// Schedule implements bot.DueStore. Work that somebody does just now is done again at the new time.
func (s *Store) Schedule(ctx context.Context, d bot.Due) error {
	return s.change(ctx, "schedule", func(ctx context.Context, w *work) error {
		w.changed(bot.EveryConversation)
		return w.schedule(ctx, d)
	})
}

func (w *work) schedule(ctx context.Context, d bot.Due) error {
	return w.exec(ctx, `INSERT INTO due (kind, subject, at) VALUES (?, ?, ?)
		ON CONFLICT (kind, subject) DO UPDATE
		SET at = excluded.at, anew = TRUE, attempts = 0`, d.Kind, d.Subject, stampOf(d.At))
}

type dueRow struct {
	Kind     string
	Subject  string
	At       stamp
	Attempts int
	Claim    int64
}

// ClaimDue implements bot.DueStore.
func (s *Store) ClaimDue(ctx context.Context) (*bot.Due, time.Time, error) {
	var due *bot.Due
	var next time.Time
	err := s.change(ctx, "claim due work", func(ctx context.Context, w *work) (err error) {
		due, err = w.claimDue(ctx)
		if err == nil && due == nil {
			next, err = w.nextDue(ctx)
		}
		return err
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	return due, next, nil
}

func (w *work) claimDue(ctx context.Context) (*bot.Due, error) {
	skip := ""
	if w.engine.postgres {
		skip = " FOR UPDATE OF d SKIP LOCKED"
	}
	var rows []dueRow
	err := w.scan(ctx, &rows, "UPDATE due SET anew = FALSE, attempts = attempts + 1,"+
		" claim = claim + 1, claimed_until = ?, claimed_by = ?"+
		" WHERE (kind, subject) = (SELECT d.kind, d.subject FROM due AS d"+
		" WHERE d.at <= ? AND NOT "+w.engine.live("d", w.now)+
		" ORDER BY d.at, d.kind, d.subject LIMIT 1"+skip+")"+
		" RETURNING kind, subject, at, attempts, claim",
		w.now.add(bot.ClaimFor), w.store.opts.Process, w.now)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := rows[0]
	return &bot.Due{
		Kind: r.Kind, Subject: r.Subject, At: r.At.time(), Claim: r.Claim, Attempts: r.Attempts,
	}, nil
}

func (w *work) nextDue(ctx context.Context) (time.Time, error) {
	var next stamp
	live := w.engine.live("d", w.now)
	err := w.scan(ctx, &next, "SELECT coalesce(min(CASE WHEN "+live+
		" AND d.claimed_until > d.at THEN d.claimed_until ELSE d.at END), 0) FROM due AS d")
	return soonest(next, w.now), err
}

// FinishDue implements bot.DueStore; bot.ErrStale if somebody else has claimed the work since.
func (s *Store) FinishDue(ctx context.Context, d bot.Due, next time.Time) error {
	return s.change(ctx, "finish due work", func(ctx context.Context, w *work) error {
		query := `UPDATE due SET claimed_until = 0,
			at = CASE WHEN anew THEN at ELSE ?3 END
			WHERE kind = ?0 AND subject = ?1 AND claim = ?2 RETURNING anew`
		var anew []bool
		err := w.scan(ctx, &anew, query, d.Kind, d.Subject, d.Claim, stampOf(next))
		switch {
		case err != nil:
			return err
		case len(anew) == 0:
			return errGone
		case anew[0] || !next.IsZero():
			return nil
		}
		return w.exec(ctx, "DELETE FROM due WHERE kind = ? AND subject = ?", d.Kind, d.Subject)
	})
}

// RenewDue implements bot.DueStore.
func (s *Store) RenewDue(ctx context.Context, d bot.Due) error {
	return s.change(ctx, "renew due work", func(ctx context.Context, w *work) error {
		var held []int64
		err := w.scan(ctx, &held, `UPDATE due SET claimed_until = ?
			WHERE kind = ? AND subject = ? AND claim = ? AND claimed_until > 0 RETURNING claim`,
			w.now.add(bot.ClaimFor), d.Kind, d.Subject, d.Claim)
		if err == nil && len(held) == 0 {
			return errGone
		}
		return err
	})
}
