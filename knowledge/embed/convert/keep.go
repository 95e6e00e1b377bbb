package main

import (
	"slices"
	"strings"
	"unicode"
)

// letters is how many Latin letters a kept piece may have: enough for units, abbreviations and the
// spelling of longer words.
const letters = 3

// prefixPieces are longer, but stand before every text.
var prefixPieces = []string{"▁passage"}

// kept gives the pieces with which Chinese text is written, sorted.
func kept(all []piece) []piece {
	var out []piece
	for _, p := range all {
		special := p.row <= unknownSource || p.row == len(all)-1
		if !special && (keep(p.text) || slices.Contains(prefixPieces, p.text)) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b piece) int { return strings.Compare(a.text, b.text) })
	return out
}

func keep(piece string) bool {
	latin := 0
	for _, r := range piece {
		if r < unicode.MaxASCII && unicode.IsLetter(r) {
			latin++
		}
		if !chinese(r) {
			return false
		}
	}
	return latin <= letters
}

// chinese tells whether the character may stand in Chinese text: Han, ASCII, the punctuation and
// full-width forms of East Asia, and the dashes, quotes and signs it shares with the West.
func chinese(r rune) bool {
	switch {
	case r <= unicode.MaxASCII, r == '▁', unicode.Is(unicode.Han, r):
		return true
	case r >= 0x3000 && r <= 0x303f, r >= 0xfe30 && r <= 0xfe4f, r >= 0xff00 && r <= 0xffef:
		return true
	case r >= 0x2010 && r <= 0x2027, r >= 0x2030 && r <= 0x205e:
		return true
	}
	return strings.ContainsRune("·°×÷±§¢£¥€₩→←↑↓−≤≥≠≈√■□●○◆◇★☆▲△▼※", r)
}
