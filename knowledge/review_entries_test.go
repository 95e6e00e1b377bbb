package knowledge

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEntriesOnTextsOutOfForceAndThoseDueAreListed(t *testing.T) {
	on := Date{Year: 2026, Month: 11, Day: 24}
	register := map[string]Enactment{
		"old": {Key: "old", Repealed: on}, "new": {Key: "new"},
	}
	lookup := func(key string) (Enactment, error) {
		e, ok := register[key]
		if !ok {
			return e, ErrNotFound
		}
		return e, nil
	}
	cites := func(docs ...string) (list []Citation) {
		for i, d := range docs {
			list = append(list, Citation{Doc: d, Article: i + 1})
		}
		return list
	}
	got := ReviewEntries([]Entry{
		{ID: "later", Cites: cites("new"), Review: on.AddDays(31)},
		{ID: "soon", Question: "怎么办？", Cites: cites("new"), Review: on.AddDays(30)},
		{ID: "past", Cites: cites("new"), Review: on.AddDays(-400)},
		{ID: "old", Cites: cites("old", "new", "old")},
		{ID: "unknown", Cites: cites("gone")},
	}, lookup, on, 30)
	var docs [][]string
	var kinds []FindingKind
	for _, f := range got {
		docs, kinds = append(docs, f.Docs), append(kinds, f.Kind)
		assert.NotEmpty(t, f.Why)
	}
	assert.Equal(t, [][]string{
		{"entry:old", "old"}, {"entry:unknown", "gone"}, {"entry:past"}, {"entry:soon"},
	}, docs)
	assert.Equal(t, []FindingKind{Conflict, Conflict, Due, Due}, kinds)
}

func TestDoubtsNameTheirText(t *testing.T) {
	got := Doubts([]Document{
		{Enactment: Enactment{Key: "a"}},
		{Enactment: Enactment{Key: "b"}, Unsure: []Doubt{{Field: "issuer", Why: "没有写明。"}}},
	})
	assert.Equal(t, []Finding{{Kind: Unsure, Docs: []string{"b"}, Why: "没有写明。"}}, got)
}
