package index

import (
	"context"
	"errors"
	"fmt"

	"github.com/philippgille/chromem-go"
	"github.com/viterin/vek/vek32"
)

// Chromem holds vectors in a chromem-go collection in memory; the record of them is elsewhere.
//
// It makes up for what a collection lacks: a filter by more than equal metadata, an answer when
// more results are asked for than there are documents, a refusal of names that are used twice, and
// the same order every time among equal scores.
type Chromem struct {
	dims       int
	collection *chromem.Collection
	ids        []string
}

var errNoText = errors.New("vectors are made before they are added")

// NewChromem makes an empty Chromem for vectors of the given length.
func NewChromem(dims int) (*Chromem, error) {
	refuse := func(context.Context, string) ([]float32, error) { return nil, errNoText }
	collection, err := chromem.NewDB().CreateCollection("passages", nil, refuse)
	if err != nil {
		return nil, fmt.Errorf("create collection: %w", err)
	}
	return &Chromem{dims: dims, collection: collection}, nil
}

// Add implements Vectors.
func (c *Chromem) Add(id string, vector []float32) error {
	v, err := unitVector(vector, c.dims)
	if err != nil {
		return fmt.Errorf("add vector: %w", err)
	}
	ctx := context.Background()
	if _, err := c.collection.GetByID(ctx, id); err == nil || id == "" {
		return fmt.Errorf("add vector: name %q is empty or used", id)
	}
	if err := c.collection.AddDocument(ctx, chromem.Document{ID: id, Embedding: v}); err != nil {
		return fmt.Errorf("add vector: %w", err)
	}
	c.ids = append(c.ids, id)
	return nil
}

// Query implements Vectors. The collection is asked for more than n: for as many more as are not
// allowed, and then again for more while the last place is tied, since the collection would drop
// any of the tied ones.
func (c *Chromem) Query(
	vector []float32, n int, allowed func(id string) bool,
) ([]string, []float32, error) {
	v, err := unitVector(vector, c.dims)
	if err != nil {
		return nil, nil, fmt.Errorf("query vectors: %w", err)
	}
	refused := 0
	for _, id := range c.ids {
		if !allowed(id) {
			refused++
		}
	}
	near := newBest[string](min(n, len(c.ids)-refused))
	for ask := near.n + refused + 1; near.n > 0; ask *= 2 {
		ask = min(ask, len(c.ids))
		results, err := c.collection.QueryEmbedding(context.Background(), v, ask, nil, nil)
		if err != nil {
			return nil, nil, fmt.Errorf("query vectors: %w", err)
		}
		near = newBest[string](near.n)
		for _, r := range results {
			if allowed(r.ID) {
				near.offer(ranked[string]{r.ID, float64(r.Similarity)})
			}
		}
		last := float64(results[len(results)-1].Similarity)
		if kept := near.take(); ask == len(c.ids) || kept[len(kept)-1].score > last {
			break
		}
	}
	ids, scores := unzip(near.take())
	return ids, scores, nil
}

// Scores implements Vectors.
func (c *Chromem) Scores(vector []float32, ids []string) ([]float32, error) {
	v, err := unitVector(vector, c.dims)
	if err != nil {
		return nil, fmt.Errorf("score vectors: %w", err)
	}
	scores := make([]float32, len(ids))
	for i, id := range ids {
		if held, err := c.collection.GetByID(context.Background(), id); err == nil {
			scores[i] = vek32.Dot(v, held.Embedding)
		}
	}
	return scores, nil
}
