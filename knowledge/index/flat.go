package index

import (
	"fmt"

	"github.com/viterin/vek/vek32"
)

// Flat is an exact scan over vectors that lie side by side in memory.
type Flat struct {
	dims   int
	ids    []string
	number map[string]int
	block  []float32
}

// NewFlat makes an empty Flat for vectors of the given length.
func NewFlat(dims int) *Flat {
	return &Flat{dims: dims, number: make(map[string]int)}
}

// Add implements Vectors.
func (f *Flat) Add(id string, vector []float32) error {
	v, err := unitVector(vector, f.dims)
	if err != nil {
		return fmt.Errorf("add vector: %w", err)
	}
	if _, used := f.number[id]; used || id == "" {
		return fmt.Errorf("add vector: name %q is empty or used", id)
	}
	f.number[id] = len(f.ids)
	f.ids = append(f.ids, id)
	f.block = append(f.block, v...)
	return nil
}

// Query implements Vectors.
func (f *Flat) Query(
	vector []float32, n int, allowed func(id string) bool,
) ([]string, []float32, error) {
	v, err := unitVector(vector, f.dims)
	if err != nil {
		return nil, nil, fmt.Errorf("query vectors: %w", err)
	}
	near := newBest[string](n)
	for i, id := range f.ids {
		r := ranked[string]{id, float64(vek32.Dot(v, f.block[i*f.dims:(i+1)*f.dims]))}
		if near.wants(r) && allowed(id) {
			near.offer(r)
		}
	}
	ids, scores := unzip(near.take())
	return ids, scores, nil
}

// Scores implements Vectors.
func (f *Flat) Scores(vector []float32, ids []string) ([]float32, error) {
	v, err := unitVector(vector, f.dims)
	if err != nil {
		return nil, fmt.Errorf("score vectors: %w", err)
	}
	scores := make([]float32, len(ids))
	for i, id := range ids {
		if at, held := f.number[id]; held {
			scores[i] = vek32.Dot(v, f.block[at*f.dims:(at+1)*f.dims])
		}
	}
	return scores, nil
}

func unzip(near []ranked[string]) (ids []string, scores []float32) {
	ids, scores = make([]string, len(near)), make([]float32, len(near))
	for i, r := range near {
		ids[i], scores[i] = r.key, float32(r.score)
	}
	return ids, scores
}
