package embed

import (
	"fmt"
	"sort"
	"strings"
)

// pieces is the vocabulary, sorted, so that the pieces with a common beginning stand together and a
// search narrows as the beginning grows. It lies in the file; only where each piece begins and how
// likely it is are kept beside.
type pieces struct {
	text   string
	starts []uint32 // of each piece, and the end of the last
	scores []float32
}

func readPieces(s *section, n int) (pieces, error) {
	lengths := s.take(n)
	p := pieces{starts: make([]uint32, 1, len(lengths)+1)}
	total := 0
	for i := range len(lengths) {
		total += int(lengths[i])
		p.starts = append(p.starts, uint32(total))
	}
	p.text = s.take(total)
	p.scores = s.floats(n)
	if len(lengths) != n || len(p.text) != total || len(p.scores) != n {
		return pieces{}, fmt.Errorf("read %d pieces: %w", n, ErrFormat)
	}
	for i := 1; i < n; i++ {
		if p.at(i-1) >= p.at(i) {
			return pieces{}, fmt.Errorf("read pieces: %q out of order: %w", p.at(i), ErrFormat)
		}
	}
	return p, nil
}

func (p *pieces) at(i int) string { return p.text[p.starts[i]:p.starts[i+1]] }

// span is the pieces from lo to hi, which have their first depth bytes in common.
type span struct{ lo, hi, depth int }

func (p *pieces) all() span { return span{hi: len(p.scores)} }

// narrow keeps the pieces of which the common beginning goes on with next.
func (p *pieces) narrow(s span, next string) span {
	rest := func(i int) string { return p.at(s.lo + i)[s.depth:] }
	lo := sort.Search(s.hi-s.lo, func(i int) bool { return rest(i) >= next })
	n := sort.Search(s.hi-s.lo-lo, func(i int) bool { return !strings.HasPrefix(rest(lo+i), next) })
	return span{lo: s.lo + lo, hi: s.lo + lo + n, depth: s.depth + len(next)}
}

// whole is the piece that is the common beginning itself, or -1.
func (p *pieces) whole(s span) int {
	if s.lo < s.hi && len(p.at(s.lo)) == s.depth {
		return s.lo
	}
	return -1
}
