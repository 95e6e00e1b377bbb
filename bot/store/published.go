package store

import (
	"context"
	"fmt"

	"rongjun/bot"
	"rongjun/knowledge"
)

// Published implements knowledge.PublishedStore. The items come in the order in which they were
// first made, so that of two keys of one text the first imported stays the text's own.
func (s *Store) Published(ctx context.Context) (int64, []knowledge.Revision, error) {
	const do = "read what is published"
	// The number is read first: what is published meanwhile is then read once more, never missed.
	number, err := s.PublishedNumber(ctx)
	if err != nil {
		return 0, nil, err
	}
	var rows []revisionRow
	err = s.read().scan(ctx, &rows, `SELECT r.* FROM revisions AS r
		WHERE r.state IN ('published', 'withdrawn') ORDER BY (SELECT min(f.id)
		FROM revisions AS f WHERE f.kind = r.kind AND f.item = r.item)`)
	if err != nil {
		return 0, nil, fault(do, err)
	}
	standing, err := revisionsOf(rows)
	return number, standing, fault(do, err)
}

// PublishedNumber implements knowledge.PublishedStore.
func (s *Store) PublishedNumber(ctx context.Context) (int64, error) {
	var number int64
	err := s.read().scan(ctx, &number, "SELECT number FROM published")
	return number, fault("read published number", err)
}

// holdPublished lets one transaction at a time change revisions.
func (w *work) holdPublished(ctx context.Context) error {
	return w.exec(ctx, "UPDATE published SET number = number")
}

// stand puts a revision that was just decided in the place of what stood, and tells everybody.
func (w *work) stand(ctx context.Context, r revisionRow) error {
	err := w.exec(ctx, `UPDATE revisions SET state = 'superseded' WHERE kind = ? AND item = ?
		AND state IN ('published', 'withdrawn')`, r.Kind, r.Item)
	if err != nil {
		return err
	}
	err = w.exec(ctx, `UPDATE revisions SET state = ?, approver = ?, decided = ? WHERE id = ?`,
		r.State, r.Approver, r.Decided, r.ID)
	if err != nil {
		return err
	}
	w.changed(bot.EveryConversation)
	return w.exec(ctx, "UPDATE published SET number = number + 1")
}

// standing is the revision of an item that stands, nil where none does.
func (w *work) standing(
	ctx context.Context, kind knowledge.ItemKind, key string,
) (*revisionRow, error) {
	return w.newestRevision(ctx, kind, key, "r.state IN ('published', 'withdrawn')")
}

// newestRevision is the newest of an item's revisions that meet a condition, nil where none does.
func (w *work) newestRevision(
	ctx context.Context, kind knowledge.ItemKind, key, condition string,
) (*revisionRow, error) {
	var rows []revisionRow
	err := w.scan(ctx, &rows, "SELECT r.* FROM revisions AS r WHERE r.kind = ? AND r.item = ? AND "+
		condition+" ORDER BY r.id DESC LIMIT 1", kind, key)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// revision is a revision that must be there.
func (w *work) revision(ctx context.Context, id int64) (knowledge.Revision, error) {
	var rows []revisionRow
	err := w.scan(ctx, &rows, "SELECT r.* FROM revisions AS r WHERE r.id = ?", id)
	if err != nil {
		return knowledge.Revision{}, err
	}
	if len(rows) == 0 {
		return knowledge.Revision{}, fmt.Errorf("revision %d: %w", id, knowledge.ErrNotFound)
	}
	return rows[0].revision()
}
