package handlers

import (
	"html/template"
	"regexp"
	"slices"
	"strings"

	"rongjun/bot"
)

// textLine is a line of a message as the page sets it: a reply's labels stand out, and a number that
// is named to be called can be tapped. chat_lines.js sets the lines that come later in the same way.
type textLine struct {
	// Label is the beginning up to the colon, as in “去哪办：”.
	Label string
	Parts []textPart
	// Items are the papers to bring, where the line names nothing else.
	Items []string
}

// textPart is a piece of a line; Call is the address that dials it, where it is a number to call.
type textPart struct {
	Text string
	Call template.URL
}

// Calls reports whether a number of the line can be tapped.
func (l textLine) Calls() bool {
	return slices.ContainsFunc(l.Parts, func(p textPart) bool { return p.Call != "" })
}

var (
	emptyLines = regexp.MustCompile(`\n[\t ]*(\n[\t ]*)+`)
	labelForm  = regexp.MustCompile(`^\p{Han}{2,6}：`)
	phoneForm  = regexp.MustCompile(`[0-9][0-9-]+[0-9]`)
	// calledForm is what the fixed words of care say: 请打110或120.
	calledForm = regexp.MustCompile(`打[0-9][0-9-]+[0-9](?:或[0-9][0-9-]+[0-9])?`)
)

// phoneLabel is the label of a place's telephone, bringLabel that of the papers to bring.
const (
	phoneLabel = "电话："
	bringLabel = "要带："
)

// textLines sets a message. People's own words keep their shape.
func textLines(from bot.From, text string) []textLine {
	var lines []textLine
	if from != bot.FromBot {
		for _, paragraph := range emptyLines.Split(text, -1) {
			lines = append(lines, textLine{Parts: []textPart{{Text: paragraph}}})
		}
		return lines
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		label := labelForm.FindString(line)
		rest := strings.TrimPrefix(line, label)
		lines = append(lines, textLine{label, textParts(label, rest), papersIn(label, rest)})
	}
	return lines
}

// papersIn are the papers of a line that names two or more and says nothing else, so that they can be
// listed; the marks within brackets divide none.
func papersIn(label, text string) []string {
	list := strings.TrimSuffix(strings.TrimSpace(text), "。")
	if label != bringLabel || strings.ContainsAny(list, "。；") {
		return nil
	}
	depth := 0
	papers := strings.FieldsFunc(list, func(r rune) bool {
		switch r {
		case '（', '《', '“':
			depth++
		case '）', '》', '”':
			depth--
		}
		return r == '、' && depth == 0
	})
	if len(papers) < 2 {
		return nil
	}
	return papers
}

func textParts(label, text string) []textPart {
	var parts []textPart
	at := 0
	for _, phone := range phonesIn(label, text) {
		if phone[0] > at {
			parts = append(parts, textPart{Text: text[at:phone[0]]})
		}
		number := text[phone[0]:phone[1]]
		// Only digits and hyphens are let into the address.
		parts = append(parts, textPart{number, template.URL("tel:" + number)})
		at = phone[1]
	}
	if at < len(text) {
		parts = append(parts, textPart{Text: text[at:]})
	}
	return parts
}

// phonesIn is where the numbers to call stand in a text.
func phonesIn(label, text string) [][]int {
	if label == phoneLabel {
		return phoneForm.FindAllStringIndex(text, -1)
	}
	var phones [][]int
	for _, called := range calledForm.FindAllStringIndex(text, -1) {
		for _, phone := range phoneForm.FindAllStringIndex(text[called[0]:called[1]], -1) {
			phones = append(phones, []int{called[0] + phone[0], called[0] + phone[1]})
		}
	}
	return phones
}
