package index

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/lately"
	"rongjun/knowledge/text"
)

// Options says how an index is built. The zero Options give an index by words alone.
type Options struct {
	// Normaliser is shared with the rest of the program; nil: the index loads its own.
	Normaliser *text.Normaliser
	// Embedder makes the vectors that Stored does not have; nil: only stored ones are used.
	Embedder Embedder
	// Stored gives the vector of a text, by Hash, made by this embedder before.
	Stored func(hash string) ([]float32, bool)
	// Like gives the cosine of two plain vectors that is worth as much as one between a question's
	// asked vector and an entry's; nil: asked vectors are not compared.
	Like func(asked float64) float64
	// Save keeps a vector that was just made.
	Save func(hash string, vector []float32) error
	// Progress is told how many of the texts to embed are done.
	Progress func(done, total int)
	// Results is how many results of searches are kept at least, for those that are made again; 0
	// keeps none.
	Results int
}

// Index answers searches over a fixed set of passages. It never changes, so any number of searches
// may run at once; new content means a new Index.
type Index struct {
	normaliser *text.Normaliser
	passages   []knowledge.Passage
	validity   validity
	words      *words
	meaning    *meaning
	results    *lately.Made[string, Result]
}

// Build indexes the passages. It embeds those texts whose vectors are not stored, which may take
// long; ctx ends it. Passages must have distinct IDs.
func Build(ctx context.Context, passages []knowledge.Passage, o Options) (*Index, error) {
	if o.Normaliser == nil {
		n, err := text.New()
		if err != nil {
			return nil, fmt.Errorf("build index: %w", err)
		}
		o.Normaliser = n
	}
	passages, err := inOrder(passages)
	if err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	w, err := newWords(ctx, o.Normaliser, passages)
	if err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	m, err := newMeaning(ctx, passages, o)
	if err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	return &Index{
		normaliser: o.Normaliser,
		passages:   passages,
		validity:   newValidity(passages),
		words:      w,
		meaning:    m,
		results:    lately.New[string, Result](o.Results),
	}, nil
}

// Len is the number of passages.
func (x *Index) Len() int { return len(x.passages) }

// HasVectors reports whether passages can be found by meaning.
func (x *Index) HasVectors() bool { return x.meaning != nil }

// inOrder sorts a copy by ID: the order in which equal scores are listed.
func inOrder(passages []knowledge.Passage) ([]knowledge.Passage, error) {
	sorted := slices.Clone(passages)
	slices.SortFunc(sorted, func(a, b knowledge.Passage) int { return strings.Compare(a.ID, b.ID) })
	for i, p := range sorted {
		if p.ID == "" {
			return nil, fmt.Errorf("a passage has no id: %w", knowledge.ErrInvalid)
		}
		if i > 0 && sorted[i-1].ID == p.ID {
			return nil, fmt.Errorf("passage %q comes twice: %w", p.ID, knowledge.ErrInvalid)
		}
	}
	return sorted, nil
}
