package knowledge

import (
	"cmp"
	"fmt"
	"slices"
)

// FindingKind sorts what an editor has to look at.
type FindingKind string

// The kinds of findings.
const (
	// Conflict is two statements that cannot both be true.
	Conflict FindingKind = "conflict"
	// NoDates is a text of which it is not known from when, or until when, it holds.
	NoDates FindingKind = "no dates"
	// Due is a text that begins or ends soon.
	Due FindingKind = "due"
)

// Finding is one thing for an editor to look at.
type Finding struct {
	Kind FindingKind
	// Docs are the keys of the texts concerned.
	Docs []string
	// Day is when it falls due, zero for other kinds.
	Day Date
	// Why is said to the editor, in Chinese.
	Why string
}

// Review lists, for settled documents, what conflicts, what has no dates, and what begins or ends
// within so many days after on. Conflicts come first, then texts without dates, then what falls due
// by day. Directories have no time in which they hold, so there is nothing to say of theirs.
func Review(docs []Document, on Date, days int) []Finding {
	docs = slices.DeleteFunc(slices.Clone(docs), Document.IsDirectory)
	found := conflicts(docs)
	for _, d := range docs {
		found = append(found, undated(d)...)
	}
	var due []Finding
	for _, d := range docs {
		due = append(due, d.due(on, on.AddDays(days))...)
	}
	slices.SortStableFunc(due, func(a, b Finding) int {
		return cmp.Or(a.Day.Time().Compare(b.Day.Time()), cmp.Compare(a.Docs[0], b.Docs[0]))
	})
	return append(found, due...)
}

// conflicts lists contradictions within a document and between versions of one title.
func conflicts(docs []Document) []Finding {
	var found []Finding
	for i, d := range docs {
		if start, _ := d.Start(); !d.Repealed.IsZero() && !start.Before(d.Repealed) {
			found = append(found, Finding{Kind: Conflict, Docs: []string{d.Key}, Why: fmt.Sprintf(
				"失效日%s不晚于生效日%s。", d.Repealed.Chinese(), start.Chinese())})
		}
		for _, other := range docs[i+1:] {
			if versionOf(d) == versionOf(other) && overlap(d, other) {
				found = append(found, Finding{
					Kind: Conflict, Docs: []string{d.Key, other.Key},
					Why: "同一标题的两个版本在同一时间都算有效，请核对各自的起止日期。",
				})
			}
			if replaces(d, other) && replaces(other, d) {
				found = append(found, Finding{
					Kind: Conflict, Docs: []string{d.Key, other.Key}, Why: "两个文件互相写明取代对方。",
				})
			}
		}
	}
	return found
}

func overlap(a, b Document) bool {
	startA, _ := a.Start()
	startB, _ := b.Start()
	first := latest(startA, startB)
	return a.Holds(first) && b.Holds(first)
}

func replaces(a, b Document) bool {
	return slices.Contains(a.Replaces, b.Key)
}

// undated lists what is not known of a document's time.
func undated(d Document) []Finding {
	var found []Finding
	add := func(why string) {
		found = append(found, Finding{Kind: NoDates, Docs: []string{d.Key}, Why: why})
	}
	switch start, certain := d.Start(); {
	case start.IsZero():
		add("没有任何日期，不知道从什么时候起有效。")
	case !certain && d.Effective.IsZero():
		add("没有施行日期，暂从" + start.Chinese() + "算起。")
	case !certain:
		add("这一版修改后从哪一天起施行没有写明，暂从" + start.Chinese() + "算起。")
	}
	if d.Repealed.IsZero() && (d.Ended || len(d.ReplacedBy) > 0) {
		add("已被取代或废止，但不知道从哪一天起；补全之前不会作为有效规定引用。")
	}
	return found
}

// due lists the days after from, up to until, on which the document or one of its clauses begins or
// ends.
func (d Document) due(from, until Date) []Finding {
	var found []Finding
	add := func(day Date, name, what string) {
		if from.Before(day) && !until.Before(day) {
			found = append(found, Finding{
				Kind: Due, Docs: []string{d.Key}, Day: day, Why: name + day.Chinese() + what,
			})
		}
	}
	start, _ := d.Start()
	add(start, "", "起施行。")
	add(d.Repealed, "", "起不再有效。")
	for _, c := range d.Clauses {
		add(c.Effective, c.Name()+"的新条文", "起施行。")
	}
	return found
}
