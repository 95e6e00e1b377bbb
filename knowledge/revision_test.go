package knowledge

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func entryDraft(id, author string) Draft {
	return Draft{Kind: ItemEntry, Key: id, Author: author, Entry: &Entry{
		ID: id, Topic: "安置", Question: "怎么安置？", Short: "看条例。",
		Cites: []Citation{{Doc: "退役军人安置条例(2024)", Article: 5}},
	}}
}

func TestNobodyPublishesTheirOwnDraft(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	r := Revision{Draft: entryDraft("a", "王"), ID: 1, State: RevisionDraft}
	_, err := r.Decide(RevisionPublished, "王", at)
	require.ErrorIs(t, err, ErrSamePerson)
	_, err = r.Decide(RevisionPublished, " ", at)
	require.ErrorIs(t, err, ErrInvalid)
	_, err = r.Decide(RevisionSuperseded, "", at)
	require.ErrorIs(t, err, ErrInvalid)

	published, err := r.Decide(RevisionPublished, "李", at)
	require.NoError(t, err)
	assert.Equal(t, "李", published.Approver)
	_, err = published.Decide(RevisionRejected, "李", at)
	require.ErrorIs(t, err, ErrDecided)

	back, err := r.Decide(RevisionRejected, "王", at)
	require.NoError(t, err)
	assert.Equal(t, RevisionRejected, back.State)
}

func TestWhatMayFollowWhat(t *testing.T) {
	states := []RevisionState{
		RevisionDraft, RevisionPublished, RevisionSuperseded, RevisionWithdrawn, RevisionRejected,
	}
	allowed := map[RevisionState]string{
		RevisionDraft: "published superseded rejected ", RevisionPublished: "superseded ",
		RevisionWithdrawn: "superseded ",
	}
	for _, from := range states {
		got := ""
		for _, to := range states {
			if from.MayBecome(to) {
				got += string(to) + " "
			}
		}
		assert.Equal(t, allowed[from], got, from)
	}
}

func TestADraftHasTheBodyOfItsKind(t *testing.T) {
	require.NoError(t, entryDraft("a", "王").Validate())
	document := Draft{Kind: ItemDocument, Key: "k", Author: "王", Document: &Document{
		Enactment: Enactment{Key: "k", Title: "办法"},
	}}
	require.NoError(t, document.Validate())
	for name, change := range map[string]func(d *Draft){
		"no author":   func(d *Draft) { d.Author = " " },
		"other kind":  func(d *Draft) { d.Kind = ItemDocument },
		"other id":    func(d *Draft) { d.Key = "b" },
		"bad entry":   func(d *Draft) { d.Entry.Short = "" },
		"two bodies":  func(d *Draft) { d.Document = document.Document },
		"no body":     func(d *Draft) { d.Entry = nil },
		"no document": func(d *Draft) { *d = document; d.Document = nil },
		"no title":    func(d *Draft) { *d = document; d.Document = &Document{Enactment: Enactment{Key: "k"}} },
	} {
		d := entryDraft("a", "王")
		change(&d)
		require.ErrorIs(t, d.Validate(), ErrInvalid, name)
	}
}

func TestPublishedEntriesTakeThePlaceOfShippedOnes(t *testing.T) {
	now := entryDraft("b", "王")
	now.Entry.Short = "改了。"
	standing := []Revision{
		{Draft: now, State: RevisionPublished},
		{Draft: Draft{Kind: ItemEntry, Key: "c"}, State: RevisionWithdrawn},
		{Draft: entryDraft("new", "王"), State: RevisionPublished},
		{Draft: entryDraft("draft", "王"), State: RevisionDraft},
		{Draft: Draft{Kind: ItemDocument, Key: "a"}, State: RevisionWithdrawn},
	}
	var got []string
	for _, e := range Overlay([]Entry{{ID: "a"}, {ID: "b"}, {ID: "c"}}, standing) {
		got = append(got, e.ID+e.Short)
	}
	assert.Equal(t, []string{"a", "b改了。", "new看条例。"}, got)
}
