package ingest

import (
	"strings"
	"unicode"
)

// line is one line of a text, whatever format it came from, without marks of the format.
type line struct {
	text string
	// level is the depth of a heading that the format marks as such, 0 for other lines.
	level int
	// bold says that the line begins in bold, as 第一条 does in one shape of Markdown.
	bold bool
}

// plainLines cuts a text into lines without blank ones.
func plainLines(text string) []line {
	var lines []line
	for l := range strings.Lines(text) {
		if l = trim(l); l != "" {
			lines = append(lines, line{text: l})
		}
	}
	return lines
}

// trim takes white space off both ends, also the wide kinds and marks that have no width.
func trim(s string) string {
	return strings.TrimFunc(s, isBlank)
}

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u2060'
}

// squeeze takes all white space out: "总　　则" is 总则.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, s)
}
