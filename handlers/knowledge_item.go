package handlers

import (
	"context"
	"fmt"
	"slices"

	"rongjun/knowledge"
)

// item is an entry or a document with all that was made of it here.
type item struct {
	Kind knowledge.ItemKind
	Key  string
	// History are its revisions, the newest first, without bodies.
	History []knowledge.Revision
	// Standing is the revision that counts, nil where none does: as shipped, or not there yet.
	Standing *knowledge.Revision
	// Shipped is the entry as it came with the program, nil for all other items.
	Shipped *knowledge.Entry
}

// item reads an item. Where nothing is known of it the error is knowledge.ErrNotFound.
func (f *face) item(
	ctx context.Context, kind knowledge.ItemKind, key string,
) (item, error) {
	e, err := f.edition()
	if err != nil {
		return item{}, err
	}
	i := item{Kind: kind, Key: key}
	if kind == knowledge.ItemEntry {
		for _, s := range e.Shipped {
			if s.ID == key {
				i.Shipped = &s
			}
		}
	}
	if i.History, err = f.o.Knowledge.Revisions.History(ctx, kind, key); err != nil {
		return i, fmt.Errorf("read history: %w", err)
	}
	for _, r := range i.History {
		if r.State.Stands() {
			body, err := f.o.Knowledge.Revisions.Revision(ctx, r.ID)
			if err != nil {
				return i, fmt.Errorf("read what stands: %w", err)
			}
			i.Standing = &body
		}
	}
	if i.Shipped == nil && len(i.History) == 0 {
		return i, fmt.Errorf("%s %q: %w", kind, key, knowledge.ErrNotFound)
	}
	return i, nil
}

// documentKey is the key under which a document was imported. Where the edition names its text by
// another key, that one leads to it too.
func (f *face) documentKey(ctx context.Context, key string) (string, error) {
	e, err := f.edition()
	if err != nil {
		return "", err
	}
	for _, d := range e.Documents {
		if d.Key != key {
			continue
		}
		for _, known := range append([]string{d.Key}, d.Aliases...) {
			history, err := f.o.Knowledge.Revisions.History(ctx, knowledge.ItemDocument, known)
			if err != nil {
				return "", fmt.Errorf("read history: %w", err)
			}
			if len(history) > 0 {
				return known, nil
			}
		}
	}
	return key, nil
}

// base is the revision that a draft begun now replaces.
func (i item) base() int64 {
	if i.Standing == nil {
		return 0
	}
	return i.Standing.ID
}

// newest is the latest revision, whatever became of it.
func (i item) newest() int64 {
	if len(i.History) == 0 {
		return 0
	}
	return i.History[0].ID
}

func (i item) withdrawn() bool {
	return i.Standing != nil && i.Standing.State == knowledge.RevisionWithdrawn
}

// AnsweredFrom says whether the item counts for answers now, in whatever version.
func (i item) AnsweredFrom() bool {
	return !i.withdrawn() && (i.Standing != nil || i.Shipped != nil)
}

// drafts are the open ones.
func (i item) drafts() []knowledge.Revision {
	var open []knowledge.Revision
	for _, r := range i.History {
		if r.State == knowledge.RevisionDraft {
			open = append(open, r)
		}
	}
	return open
}

// present is what stands, or what was shipped; an item that is withdrawn or new has no body.
func (i item) present() version {
	switch {
	case i.Standing != nil:
		return versionOf(*i.Standing)
	case i.Shipped != nil:
		return version{Entry: i.Shipped, Name: shippedName}
	}
	return version{Name: "（还没有发布过）"}
}

// version is what one revision says, or the guide as shipped.
type version struct {
	ID       int64
	Name     string
	Entry    *knowledge.Entry
	Document *knowledge.Document
}

const shippedName = "随程序发布的内容"

func versionOf(r knowledge.Revision) version {
	return version{ID: r.ID, Name: revisionName(r), Entry: r.Entry, Document: r.Document}
}

// empty says that there is no body: a withdrawal, or nothing.
func (v version) empty() bool { return v.Entry == nil && v.Document == nil }

// revisionName tells the revisions of one item apart.
func revisionName(r knowledge.Revision) string {
	at := r.Created.In(knowledge.China()).Format("2006-01-02 15:04")
	return at + " " + authorName(r.Author) + " " + revisionWords[r.State]
}

func authorName(name string) string {
	if name == knowledge.ImportAuthor {
		return "命令行导入"
	}
	return name
}

var revisionWords = map[knowledge.RevisionState]string{
	knowledge.RevisionDraft: "草稿", knowledge.RevisionPublished: "发布",
	knowledge.RevisionSuperseded: "旧版", knowledge.RevisionWithdrawn: "下架",
	knowledge.RevisionRejected: "退回",
}

// versionByID reads one version of the item; 0 is the shipped one.
func (f *face) versionByID(ctx context.Context, i item, id int64) (version, error) {
	if id == 0 && i.Shipped != nil {
		return version{Entry: i.Shipped, Name: shippedName}, nil
	}
	is := func(r knowledge.Revision) bool { return r.ID == id }
	if !slices.ContainsFunc(i.History, is) {
		return version{}, fmt.Errorf("revision %d of %q: %w", id, i.Key, knowledge.ErrNotFound)
	}
	r, err := f.o.Knowledge.Revisions.Revision(ctx, id)
	if err != nil {
		return version{}, fmt.Errorf("read revision: %w", err)
	}
	return versionOf(r), nil
}

// changesOf lists what differs between two versions of one item.
func changesOf(before, after version) []change {
	if before.Document != nil || after.Document != nil {
		var a, b knowledge.Document
		if before.Document != nil {
			a = *before.Document
		}
		if after.Document != nil {
			b = *after.Document
		}
		return documentChanges(a, b)
	}
	var a, b knowledge.Entry
	if before.Entry != nil {
		a = *before.Entry
	}
	if after.Entry != nil {
		b = *after.Entry
	}
	return changes(entryFields(), a, b)
}
