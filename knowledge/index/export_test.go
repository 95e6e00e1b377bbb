package index

import (
	"context"
	"time"
)

// Parts are the times that the steps of one search took.
type Parts struct{ Words, Vectors, Fuse time.Duration }

// SearchByParts searches and times each step.
func (x *Index) SearchByParts(ctx context.Context, q Query) (p Parts, err error) {
	if q.N == 0 {
		q.N = defaultN
	}
	s := &search{index: x, query: q, against: x.validity.on(q.AsOf, q.Region)}
	began := time.Now()
	s.byWords()
	p.Words = time.Since(began)
	began = time.Now()
	if err := s.byMeaning(); err != nil {
		return p, err
	}
	p.Vectors = time.Since(began)
	began = time.Now()
	s.result()
	p.Fuse = time.Since(began)
	return p, ctx.Err()
}

// Key is what the result of a query is kept under.
func (q Query) Key() string { return q.key() }
