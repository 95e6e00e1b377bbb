package eval

import (
	"slices"
	"strings"
	"time"

	"rongjun/knowledge"
	"rongjun/knowledge/figure"
)

// crisisWords are the numbers that a reply to someone in danger may always give.
const crisisWords = "110、120、12356"

// unsupported returns the figures of the reply that nothing carries.
func (m measure) unsupported(q Question, l Line) []string {
	sources := append(said(q), crisisWords, clock(m.At), q.AsOf.Chinese())
	for _, h := range l.Hits {
		if len(h.Cites) == 0 {
			sources = append(sources, h.Text)
		}
	}
	for _, c := range l.Citations {
		sources = append(sources, m.registered(c))
		if !m.outOfForce(c, m.day(q)) {
			sources = append(sources, m.textOf(c, l.Hits)...)
		}
	}
	var texts []string
	for _, f := range figure.Missing(l.Reply, sources...) {
		texts = append(texts, f.Text)
	}
	return texts
}

// said are the contact's own words, which come back only as "您说的…".
func said(q Question) []string {
	words := []string{q.Question}
	for _, e := range q.History {
		if e.Role == roleContact {
			words = append(words, e.Content)
		}
	}
	return words
}

// clock is the time of asking in the forms in which it is said.
func clock(at time.Time) string {
	at = at.In(knowledge.China())
	return knowledge.DateOf(at).Chinese() + at.Format(" 15:04")
}

// registered is what the register knows of a cited enactment, as far as a reply may say it.
func (m measure) registered(c knowledge.Citation) string {
	e, ok := m.lookup(c)
	if !ok {
		return ""
	}
	return strings.Join([]string{
		e.Title, e.Issuer, e.Adopted.Chinese(), e.Published.Chinese(), e.Effective.Chinese(),
		e.Repealed.Chinese(),
	}, "\n")
}

// textOf is the text of an article, or, where it is not at hand, the passages found that rest on it.
func (m measure) textOf(c knowledge.Citation, hits []Hit) []string {
	if m.Article != nil {
		if text, ok := m.Article(c); ok {
			return []string{text}
		}
	}
	var texts []string
	for _, h := range hits {
		if slices.Contains(h.Cites, c) {
			texts = append(texts, h.Text)
		}
	}
	return texts
}
