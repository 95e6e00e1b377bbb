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

// phoneLabel is the label of a place's telephone.
const phoneLabel = "电话："

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
		lines = append(lines, textLine{label, textParts(label, strings.TrimPrefix(line, label))})
	}
	return lines
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
