package main

import (
	"slices"
	"sync"
)

// questionsKept is how many questions' vectors are kept at least; of 384 numbers each they take some
// 6 MB, twice that at most.
const questionsKept = 4096

// recent keeps the vectors of questions asked lately: people ask the same things. It is bounded: when
// the younger half is full, the elder is forgotten and the younger becomes the elder.
type recent struct {
	half int

	mu             sync.Mutex
	younger, elder map[string][]float32
}

func newRecent(half int) *recent {
	return &recent{half: half, younger: make(map[string][]float32)}
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
		r.keep(texts, vectors)
	}
	return vectors, err
}

// find succeeds where all texts are kept. The vectors are copies.
func (r *recent) find(texts []string) ([][]float32, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	vectors := make([][]float32, len(texts))
	for i, t := range texts {
		v, known := r.younger[t]
		if !known {
			if v, known = r.elder[t]; !known {
				return nil, false
			}
			r.add(t, v)
		}
		vectors[i] = slices.Clone(v)
	}
	return vectors, true
}

func (r *recent) keep(texts []string, vectors [][]float32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, t := range texts {
		r.add(t, slices.Clone(vectors[i]))
	}
}

func (r *recent) add(text string, vector []float32) {
	if len(r.younger) >= r.half {
		r.elder, r.younger = r.younger, make(map[string][]float32, r.half)
	}
	r.younger[text] = vector
}
