package handlers

import (
	"slices"
	"strings"
	"time"

	"rongjun/knowledge"
)

// mark says in a word how an item stands.
type mark struct {
	Words string
	// Tone is "good", "warn", "bad" or empty.
	Tone string
}

var (
	markShipped   = mark{"随程序发布", ""}
	markPublished = mark{"本单位发布", "good"}
	markWithdrawn = mark{"已下架", "bad"}
	markDraft     = mark{"有草稿待批", "warn"}
	markNew       = mark{"还没有发布", ""}
	markDue       = mark{"该复核了", "warn"}
	markUndated   = mark{"缺日期", "warn"}
)

// reviewSoon is how many days before its day of review an entry is marked.
const reviewSoon = 60

func (i item) marks(today knowledge.Date) []mark {
	if i.Key == "" {
		return nil
	}
	var marks []mark
	switch {
	case i.withdrawn():
		marks = append(marks, markWithdrawn)
	case i.Standing != nil:
		marks = append(marks, markPublished)
	case i.Shipped != nil:
		marks = append(marks, markShipped)
	default:
		marks = append(marks, markNew)
	}
	if len(i.drafts()) > 0 {
		marks = append(marks, markDraft)
	}
	if e := i.present().Entry; e != nil && dueSoon(*e, today) {
		marks = append(marks, markDue)
	}
	return marks
}

func dueSoon(e knowledge.Entry, today knowledge.Date) bool {
	return !e.Review.IsZero() && !today.AddDays(reviewSoon).Before(e.Review)
}

// documentView is what the page of a document shows beside its form.
type documentView struct {
	// Settled says what follows from all texts together, empty where the text is not answered from.
	Settled   []string
	Doubts    []doubtLine
	Confirmed []string
	Clauses   []clauseLine
	Articles  int
}

type doubtLine struct {
	Field string
	Label string
	Why   string
}

type clauseLine struct {
	// Under is the heading that begins before this clause.
	Under string
	Name  string
	Text  string
	Span  string
}

func newDocumentView(d knowledge.Document, e Edition, today knowledge.Date) *documentView {
	v := &documentView{}
	labels := map[string]string{"articles": "正文", "rows": "名录"}
	for _, f := range documentFields() {
		labels[f.Name] = f.Label
	}
	for _, u := range d.Unsure {
		v.Doubts = append(v.Doubts, doubtLine{u.Field, labels[u.Field], u.Why})
	}
	for _, s := range e.Documents {
		if s.Key == d.Key || slices.Contains(s.Aliases, d.Key) {
			v.Settled = settledWords(s, e, today)
		}
	}
	v.fill(shownClauses(d))
	return v
}

// fill lists the clauses, each chapter and section before its first one.
func (v *documentView) fill(clauses []knowledge.Clause) {
	under := ""
	for _, c := range clauses {
		line := clauseLine{Name: strings.TrimSpace(c.Name() + " " + c.Heading), Text: c.Text}
		headings := strings.Join(nonEmpty(c.Book, c.Part, c.Chapter, c.Section), " · ")
		if headings != under {
			line.Under, under = headings, headings
		}
		switch {
		case !c.Effective.IsZero():
			line.Span = c.Effective.Chinese() + "起施行"
		case !c.Repealed.IsZero():
			line.Span = c.Repealed.Chinese() + "起不再有效"
		}
		if c.Article > 0 {
			v.Articles++
		}
		v.Clauses = append(v.Clauses, line)
	}
}

// settledWords say when a text holds, given all the others.
func settledWords(d knowledge.Document, e Edition, today knowledge.Date) []string {
	if d.IsDirectory() {
		return []string{"回答里的地点、招聘会和优惠来自这份名录。"}
	}
	var words []string
	if d.Holds(today) {
		words = append(words, "今天有效，回答可以引用。")
	} else {
		words = append(words, "今天不是有效的规定，回答不会引用。")
	}
	if start, certain := d.Start(); !start.IsZero() && certain {
		words = append(words, start.Chinese()+"起施行。")
	} else if !start.IsZero() {
		words = append(words, "施行日期不确定，暂从"+start.Chinese()+"算起。")
	}
	if !d.Repealed.IsZero() {
		words = append(words, d.Repealed.Chinese()+"起失效。")
	}
	for _, key := range d.ReplacedBy {
		words = append(words, "被"+e.cite(knowledge.Citation{Doc: key})+"取代。")
	}
	for _, key := range d.Replaces {
		words = append(words, "取代了"+e.cite(knowledge.Citation{Doc: key})+"。")
	}
	return words
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// clockOf is a time as editors read it.
func clockOf(t time.Time) string { return t.In(knowledge.China()).Format("2006-01-02 15:04") }
