package knowledge

import "context"

// ReviewStore keeps drafts and decides on them. Everything that is published or withdrawn raises
// the published number in the same transaction.
type ReviewStore interface {
	// SaveDraft keeps a draft. An open draft of the same author for the same item is superseded, so
	// that nobody approves words that were changed under their eyes.
	SaveDraft(ctx context.Context, d Draft) (Revision, error)
	// Publish makes a draft stand in the place of what stood. ErrSamePerson, ErrDecided, or ErrStale
	// where what stands is not the draft's Base.
	Publish(ctx context.Context, id int64, approver string) (Revision, error)
	// Reject closes a draft; ErrDecided. Its author may take it back so too.
	Reject(ctx context.Context, id int64, approver, reason string) (Revision, error)
	// Withdraw takes an item away at once, by one person, since a wrong answer cannot wait for two.
	// An entry of the shipped guide can be withdrawn too. ErrDecided where it is withdrawn already.
	Withdraw(ctx context.Context, w Withdrawal) (Revision, error)
}

// Withdrawal says what is taken away, by whom and why.
type Withdrawal struct {
	Kind    ItemKind
	Key     string
	Subject string
	By      string
	Reason  string
}

// RevisionStore reads revisions. Lists carry no bodies; Revision does.
type RevisionStore interface {
	// Revision returns one revision with its body, or ErrNotFound.
	Revision(ctx context.Context, id int64) (Revision, error)
	// Revisions lists what a filter lets through, the newest first.
	Revisions(ctx context.Context, f RevisionFilter) ([]Revision, error)
	// History lists all revisions of one item, the newest first.
	History(ctx context.Context, kind ItemKind, key string) ([]Revision, error)
}

// RevisionFilter says which revisions to list; empty fields let all through.
type RevisionFilter struct {
	Kind   ItemKind
	State  RevisionState
	Author string
	// Text stands somewhere in key or title.
	Text string
	// Before lists only revisions with a lower ID, for the next page; 0 begins with the newest.
	Before int64
	// Limit is the most that are listed; 0 stands for 100.
	Limit int
}

// PublishedStore reads what is to be answered from.
type PublishedStore interface {
	// Published returns the revisions that stand, with their bodies, and the number of this state.
	// A withdrawn one has no body: it removes the item, also from the shipped guide.
	Published(ctx context.Context) (number int64, standing []Revision, err error)
	// PublishedNumber grows with everything published or withdrawn.
	PublishedNumber(ctx context.Context) (int64, error)
}

// ImportAuthor is the author of what an operator imports from files, which needs no second person:
// the operator has the machine.
const ImportAuthor = "import"

// ImportOutcome says what became of a document that was imported from a file.
type ImportOutcome string

// A document is new, changed since its last import, or unchanged. Where an editor has decided on the
// item since its last import, a changed file becomes a draft instead of undoing that.
const (
	ImportNew       ImportOutcome = "new"
	ImportChanged   ImportOutcome = "changed"
	ImportUnchanged ImportOutcome = "unchanged"
	ImportDraft     ImportOutcome = "draft"
)

// ImportStore takes documents in.
type ImportStore interface {
	// Import publishes a document read from a file, or finds that nothing of it is new.
	Import(ctx context.Context, d Document, note string) (ImportOutcome, error)
}
