package ingest

import (
	"strings"

	"rongjun/knowledge"
)

// statute is a text cut at its articles. No character of the text is lost but white space: front,
// headings, numbers and clauses together hold every line.
type statute struct {
	front   []string
	clauses []knowledge.Clause
	// labels are the numbers as the text writes them, one for each clause, empty where it has none.
	labels []string
}

// statuteParser goes through the lines once.
type statuteParser struct {
	statute
	headings headings
	last     article
	// body are the lines of the clause that is open, if one is.
	body []string
	open bool
	// over says that the line before left no sentence open.
	over bool
}

// parseStatute cuts lines at their articles; ok is false for a text that has none.
func parseStatute(lines []line) (s statute, ok bool) {
	p := statuteParser{over: true}
	for _, l := range lines {
		p.take(l)
		p.over = p.over || l.level > 0 || endsSentence(l.text)
	}
	p.keepHeadings()
	p.close()
	return p.statute, p.last.number > 0
}

func (p *statuteParser) take(l line) {
	over := p.over
	p.over = false
	if depth, isHeading := heading(l); isHeading {
		p.close()
		p.headings.wait(depth, l.text)
		p.over = true
		return
	}
	begun := p.last.number > 0
	if a, begins := beginsArticle(l, p.last, over); begins {
		p.placeHeadings()
		label := l.text[:len(l.text)-len(a.rest)]
		p.begin(p.headings.clause(a), label)
		p.last = a
		p.add(trim(a.rest))
		return
	}
	switch {
	case begun && (l.level > 0 || annexLine.MatchString(l.text)):
		p.keepHeadings()
		p.headings = headings{}
		p.begin(knowledge.Clause{Heading: l.text}, "")
	case !begun:
		p.front = append(append(p.front, p.headings.drop()...), l.text)
		p.over = true
	default:
		if !p.open {
			p.placeHeadings()
			p.begin(p.headings.clause(article{}), "")
		}
		p.add(l.text)
	}
}

// placeHeadings puts the waiting headings in force. One that nothing stood under is kept all the
// same: before the first article among the front lines, where a table of contents belongs, later as
// a clause without text.
func (p *statuteParser) placeHeadings() {
	if len(p.clauses) == 0 {
		p.front = append(p.front, p.headings.displaced()...)
	}
	for len(p.headings.waiting) > 0 {
		if p.headings.enter() {
			p.begin(p.headings.clause(article{}), "")
			p.close()
		}
	}
}

// keepHeadings places the waiting headings where no article will follow them.
func (p *statuteParser) keepHeadings() {
	if len(p.headings.waiting) > 0 {
		p.placeHeadings()
		p.begin(p.headings.clause(article{}), "")
	}
}

func (p *statuteParser) begin(c knowledge.Clause, label string) {
	p.close()
	p.clauses = append(p.clauses, c)
	p.labels = append(p.labels, strings.TrimSpace(label))
	p.open = true
}

func (p *statuteParser) add(text string) {
	if text != "" {
		p.body = append(p.body, text)
	}
}

func (p *statuteParser) close() {
	if p.open {
		c := &p.clauses[len(p.clauses)-1]
		c.Text = strings.Join(p.body, "\n")
		c.Paragraphs = paragraphs(p.body)
	}
	p.body, p.open = nil, false
}
