package main

import (
	"slices"

	"rongjun/knowledge/lately"
)

// questionsKept is how many questions' vectors are kept at least; of 384 numbers each they take some
// 6 MB, twice that at most.
const questionsKept = 4096

// recent keeps the vectors of questions asked lately: people ask the same things.
type recent struct {
	vectors *lately.Made[string, []float32]
}

func newRecent(half int) *recent {
	return &recent{lately.New[string, []float32](half)}
}

// orElse gives the vectors of texts from what is kept, or those that were made now, which it keeps.
func (r *recent) orElse(
	texts []string, makeAll func() ([][]float32, error),
) ([][]float32, error) {
	if vectors, ok := r.find(texts); ok {
		return vectors, nil
	}
	vectors, err := makeAll()
	if err == nil && len(vectors) == len(texts) {
		for i, t := range texts {
			r.vectors.Keep(t, slices.Clone(vectors[i]))
		}
	}
	return vectors, err
}

// find succeeds where all texts are kept. The vectors are copies.
func (r *recent) find(texts []string) ([][]float32, bool) {
	vectors := make([][]float32, len(texts))
	for i, t := range texts {
		v, kept := r.vectors.Find(t)
		if !kept {
			return nil, false
		}
		vectors[i] = slices.Clone(v)
	}
	return vectors, true
}
