package knowledge

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// LongArticle is the number of characters above which an article is also cut into paragraphs,
// unless a caller measures something better.
const LongArticle = 300

// wholeLimit is how many times the length of a long article a clause may have to be a passage as a
// whole; what is longer, such as a table, is found by its slices alone.
const wholeLimit = 20

// Passages are the retrievable slices of the document: every clause whole, and a clause of more
// than long characters also by its paragraphs, each item joined to the words that lead it in.
func (d Document) Passages(long int) []Passage {
	var all []Passage
	taken := make(map[string]bool)
	for i, c := range d.Clauses {
		if strings.TrimSpace(c.Text) == "" {
			continue
		}
		whole := d.passage(c)
		whole.ID = d.clauseID(i, taken)
		whole.Text = c.Text
		length := utf8.RuneCountInString(c.Text)
		if length <= wholeLimit*long {
			all = append(all, whole)
		}
		if length <= long {
			continue
		}
		slices := c.slices(long)
		if len(slices) == 1 && length <= wholeLimit*long {
			continue
		}
		for n, text := range slices {
			part := whole
			part.ID = fmt.Sprintf("%s/%d", whole.ID, n+1)
			part.Text = text
			all = append(all, part)
		}
	}
	return all
}

// passage is what all slices of a clause share.
func (d Document) passage(c Clause) Passage {
	start, _ := d.Start()
	p := Passage{
		Title:     "《" + d.Title + "》" + c.Name() + c.Heading,
		Cites:     []Citation{{Doc: d.Key, Article: c.Article}},
		Region:    d.Region,
		Effective: start,
		Repealed:  d.End(),
	}
	if !c.Effective.IsZero() {
		p.Effective = c.Effective
	}
	if !c.Repealed.IsZero() && (p.Repealed.IsZero() || c.Repealed.Before(p.Repealed)) {
		p.Repealed = c.Repealed
	}
	return p
}

// clauseID names the clause: DOC#22, DOC#22.1 for 第二十二条之一, DOC#22@2025-01-01 for words that
// replaced others on that day. A name that is taken, as in a file of several texts, gets a number.
func (d Document) clauseID(i int, taken map[string]bool) string {
	c := d.Clauses[i]
	id := fmt.Sprintf("%s#%d", d.Key, c.Article)
	if c.Suffix > 0 {
		id += fmt.Sprintf(".%d", c.Suffix)
	}
	if !c.Effective.IsZero() {
		id += "@" + c.Effective.String()
	}
	unique := id
	for n := 2; taken[unique]; n++ {
		unique = fmt.Sprintf("%s~%d", id, n)
	}
	taken[unique] = true
	return unique
}

// slices cuts the clause into paragraphs; a paragraph whose items make it too long is cut between
// items, each slice beginning with the words that lead them in.
func (c Clause) slices(long int) []string {
	var out []string
	for _, p := range c.Paragraphs {
		lead := p.Text
		if len(p.Items) == 0 || utf8.RuneCountInString(lead) > long {
			out = append(out, sentences(lead, 2*long)...)
			lead = ""
		}
		text, begun := lead, false
		for _, item := range p.Items {
			for _, piece := range sentences(item, 2*long) {
				if begun && utf8.RuneCountInString(text)+utf8.RuneCountInString(piece) > long {
					out = append(out, text)
					text = lead
				}
				text = strings.TrimPrefix(text+"\n"+piece, "\n")
				begun = true
			}
		}
		if begun {
			out = append(out, text)
		}
	}
	return out
}

// sentences cuts a text of more than so many characters after the ends of sentences, and where
// there are none, anywhere.
func sentences(text string, most int) []string {
	if text == "" {
		return nil
	}
	var out []string
	rest := []rune(text)
	for len(rest) > most {
		cut := most
		for i := most - 1; i > 0; i-- {
			if rest[i] == '。' || rest[i] == '；' || rest[i] == '\n' {
				cut = i + 1
				break
			}
		}
		out, rest = append(out, string(rest[:cut])), rest[cut:]
	}
	return append(out, string(rest))
}

// Amend replaces the words of one article from a day on. The words before stay, bound to the time
// before; the article's older wordings must have been amended in the order of their days.
func (d Document) Amend(from Date, amended Clause) (Document, error) {
	for i := len(d.Clauses) - 1; i >= 0; i-- {
		c := d.Clauses[i]
		if c.Article == 0 || c.Article != amended.Article || c.Suffix != amended.Suffix {
			continue
		}
		if from.IsZero() || !c.Repealed.IsZero() || !c.Effective.Before(from) {
			return d, fmt.Errorf("amend %s of %q from %s: %w", c.Name(), d.Key, from, ErrInvalid)
		}
		amended.Book, amended.Part = c.Book, c.Part
		amended.Chapter, amended.Section = c.Chapter, c.Section
		amended.Effective = from
		clauses := append([]Clause{}, d.Clauses[:i+1]...)
		clauses[i].Repealed = from
		clauses = append(clauses, amended)
		d.Clauses = append(clauses, d.Clauses[i+1:]...)
		return d, nil
	}
	return d, fmt.Errorf("amend %s of %q: %w", amended.Name(), d.Key, ErrNotFound)
}
