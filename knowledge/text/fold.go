package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxPasses bounds how often folding is repeated until nothing changes: some rare forms make, once
// folded, a form that folds again (薴 → 苧 → 苎).
const maxPasses = 4

// Fold gives the form in which texts are compared: compatibility forms and full width become plain
// (１２級 → 12级), letters become small, traditional characters simplified, and white space one
// blank. Control, zero-width and combining characters and broken UTF-8 are dropped. Folding twice
// is the same as folding once.
func (n *Normaliser) Fold(s string) string {
	if folded, ok := n.quickFold(s); ok {
		return folded
	}
	s = strings.ToValidUTF8(s, " ")
	for range maxPasses {
		folded := foldSpaces(n.simplify(plain(s)))
		if folded == s {
			break
		}
		s = folded
	}
	return s
}

// plain takes away all that is only form: width, case, ligatures, marks and invisible characters.
func plain(s string) string {
	s = norm.NFKC.String(strings.Map(visible, s))
	return strings.ToLower(strings.Map(visible, s))
}

// visible maps what cannot be seen to nothing, and every kind of blank and line end to a space.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.C, unicode.M):
		return -1
	default:
		return r
	}
}

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }
