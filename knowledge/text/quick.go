package text

import (
	"strings"
	"unicode/utf8"
)

// stable are marks of Chinese text that no step of folding changes.
const stable = "、。〈〉《》「」『』【】〔〕“”‘’—·"

// widthOffset lies between a full-width character and its plain form.
const widthOffset = '！' - '!'

// quickFold folds in one pass text made of nothing but ASCII, simplified characters and common
// marks, which is nearly all text; ok is false for any other.
func (n *Normaliser) quickFold(s string) (folded string, ok bool) {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		r, ok := n.quickRune(r)
		switch {
		case !ok:
			return "", false
		case r == ' ':
			blank = b.Len() > 0
		case r != 0:
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteRune(r)
		}
	}
	return b.String(), true
}

// quickRune maps one character; 0 means that it is dropped.
func (n *Normaliser) quickRune(r rune) (folded rune, ok bool) {
	if r >= '！' && r <= '～' {
		r -= widthOffset
	}
	switch {
	case r < utf8.RuneSelf:
		return quickASCII(r), true
	case r >= firstHan && r <= lastHan:
		return r, !n.isTraditional(r)
	case r == '　':
		return ' ', true
	default:
		return r, strings.ContainsRune(stable, r)
	}
}

func quickASCII(r rune) rune {
	switch {
	case r == ' ' || r >= '\t' && r <= '\r':
		return ' '
	case r < ' ' || r == 0x7F:
		return 0
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	default:
		return r
	}
}
