package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"rongjun/knowledge"
)

// revisionRow is a revision as it is stored; in lists its body is empty.
type revisionRow struct {
	ID       int64
	Kind     knowledge.ItemKind
	Item     string
	State    knowledge.RevisionState
	Base     int64
	Subject  string
	Author   string
	Approver string
	Note     string
	Reason   string
	Body     string
	Created  stamp
	Decided  stamp
}

// revisionHead are the columns of a revision without its body.
const revisionHead = `r.id, r.kind, r.item, r.state, r.base, r.subject, r.author, r.approver,
	r.note, r.reason, r.created, r.decided`

func (r revisionRow) revision() (knowledge.Revision, error) {
	out := knowledge.Revision{
		Draft: knowledge.Draft{
			Kind: r.Kind, Key: r.Item, Base: r.Base, Author: r.Author, Note: r.Note,
		},
		ID: r.ID, State: r.State, Subject: r.Subject, Approver: r.Approver, Reason: r.Reason,
		Created: r.Created.time(), Decided: r.Decided.time(),
	}
	if r.Body == "" {
		return out, nil
	}
	var body any
	switch r.Kind {
	case knowledge.ItemEntry:
		out.Entry = new(knowledge.Entry)
		body = out.Entry
	case knowledge.ItemDocument:
		out.Document = new(knowledge.Document)
		body = out.Document
	}
	if err := json.Unmarshal([]byte(r.Body), body); err != nil {
		return knowledge.Revision{}, fmt.Errorf("read revision %d: %w: %w", r.ID, ErrDamaged, err)
	}
	return out, nil
}

func revisionsOf(rows []revisionRow) ([]knowledge.Revision, error) {
	out := make([]knowledge.Revision, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.revision(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Revision implements knowledge.RevisionStore.
func (s *Store) Revision(ctx context.Context, id int64) (knowledge.Revision, error) {
	const do = "read revision"
	var rows []revisionRow
	err := s.read().scan(ctx, &rows, "SELECT r.* FROM revisions AS r WHERE r.id = ?", id)
	if err != nil {
		return knowledge.Revision{}, fault(do, err)
	}
	if len(rows) == 0 {
		return knowledge.Revision{}, fault(do, knowledge.ErrNotFound)
	}
	out, err := rows[0].revision()
	return out, fault(do, err)
}

// listedRevisions is how many revisions are listed unless the filter says otherwise.
const listedRevisions = 100

// Revisions implements knowledge.RevisionStore.
func (s *Store) Revisions(
	ctx context.Context, f knowledge.RevisionFilter,
) ([]knowledge.Revision, error) {
	var where []string
	var args []any
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if f.Kind != "" {
		add("r.kind = ?", f.Kind)
	}
	if f.State != "" {
		add("r.state = ?", f.State)
	}
	if f.Author != "" {
		add("r.author = ?", f.Author)
	}
	if f.Before > 0 {
		add("r.id < ?", f.Before)
	}
	if f.Text != "" {
		within := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(f.Text) + "%"
		add(`(r.item LIKE ? ESCAPE '\' OR r.subject LIKE ? ESCAPE '\')`, within, within)
	}
	if f.Limit <= 0 {
		f.Limit = listedRevisions
	}
	query := "SELECT " + revisionHead + " FROM revisions AS r"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return s.revisions(ctx, query+" ORDER BY r.id DESC LIMIT ?", append(args, f.Limit)...)
}

// History implements knowledge.RevisionStore.
func (s *Store) History(
	ctx context.Context, kind knowledge.ItemKind, key string,
) ([]knowledge.Revision, error) {
	return s.revisions(ctx, "SELECT "+revisionHead+` FROM revisions AS r
		WHERE r.kind = ? AND r.item = ? ORDER BY r.id DESC`, kind, key)
}

func (s *Store) revisions(
	ctx context.Context, query string, args ...any,
) ([]knowledge.Revision, error) {
	const do = "list revisions"
	var rows []revisionRow
	if err := s.read().scan(ctx, &rows, query, args...); err != nil {
		return nil, fault(do, err)
	}
	out, err := revisionsOf(rows)
	return out, fault(do, err)
}
