package store

import (
	"context"
	"fmt"

	"rongjun/knowledge"
)

// Import implements knowledge.ImportStore. A file is compared with what it said at its last import,
// not with what stands: what an editor has changed since is no reason to take the file in again.
func (s *Store) Import(
	ctx context.Context, doc knowledge.Document, note string,
) (knowledge.ImportOutcome, error) {
	const do = "import document"
	d := knowledge.Draft{
		Kind: knowledge.ItemDocument, Key: doc.Key, Author: knowledge.ImportAuthor, Note: note,
		Document: &doc,
	}
	if err := d.Validate(); err != nil {
		return "", fmt.Errorf("%s: %w", do, err)
	}
	var outcome knowledge.ImportOutcome
	err := s.change(ctx, do, func(ctx context.Context, w *work) error {
		if err := w.holdPublished(ctx); err != nil {
			return err
		}
		var err error
		outcome, err = w.importDocument(ctx, d)
		return err
	})
	return outcome, err
}

func (w *work) importDocument(
	ctx context.Context, d knowledge.Draft,
) (knowledge.ImportOutcome, error) {
	before, err := w.newestRevision(ctx, d.Kind, d.Key,
		"r.author = '"+knowledge.ImportAuthor+"' AND r.state <> 'rejected'")
	if err != nil {
		return "", err
	}
	body, err := bodyOf(d)
	if err != nil {
		return "", err
	}
	if before != nil && before.Body == body {
		return knowledge.ImportUnchanged, nil
	}
	stood, err := w.standing(ctx, d.Kind, d.Key)
	if err != nil {
		return "", err
	}
	if stood != nil {
		d.Base = stood.ID
	}
	row, err := w.saveDraft(ctx, d)
	switch {
	case err != nil:
		return "", err
	case stood != nil && stood.Author != knowledge.ImportAuthor:
		return knowledge.ImportDraft, nil
	}
	row.State, row.Decided = knowledge.RevisionPublished, w.now
	if stood == nil {
		return knowledge.ImportNew, w.stand(ctx, row)
	}
	return knowledge.ImportChanged, w.stand(ctx, row)
}
