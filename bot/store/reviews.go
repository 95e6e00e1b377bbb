package store

import (
	"context"
	"encoding/json"
	"fmt"

	"rongjun/knowledge"
)

// SaveDraft implements knowledge.ReviewStore.
func (s *Store) SaveDraft(
	ctx context.Context, d knowledge.Draft,
) (knowledge.Revision, error) {
	const do = "save draft"
	if err := d.Validate(); err != nil {
		return knowledge.Revision{}, fmt.Errorf("%s: %w", do, err)
	}
	var saved knowledge.Revision
	err := s.change(ctx, do, func(ctx context.Context, w *work) error {
		if err := w.holdPublished(ctx); err != nil {
			return err
		}
		row, err := w.saveDraft(ctx, d)
		if err != nil {
			return err
		}
		saved, err = row.revision()
		return err
	})
	return saved, err
}

// saveDraft inserts a draft in the place of the author's open one.
func (w *work) saveDraft(ctx context.Context, d knowledge.Draft) (revisionRow, error) {
	body, err := bodyOf(d)
	if err != nil {
		return revisionRow{}, err
	}
	err = w.exec(ctx, `UPDATE revisions SET state = 'superseded', decided = ? WHERE kind = ?
		AND item = ? AND author = ? AND state = 'draft'`, w.now, d.Kind, d.Key, d.Author)
	if err != nil {
		return revisionRow{}, err
	}
	return w.insertRevision(ctx, revisionRow{
		Kind: d.Kind, Item: d.Key, State: knowledge.RevisionDraft, Base: d.Base,
		Subject: d.Title(), Author: d.Author, Note: d.Note, Body: body, Created: w.now,
	})
}

func bodyOf(d knowledge.Draft) (string, error) {
	var body any = d.Document
	if d.Kind == knowledge.ItemEntry {
		body = d.Entry
	}
	written, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("write body: %w", err)
	}
	return string(written), nil
}

func (w *work) insertRevision(ctx context.Context, r revisionRow) (revisionRow, error) {
	var rows []revisionRow
	err := w.scan(ctx, &rows, `INSERT INTO revisions (kind, item, state, base, subject, author,
		approver, note, reason, body, created, decided)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
		r.Kind, r.Item, r.State, r.Base, r.Subject, r.Author,
		r.Approver, r.Note, r.Reason, r.Body, r.Created, r.Decided)
	if err != nil {
		return revisionRow{}, err
	}
	return rows[0], nil
}

// Publish implements knowledge.ReviewStore.
func (s *Store) Publish(
	ctx context.Context, id int64, approver string,
) (knowledge.Revision, error) {
	return s.decide(ctx, "publish", id, func(
		ctx context.Context, w *work, r knowledge.Revision,
	) (knowledge.Revision, error) {
		next, err := r.Decide(knowledge.RevisionPublished, approver, w.now.time())
		if err != nil {
			return next, err
		}
		stood, err := w.standing(ctx, r.Kind, r.Key)
		if err != nil {
			return next, err
		}
		if stood == nil && r.Base != 0 || stood != nil && stood.ID != r.Base {
			return next, fmt.Errorf("revision %d: %w", id, knowledge.ErrStale)
		}
		return next, w.stand(ctx, revisionRow{
			ID: id, Kind: r.Kind, Item: r.Key, State: next.State, Approver: approver, Decided: w.now,
		})
	})
}

// Reject implements knowledge.ReviewStore.
func (s *Store) Reject(
	ctx context.Context, id int64, approver, reason string,
) (knowledge.Revision, error) {
	return s.decide(ctx, "reject", id, func(
		ctx context.Context, w *work, r knowledge.Revision,
	) (knowledge.Revision, error) {
		next, err := r.Decide(knowledge.RevisionRejected, approver, w.now.time())
		if err != nil {
			return next, err
		}
		next.Reason = reason
		return next, w.exec(ctx, `UPDATE revisions SET state = 'rejected', approver = ?, reason = ?,
			decided = ? WHERE id = ?`, approver, reason, w.now, id)
	})
}

// decide changes one revision while nobody else changes any.
func (s *Store) decide(
	ctx context.Context, do string, id int64,
	f func(context.Context, *work, knowledge.Revision) (knowledge.Revision, error),
) (knowledge.Revision, error) {
	var decided knowledge.Revision
	err := s.change(ctx, do, func(ctx context.Context, w *work) error {
		if err := w.holdPublished(ctx); err != nil {
			return err
		}
		r, err := w.revision(ctx, id)
		if err != nil {
			return err
		}
		decided, err = f(ctx, w, r)
		return err
	})
	if err != nil {
		return knowledge.Revision{}, err
	}
	return decided, nil
}

// Withdraw implements knowledge.ReviewStore.
func (s *Store) Withdraw(
	ctx context.Context, g knowledge.Withdrawal,
) (knowledge.Revision, error) {
	var out knowledge.Revision
	err := s.change(ctx, "withdraw", func(ctx context.Context, w *work) error {
		if err := w.holdPublished(ctx); err != nil {
			return err
		}
		base, err := w.withdrawn(ctx, &g)
		if err != nil {
			return err
		}
		// It begins as superseded, since only one may stand.
		row, err := w.insertRevision(ctx, revisionRow{
			Kind: g.Kind, Item: g.Key, State: knowledge.RevisionSuperseded, Base: base,
			Subject: g.Subject, Author: g.By, Reason: g.Reason, Created: w.now, Decided: w.now,
		})
		if err != nil {
			return err
		}
		row.State = knowledge.RevisionWithdrawn
		if err := w.stand(ctx, row); err != nil {
			return err
		}
		out, err = row.revision()
		return err
	})
	return out, err
}

// withdrawn checks a withdrawal and returns the id of what it takes away, 0 for a shipped entry. A
// document is there only once it was published.
func (w *work) withdrawn(ctx context.Context, g *knowledge.Withdrawal) (int64, error) {
	stood, err := w.standing(ctx, g.Kind, g.Key)
	switch {
	case err != nil:
		return 0, err
	case stood == nil && g.Kind != knowledge.ItemEntry:
		return 0, fmt.Errorf("%s %q: %w", g.Kind, g.Key, knowledge.ErrNotFound)
	case stood == nil:
		return 0, nil
	case stood.State == knowledge.RevisionWithdrawn:
		return 0, fmt.Errorf("%s %q: %w", g.Kind, g.Key, knowledge.ErrDecided)
	case g.Subject == "":
		g.Subject = stood.Subject
	}
	return stood.ID, nil
}
