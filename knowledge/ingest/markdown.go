package ingest

import (
	"regexp"
	"strings"
)

var (
	comment    = regexp.MustCompile(`(?s)<!--.*?-->`)
	emphasis   = regexp.MustCompile(`\*\*(.+?)\*\*`)
	listMark   = regexp.MustCompile(`^[-*+] +`)
	rule       = regexp.MustCompile(`^(-{3,}|\*{3,}|_{3,})$`)
	tableRule  = regexp.MustCompile(`^\|?[ :|-]*-[ :|-]*\|[ :|-]*$`)
	backslash  = regexp.MustCompile(`\\([\\*_#\-+.>|()\[\]])`)
	sourceLine = regexp.MustCompile(`<!--\s*source:\s*(https?://\S+)`)
)

// markdown is a Markdown text taken apart.
type markdown struct {
	// matter is the YAML front matter, empty if there is none.
	matter string
	// source is an address named in a comment before the text.
	source string
	lines  []line
}

// readMarkdown drops comments and marks, and keeps what they said: levels of headings, bold starts.
func readMarkdown(text string) markdown {
	var md markdown
	if m := sourceLine.FindStringSubmatch(text); m != nil {
		md.source = m[1]
	}
	text = comment.ReplaceAllString(text, "")
	md.matter, text = frontMatter(text)
	for raw := range strings.Lines(text) {
		if l := markdownLine(trim(raw)); l.text != "" {
			md.lines = append(md.lines, l)
		}
	}
	return md
}

// frontMatter splits off the YAML between two lines of ---, if the text begins with it.
func frontMatter(text string) (matter, rest string) {
	start := strings.TrimLeftFunc(text, isBlank)
	start, found := strings.CutPrefix(start, "---\n")
	if !found {
		return "", text
	}
	matter, rest, found = strings.Cut(start, "\n---\n")
	if !found {
		return "", text
	}
	return matter, rest
}

func markdownLine(text string) line {
	var l line
	if rule.MatchString(text) || tableRule.MatchString(text) {
		return l
	}
	if hashes := len(text) - len(strings.TrimLeft(text, "#")); hashes > 0 && hashes <= 6 &&
		(len(text) == hashes || isBlank([]rune(text[hashes:])[0])) {
		l.level = hashes
		text = trim(text[hashes:])
	} else {
		text = trim(strings.TrimLeft(text, ">"))
		text = listMark.ReplaceAllString(text, "")
	}
	l.bold = strings.HasPrefix(text, "**")
	text = emphasis.ReplaceAllString(text, "$1")
	text = backslash.ReplaceAllString(text, "$1")
	l.text = trim(text)
	return l
}
