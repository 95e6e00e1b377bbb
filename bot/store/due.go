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
	w.matters |= bot.WorkDue
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

const (
	dueWork  = ` FROM due AS d WHERE d.at <= {at} AND NOT {live d} ORDER BY d.at, d.kind, d.subject LIMIT 1`
	claimDue = `UPDATE due SET anew = FALSE, attempts = attempts + 1, claim = claim + 1,
		claimed_until = {at} + ?2, claimed_by = ?3
		WHERE (kind, subject) = (SELECT d.kind, d.subject` + dueWork + ` {skip d})
		RETURNING kind, subject, at, attempts, claim`
)

var lookForDue = lookout{
	due: `SELECT d.at` + dueWork,
	next: `SELECT {at} AS clock, coalesce(min(CASE WHEN {live d}
		AND d.claimed_until > d.at THEN d.claimed_until ELSE d.at END), 0) AS at FROM due AS d`,
}

// ClaimDue implements bot.DueStore.
func (s *Store) ClaimDue(ctx context.Context) (*bot.Due, time.Time, error) {
	const do = "claim due work"
	due, next, err := s.look(ctx, lookForDue)
	if err != nil || !due {
		return nil, next, fault(do, err)
	}
	var rows []dueRow
	err = s.transact(ctx, do, func(ctx context.Context, w *work) error {
		return w.list(ctx, &rows, claimDue,
			w.now, bot.ClaimFor.Microseconds(), w.store.opts.Process)
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	if len(rows) == 0 {
		return nil, s.lookAgain(), nil
	}
	r := rows[0]
	return &bot.Due{
		Kind: r.Kind, Subject: r.Subject, At: r.At.time(), Claim: r.Claim, Attempts: r.Attempts,
	}, time.Time{}, nil
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
