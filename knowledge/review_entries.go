package knowledge

import (
	"cmp"
	"slices"
)

// Unsure is what a text leaves open and nobody has settled.
const Unsure FindingKind = "unsure"

// EntryRef is how findings name an entry of the guide, among the keys of texts.
func EntryRef(id string) string { return "entry:" + id }

// ReviewEntries lists the entries that rest on a text which is no longer in force, or of which
// nothing is known, and then those whose review falls due within so many days after on, or fell due
// before, by day.
func ReviewEntries(
	entries []Entry, lookup func(key string) (Enactment, error), on Date, days int,
) []Finding {
	var found, due []Finding
	until := on.AddDays(days)
	for _, e := range entries {
		found = append(found, unfounded(e, lookup, on)...)
		if !e.Review.IsZero() && !until.Before(e.Review) {
			due = append(due, Finding{
				Kind: Due, Docs: []string{EntryRef(e.ID)}, Day: e.Review,
				Why: "应在" + e.Review.Chinese() + "前复核：" + e.Question,
			})
		}
	}
	slices.SortStableFunc(due, func(a, b Finding) int {
		return cmp.Or(a.Day.Time().Compare(b.Day.Time()), cmp.Compare(a.Docs[0], b.Docs[0]))
	})
	return append(found, due...)
}

// unfounded lists each text that an entry cites in vain, once.
func unfounded(e Entry, lookup func(string) (Enactment, error), on Date) []Finding {
	var found []Finding
	seen := make(map[string]bool)
	for _, c := range e.Cites {
		if seen[c.Doc] {
			continue
		}
		seen[c.Doc] = true
		why := ""
		switch known, err := lookup(c.Doc); {
		case err != nil:
			why = "引用的“" + c.Doc + "”没有登记，也没有导入。"
		case !known.InForce(on):
			why = "引用的“" + c.Doc + "”当日不在施行，回答里不会再引用，请改写。"
		default:
			continue
		}
		found = append(found, Finding{
			Kind: Conflict, Docs: []string{EntryRef(e.ID), c.Doc}, Why: why,
		})
	}
	return found
}

// Doubts lists what documents leave open.
func Doubts(docs []Document) []Finding {
	var found []Finding
	for _, d := range docs {
		for _, u := range d.Unsure {
			found = append(found, Finding{Kind: Unsure, Docs: []string{d.Key}, Why: u.Why})
		}
	}
	return found
}
