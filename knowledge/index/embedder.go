package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"rongjun/knowledge"
	"rongjun/knowledge/text"
)

// Embedder turns texts into vectors of which the angle tells how near they are in meaning.
// Questions and passages are embedded differently. Its types are built in, so that an embedder
// imports nothing of ours.
type Embedder interface {
	// Name changes whenever the vectors do; vectors of different names are never compared.
	Name() string
	EmbedQueries(ctx context.Context, texts []string) ([][]float32, error)
	EmbedPassages(ctx context.Context, texts []string) ([][]float32, error)
}

// Taught is an embedder that was also taught how people ask. Its asked vectors of questions are compared
// with its vectors of the guide's entries.
type Taught interface {
	Embedder
	// EmbedAsked gives the vectors of EmbedQueries, and with each the asked one, and what it tells of the
	// question, which is nothing to an index.
	EmbedAsked(ctx context.Context, texts []string) (plain, asked, told [][]float32, err error)
	// Like is what Options want of it.
	Like(asked float64) float64
}

// ErrVector marks a vector of the wrong length or without a direction.
var ErrVector = errors.New("unusable vector")

// batch is how many texts are given to the embedder at once.
const batch = 32

// Hash names a text under which its vector is stored. It is the same for every embedder.
func Hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// EmbeddingTexts gives the texts of a passage of which vectors are made, as they go to the embedder
// and to Hash: its title with its text, then each of its phrasings.
func EmbeddingTexts(n *text.Normaliser, p knowledge.Passage) []string {
	texts := []string{n.Fold(p.Title + "\n" + p.Text)}
	if p.Entry != "" {
		texts = append(texts, n.Fold(p.Title))
	}
	for _, phrasing := range p.Phrasings {
		texts = append(texts, n.Fold(phrasing))
	}
	return texts
}

// embed makes the vectors of texts, a batch at a time, and gives each to keep.
func embed(ctx context.Context, o Options, texts []string, keep func(at int, v []float32)) error {
	for from := 0; from < len(texts); from += batch {
		to := min(from+batch, len(texts))
		vectors, err := o.Embedder.EmbedPassages(ctx, texts[from:to])
		if err != nil {
			return fmt.Errorf("embed passages: %w", err)
		}
		if len(vectors) != to-from {
			return fmt.Errorf("embed passages: %d vectors for %d texts: %w",
				len(vectors), to-from, ErrVector)
		}
		for i, v := range vectors {
			if o.Save != nil {
				if err := o.Save(Hash(texts[from+i]), v); err != nil {
					return fmt.Errorf("save vector: %w", err)
				}
			}
			keep(from+i, v)
		}
		if o.Progress != nil {
			o.Progress(to, len(texts))
		}
	}
	return nil
}

// unitVector gives the vector's direction as a vector of length 1.
func unitVector(v []float32, dims int) ([]float32, error) {
	if len(v) != dims || dims == 0 {
		return nil, fmt.Errorf("%d dimensions, want %d: %w", len(v), dims, ErrVector)
	}
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("no direction: %w", ErrVector)
	}
	scaled := make([]float32, len(v))
	for i, x := range v {
		scaled[i] = float32(float64(x) / math.Sqrt(sum))
	}
	return scaled, nil
}
