package ingest

import (
	"strings"
	"unicode/utf8"

	"rongjun/knowledge"
)

// signatureLines is how many lines at the end of a notice may hold its signature.
const signatureLines = 6

// signature reads who signed a notice and on which day: a line that is nothing but a day, after
// lines that are nothing but a name.
func signature(clauses []knowledge.Clause) (day knowledge.Date, issuer string) {
	var lines []string
	for _, c := range clauses {
		lines = append(lines, strings.Split(c.Text, "\n")...)
	}
	for i := len(lines) - 1; i >= max(1, len(lines)-signatureLines); i-- {
		parts := dayAlone.FindStringSubmatch(squeeze(lines[i]))
		if parts == nil {
			continue
		}
		day, ok := dayOf(parts[1:])
		if !ok {
			continue
		}
		var names []string
		for j := i - 1; j >= 0 && isName(lines[j]); j-- {
			names = append([]string{squeeze(lines[j])}, names...)
		}
		return day, strings.Join(names, "、")
	}
	return knowledge.Date{}, ""
}

// isName says that a line can be the name of an office.
func isName(text string) bool {
	n := utf8.RuneCountInString(squeeze(text))
	return n >= 3 && n <= 30 && !strings.ContainsAny(text, "。；：，、（）") &&
		(organ.MatchString(text) || nationalIssuer.MatchString(squeeze(text)))
}
