package embed

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// space is how the vocabulary writes a space and the beginning of a text.
	space = '▁'
	// wave is the one character that the vocabulary keeps where NFKC would change it.
	wave = "～"
)

// fold gives the text as the vocabulary spells it: NFKC, controls gone, every run of blanks one
// space, and a space before it all.
func fold(text string) string {
	parts := strings.Split(strings.Map(plain, text), wave)
	for i, part := range parts {
		parts[i] = norm.NFKC.String(part)
	}
	var b strings.Builder
	b.Grow(len(text) + len(string(space)))
	blank := false
	for i, r := range strings.Join(parts, wave) {
		if r != ' ' && i == 0 || r == ' ' && !blank {
			b.WriteRune(space)
		}
		if blank = r == ' '; !blank {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return string(space)
	}
	return b.String()
}

// plain turns whatever separates into a space and drops what has no look.
func plain(r rune) rune {
	switch {
	case r == space, r == unicode.ReplacementChar, r == '\ufeff', r == '\u1680':
		return ' '
	case r >= '\t' && r <= '\r' && r != '\v':
		return ' '
	case r >= '\u200b' && r <= '\u200f', r == '\u2028', r == '\u2029':
		return ' '
	case r < ' ', r == '\u007f', r == '\u008f', r == '\u009f':
		return -1
	}
	return r
}
