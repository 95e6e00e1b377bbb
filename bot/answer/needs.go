package answer

import (
	"fmt"
	"regexp"
	"regexp/syntax"
)

// pattern is a regular expression that is tried only on texts with the characters that it needs. Most
// patterns need some that most texts lack, and to see that costs next to nothing.
type pattern struct {
	*regexp.Regexp
	// needs are sets of characters; what matches has one of each set.
	needs [][]rune
}

func newPattern(source string) (pattern, error) {
	compiled, err := regexp.Compile(source)
	if err != nil {
		return pattern{}, fmt.Errorf("compile: %w", err)
	}
	parsed, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return pattern{}, fmt.Errorf("parse: %w", err)
	}
	return pattern{compiled, neededBy(parsed)}, nil
}

// mayMatch reports whether a text with these characters has what the pattern needs.
func (p pattern) mayMatch(held *characters) bool {
	for _, set := range p.needs {
		if !held.anyOf(set) {
			return false
		}
	}
	return true
}

// mostOfClass is the largest class of characters that is worth looking for.
const mostOfClass = 48

// neededBy gives sets of characters of each of which every match has one; none where nothing is sure.
func neededBy(re *syntax.Regexp) [][]rune {
	switch re.Op {
	case syntax.OpLiteral:
		return neededByLiteral(re)
	case syntax.OpCharClass:
		if set := membersOf(re.Rune); set != nil {
			return [][]rune{set}
		}
	case syntax.OpConcat:
		var all [][]rune
		for _, sub := range re.Sub {
			all = append(all, neededBy(sub)...)
		}
		return all
	case syntax.OpAlternate:
		return neededByOneOf(re.Sub)
	case syntax.OpCapture, syntax.OpPlus:
		return neededBy(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return neededBy(re.Sub[0])
		}
	}
	return nil
}

func neededByLiteral(re *syntax.Regexp) [][]rune {
	if re.Flags&syntax.FoldCase != 0 {
		return nil
	}
	var all [][]rune
	for _, r := range re.Rune {
		all = append(all, []rune{r})
	}
	return all
}

// membersOf lists the characters of a class given by the ends of its ranges, nil for a large one.
func membersOf(ranges []rune) []rune {
	var set []rune
	for i := 0; i+1 < len(ranges); i += 2 {
		if int(ranges[i+1]-ranges[i])+len(set) >= mostOfClass {
			return nil
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			set = append(set, r)
		}
	}
	return set
}

// neededByOneOf is one set: of each branch the smallest that it needs.
func neededByOneOf(branches []*syntax.Regexp) [][]rune {
	var union []rune
	for _, branch := range branches {
		var smallest []rune
		for _, set := range neededBy(branch) {
			if smallest == nil || len(set) < len(smallest) {
				smallest = set
			}
		}
		if smallest == nil {
			return nil
		}
		union = append(union, smallest...)
	}
	return [][]rune{union}
}

// characters tells which characters a text has. It may take one for another that is not there, never
// the other way round.
type characters [16]uint64

func charactersOf(text string) *characters {
	var c characters
	for _, r := range text {
		c[r>>6&15] |= 1 << (r & 63)
	}
	return &c
}

func (c *characters) anyOf(set []rune) bool {
	for _, r := range set {
		if c[r>>6&15]&(1<<(r&63)) != 0 {
			return true
		}
	}
	return false
}
