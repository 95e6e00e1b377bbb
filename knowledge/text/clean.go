package text

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// noise are the words that speech puts around a question, by where they may be dropped.
type noise struct {
	// open and soft begin a clause; soft words only before one of speakers, before other noise or
	// alone in the clause, for 那年 and 额度 are no noise. close ends a clause.
	open, soft, speakers, close []string
}

// Clean folds a question and takes off greetings, fillers and particles: 喂你好那个我想问一下优待证
// 咋办嘛 becomes 优待证咋办. Noise is dropped only at the edges of a clause, or between blanks and
// punctuation, and never when nothing else would be left, so that a greeting stays a greeting.
func (n *Normaliser) Clean(s string) string {
	s = n.Fold(s)
	var kept []string
	for _, clause := range splitClauses(s) {
		if words := n.noise.strip(clause.words); words != "" {
			kept = append(kept, words+clause.mark)
		}
	}
	cleaned := strings.Join(kept, "")
	if cleaned == "" {
		return s
	}
	return foldSpaces(cleaned)
}

type clause struct{ words, mark string }

// splitClauses cuts at punctuation and blanks; the marks stay with the clause that they end.
func splitClauses(s string) []clause {
	var clauses []clause
	start, mark := 0, -1
	for i, r := range s {
		isMark := unicode.IsPunct(r) || unicode.IsSpace(r)
		switch {
		case isMark && mark < 0:
			mark = i
		case !isMark && mark >= 0:
			clauses = append(clauses, clause{s[start:mark], s[mark:i]})
			start, mark = i, -1
		}
	}
	if mark < 0 {
		mark = len(s)
	}
	return append(clauses, clause{s[start:mark], s[mark:]})
}

// strip takes noise off both ends until none is left. What would leave a single character standing
// is kept: it is more likely a word that only looks like noise.
func (n noise) strip(s string) string {
	for s != "" {
		before := s
		s = trimOne(s, n.open, strings.CutPrefix)
		s = trimOne(s, n.close, strings.CutSuffix)
		if soft := trimOne(s, n.soft, strings.CutPrefix); n.mayFollowSoft(soft) {
			s = soft
		}
		if s == before {
			return s
		}
	}
	return s
}

func (n noise) mayFollowSoft(rest string) bool {
	begins := func(word string) bool { return strings.HasPrefix(rest, word) }
	return rest == "" || slices.ContainsFunc(n.speakers, begins) ||
		slices.ContainsFunc(n.open, begins) || slices.ContainsFunc(n.soft, begins)
}

func trimOne(s string, words []string, cut func(s, word string) (string, bool)) string {
	for _, word := range words {
		rest, found := cut(s, word)
		if _, size := utf8.DecodeRuneInString(rest); found && (rest == "" || size < len(rest)) {
			return rest
		}
	}
	return s
}

func readNoise() (noise, error) {
	rows, err := readRows("noise.tsv", 2)
	if err != nil {
		return noise{}, err
	}
	var n noise
	places := map[string]*[]string{
		"open": &n.open, "soft": &n.soft, "speaker": &n.speakers, "close": &n.close,
	}
	for _, row := range rows {
		words, known := places[row[0]]
		if !known {
			return noise{}, fmt.Errorf("table noise.tsv: unknown place %q", row[0])
		}
		*words = append(*words, strings.Fields(row[1])...)
	}
	longestFirst := func(a, b string) int { return len(b) - len(a) }
	for _, words := range places {
		slices.SortStableFunc(*words, longestFirst)
	}
	return n, nil
}
