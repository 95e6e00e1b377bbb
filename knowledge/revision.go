package knowledge

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

var (
	// ErrSamePerson says that who wrote a draft may not be the one who publishes it.
	ErrSamePerson = errors.New("author may not approve")
	// ErrDecided says that a revision is no draft any more.
	ErrDecided = errors.New("already decided")
	// ErrStale says that something else was published since the draft was begun.
	ErrStale = errors.New("published anew since the draft was begun")
)

// ItemKind says what a revision is a version of.
type ItemKind string

// The kinds of items that are reviewed.
const (
	ItemEntry    ItemKind = "entry"
	ItemDocument ItemKind = "document"
)

// RevisionState is how far a revision has come.
type RevisionState string

// A draft is published or rejected. What stands is superseded by what is published after it, and by
// a newer draft of the same author while it is a draft itself. Withdrawn is a revision of its own,
// without a body: it stands in the place of what it takes away, until something is published again.
const (
	RevisionDraft      RevisionState = "draft"
	RevisionPublished  RevisionState = "published"
	RevisionSuperseded RevisionState = "superseded"
	RevisionWithdrawn  RevisionState = "withdrawn"
	RevisionRejected   RevisionState = "rejected"
)

// MayBecome reports whether a revision may pass from one state to another.
func (s RevisionState) MayBecome(next RevisionState) bool {
	switch s {
	case RevisionDraft:
		return next == RevisionPublished || next == RevisionRejected || next == RevisionSuperseded
	case RevisionPublished, RevisionWithdrawn:
		return next == RevisionSuperseded
	}
	return false
}

// Stands reports whether a revision in this state counts for what is answered now: at most one of
// each item does.
func (s RevisionState) Stands() bool {
	return s == RevisionPublished || s == RevisionWithdrawn
}

// Draft is an item as somebody would have it. To roll back is to draft what an earlier revision says.
type Draft struct {
	Kind ItemKind
	// Key is the entry's ID or the document's Key.
	Key string
	// Base is the ID of the revision that stood when the draft was begun, 0 where none did: the
	// item is new or as shipped.
	Base   int64
	Author string
	// Note says what was changed and why.
	Note string
	// Entry or Document is the body, as Kind says; neither for a withdrawal.
	Entry    *Entry
	Document *Document
}

// Revision is one version of an item and what became of it.
type Revision struct {
	Draft
	ID    int64
	State RevisionState
	// Subject is the entry's question or the document's title, for lists, which carry no bodies.
	Subject string
	// Approver is who published or rejected it, empty for an import; Reason is why it was rejected
	// or withdrawn.
	Approver string
	Reason   string
	Created  time.Time
	// Decided is when it was published, rejected, superseded as a draft, or withdrawn.
	Decided time.Time
}

// Validate checks that a draft has the one body that its kind says, and that the body is sound.
func (d Draft) Validate() error {
	var errs []error
	bad := func(why string) {
		errs = append(errs, fmt.Errorf("draft of %s %q: %s: %w", d.Kind, d.Key, why, ErrInvalid))
	}
	if strings.TrimSpace(d.Author) == "" {
		bad("has no author")
	}
	switch {
	case d.Kind == ItemEntry && d.Entry != nil && d.Document == nil:
		if d.Entry.ID != d.Key {
			bad("its entry has another id")
		}
		errs = append(errs, d.Entry.Validate())
	case d.Kind == ItemDocument && d.Document != nil && d.Entry == nil:
		if d.Document.Key != d.Key || d.Key == "" {
			bad("its document has another key or none")
		}
		if strings.TrimSpace(d.Document.Title) == "" {
			bad("its document has no title")
		}
	default:
		bad("does not have the body of its kind")
	}
	return errors.Join(errs...)
}

// Title is the entry's question or the document's title, empty for a withdrawal.
func (d Draft) Title() string {
	switch {
	case d.Entry != nil:
		return d.Entry.Question
	case d.Document != nil:
		return d.Document.Title
	}
	return ""
}

// Decide passes a draft on to published, by a second person, or to rejected; an author may reject
// the own draft to take it back.
func (r Revision) Decide(next RevisionState, approver string, at time.Time) (Revision, error) {
	switch {
	case r.State != RevisionDraft:
		return r, fmt.Errorf("decide on revision %d, which is %s: %w", r.ID, r.State, ErrDecided)
	case next != RevisionPublished && next != RevisionRejected, strings.TrimSpace(approver) == "":
		return r, fmt.Errorf("make revision %d %s by %q: %w", r.ID, next, approver, ErrInvalid)
	case next == RevisionPublished && approver == r.Author:
		return r, fmt.Errorf("make revision %d %s: %w", r.ID, next, ErrSamePerson)
	}
	r.State, r.Approver, r.Decided = next, approver, at
	return r, nil
}

// Overlay puts entries that were published in the place of the shipped ones with the same ID, adds
// new ones, and leaves out what was withdrawn.
func Overlay(shipped []Entry, standing []Revision) []Entry {
	changed := make(map[string]*Entry)
	for _, r := range standing {
		if r.Kind == ItemEntry && r.State.Stands() {
			changed[r.Key] = r.Entry
		}
	}
	var all []Entry
	for _, e := range shipped {
		now, touched := changed[e.ID]
		delete(changed, e.ID)
		switch {
		case !touched:
			all = append(all, e)
		case now != nil:
			all = append(all, *now)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		if e := changed[id]; e != nil {
			all = append(all, *e)
		}
	}
	return all
}
