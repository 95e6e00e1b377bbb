package main

import (
	"context"

	"rongjun/knowledge/index"
)

// editionIndex is the index of an edition with the source of its vectors.
type editionIndex struct {
	*index.Index
	meaning *meaning
	by      *source
}

// Search implements answer.Searcher. A turn that began before another source took over has a vector
// that means nothing here: words alone decide then.
func (x *editionIndex) Search(ctx context.Context, q index.Query) (index.Result, error) {
	if q.Vector != nil && x.meaning.serving.Load() != x.by {
		q.Vector = nil
	}
	return x.Index.Search(ctx, q)
}

// embedding is how far the vectors of the present edition are; the zero value is that none are made.
type embedding struct{ done, total int }
