package index

import (
	"cmp"
	"slices"
)

// ranked is a thing, by its key, with its score. Lower keys win ties, so that orders never vary.
type ranked[K cmp.Ordered] struct {
	key   K
	score float64
}

func byScore[K cmp.Ordered](a, b ranked[K]) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	return cmp.Compare(a.key, b.key)
}

// best keeps the n highest of the things offered to it. The backlog is sorted and cut only when
// it is full, which costs less than a heap where most offers are refused.
type best[K cmp.Ordered] struct {
	n       int
	backlog []ranked[K]
	floor   ranked[K]
	full    bool
}

func newBest[K cmp.Ordered](n int) *best[K] { return &best[K]{n: n} }

// wants tells whether the offer could be kept.
func (b *best[K]) wants(r ranked[K]) bool {
	return b.n > 0 && (!b.full || byScore(r, b.floor) < 0)
}

func (b *best[K]) offer(r ranked[K]) {
	if !b.wants(r) {
		return
	}
	b.backlog = append(b.backlog, r)
	if len(b.backlog) >= 2*b.n {
		b.cut()
	}
}

func (b *best[K]) cut() {
	slices.SortFunc(b.backlog, byScore)
	if len(b.backlog) >= b.n && b.n > 0 {
		b.backlog = b.backlog[:b.n]
		b.floor = b.backlog[b.n-1]
		b.full = true
	}
}

// take gives what was kept, best first.
func (b *best[K]) take() []ranked[K] {
	b.cut()
	return b.backlog
}
