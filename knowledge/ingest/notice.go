package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"rongjun/knowledge"
)

// sectionLine begins a section of a notice: 一、申请条件.
var sectionLine = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`)

// parseNotice cuts a text without articles at its headings, those the format marks and those
// numbered 一、. The lines before the title, and the title, are its front; a text without headings
// is one clause.
func parseNotice(lines []line, front int) statute {
	var s statute
	for _, l := range lines[:front] {
		s.front = append(s.front, l.text)
	}
	var body []string
	var current knowledge.Clause
	begun := false
	end := func() {
		if !begun {
			return
		}
		current.Text = strings.Join(body, "\n")
		current.Paragraphs = paragraphs(body)
		s.clauses = append(s.clauses, current)
		s.labels = append(s.labels, "")
	}
	for _, l := range lines[front:] {
		if l.level > 0 || sectionLine.MatchString(l.text) || annexLine.MatchString(l.text) {
			end()
			name, first := sectionName(l)
			current, body, begun = knowledge.Clause{Heading: name}, first, true
			continue
		}
		body, begun = append(body, l.text), true
	}
	end()
	return s
}

// sectionName splits a heading from text that stands on its line: 一、对象。凡符合下列条件….
func sectionName(l line) (name string, first []string) {
	if l.level > 0 || !sectionLine.MatchString(l.text) {
		return l.text, nil
	}
	for _, end := range []string{"。", "："} {
		if head, rest, found := strings.Cut(l.text, end); found &&
			utf8.RuneCountInString(head) <= longHeading && trim(rest) != "" {
			return head + end, []string{trim(rest)}
		}
	}
	if utf8.RuneCountInString(l.text) > longHeading {
		number := sectionLine.FindString(l.text)
		return number, []string{trim(l.text[len(number):])}
	}
	return l.text, nil
}
