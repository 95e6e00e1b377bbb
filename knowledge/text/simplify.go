package text

import (
	"fmt"
	"strings"

	"github.com/longbridgeapp/opencc"
)

// The characters for which the program knows whether they are traditional; the rarer ones before
// and after are always given to the converter.
const (
	firstHan = '\u4E00'
	lastHan  = '\u9FFF'
)

// onlyInPhrases are characters that the converter leaves alone when they stand alone but changes in
// some words (瞭解 → 了解, 答覆 → 答复), so text that holds one must be converted too.
const onlyInPhrases = "瞭藉覆沈牴衹"

// traditionalRunes finds the characters that the converter may change. Most text holds none of them
// and is spared the conversion, which is by far the slowest step of folding.
func traditionalRunes(simplifier *opencc.OpenCC) ([]bool, error) {
	table := make([]bool, lastHan-firstHan+1)
	for i := range table {
		r := string(firstHan + rune(i))
		converted, err := simplifier.Convert(r)
		if err != nil {
			return nil, fmt.Errorf("convert %s: %w", r, err)
		}
		table[i] = converted != r || strings.Contains(onlyInPhrases, r)
	}
	return table, nil
}

func (n *Normaliser) isTraditional(r rune) bool {
	if r >= firstHan && r <= lastHan {
		return n.traditional[r-firstHan]
	}
	return r >= 0x3400 && r < firstHan || r >= 0x20000
}

func (n *Normaliser) simplify(s string) string {
	if strings.IndexFunc(s, n.isTraditional) < 0 {
		return s
	}
	converted, err := n.simplifier.Convert(s)
	if err != nil {
		// The converter fails only without its tables, and New has used them.
		return s
	}
	return converted
}
