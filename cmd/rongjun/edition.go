package main

import (
	"slices"
	"strings"

	"rongjun/bot/answer"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/guide"
)

// edition is one state of the knowledge: the shipped guide with all that was published over it. It
// never changes; publishing makes a new one.
type edition struct {
	// number is the published number that it was made from.
	number  int64
	guide   *guide.Guide
	entries map[string]knowledge.Entry
	// documents are the imported texts, each with the time in which it holds, and the directories.
	documents []knowledge.Document
	// directories is how many of documents are directories; they come last.
	directories int

	register register
	articles articles
	passages []knowledge.Passage
	// own is set where an imported text speaks for itself.
	own   bool
	index *editionIndex

	places *places
}

// newEdition puts the knowledge together; the index is made after it.
func newEdition(g *guide.Guide, number int64, standing []knowledge.Revision) *edition {
	e := &edition{
		number: number, guide: g, entries: make(map[string]knowledge.Entry),
	}
	for _, entry := range knowledge.Overlay(g.Entries, standing) {
		e.entries[entry.ID] = entry
		e.passages = append(e.passages, entry.Passage())
	}
	texts, directories := documentsOf(standing)
	e.documents, e.register = settled(texts, g.Register)
	e.articles = newArticles(e.documents)
	e.addDocuments()
	e.documents, e.directories = append(e.documents, directories...), len(directories)
	e.places = newPlaces(g, directory.Gather(directories))
	return e
}

// addDocuments adds the passages of the imported texts. A text that no entry rests on speaks for itself.
func (e *edition) addDocuments() {
	told := make(map[string]bool)
	for _, entry := range e.entries {
		for _, c := range entry.Cites {
			told[e.key(c.Doc)] = true
		}
	}
	for _, d := range e.documents {
		own := !told[e.key(d.Key)]
		for _, p := range d.Passages(knowledge.LongArticle) {
			p.Own = own
			e.passages = append(e.passages, p)
		}
		e.own = e.own || own
	}
}

// key is the key of an enactment that may be named by an alias.
func (e *edition) key(doc string) string {
	if known, err := e.register.Lookup(doc); err == nil {
		return known.Key
	}
	return doc
}

// indexed is the same edition with an index.
func (e *edition) indexed(x *editionIndex) *edition {
	next := *e
	next.index = x
	return &next
}

// library is the edition as of a day.
func (e *edition) library(today knowledge.Date) *answer.Library {
	return &answer.Library{
		Index: e.index, Register: e.register,
		Entry: func(id string) (knowledge.Entry, bool) {
			entry, ok := e.entries[id]
			return entry, ok
		},
		Supports: e.guide.Supports, Own: e.own,
		Article: func(c knowledge.Citation) (string, bool) { return e.article(c, today) },
	}
}

// article is the text of a cited article as it stands on a day.
func (e *edition) article(c knowledge.Citation, on knowledge.Date) (string, bool) {
	c.Doc = e.key(c.Doc)
	return e.articles.text(c, on)
}

// listed are the entries, sorted by ID.
func (e *edition) listed() []knowledge.Entry {
	list := make([]knowledge.Entry, 0, len(e.entries))
	for _, entry := range e.entries {
		list = append(list, entry)
	}
	slices.SortFunc(list, func(a, b knowledge.Entry) int { return strings.Compare(a.ID, b.ID) })
	return list
}

func documentsOf(standing []knowledge.Revision) (texts, directories []knowledge.Document) {
	for _, r := range standing {
		switch {
		case r.State != knowledge.RevisionPublished || r.Document == nil:
		case r.Document.IsDirectory():
			directories = append(directories, *r.Document)
		default:
			texts = append(texts, *r.Document)
		}
	}
	return texts, directories
}

// articles are the clauses of the imported texts by what cites them.
type articles map[knowledge.Citation][]knowledge.Clause

func newArticles(docs []knowledge.Document) articles {
	all := make(articles)
	for _, d := range docs {
		for _, c := range d.Clauses {
			at := knowledge.Citation{Doc: d.Key, Article: c.Article}
			all[at] = append(all[at], c)
		}
	}
	return all
}

// text joins the wordings of an article that hold on a day.
func (a articles) text(c knowledge.Citation, on knowledge.Date) (string, bool) {
	var texts []string
	for _, clause := range a[c] {
		ended := !clause.Repealed.IsZero() && !on.Before(clause.Repealed)
		if !ended && !on.Before(clause.Effective) && clause.Text != "" {
			texts = append(texts, clause.Text)
		}
	}
	return strings.Join(texts, "\n"), len(texts) > 0
}
