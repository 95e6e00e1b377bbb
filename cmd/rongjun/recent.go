package main

import (
	"slices"

	"rongjun/knowledge/lately"
)

// questionsKept is how many questions' vectors are kept at least; two of 384 numbers each, they take
// some 12 MB, twice that at most.
const questionsKept = 4096

// recent keeps the vectors of questions asked lately: people ask the same things.
type recent struct {
	vectors *lately.Made[string, questionVectors]
}

// questionVectors are the plain vector of a question and the asked one, nil for none.
type questionVectors struct{ plain, asked []float32 }

func newRecent(half int) *recent {
	return &recent{lately.New[string, questionVectors](half)}
}

// orElse gives the vectors of texts from what is kept, or those that were made now, which it keeps.
func (r *recent) orElse(
	texts []string, makeAll func() (plain, asked [][]float32, err error),
) (plain, asked [][]float32, err error) {
	if plain, asked, ok := r.find(texts); ok {
		return plain, asked, nil
	}
	plain, asked, err = makeAll()
	if err == nil && len(plain) == len(texts) && len(asked) == len(texts) {
		for i, t := range texts {
			r.vectors.Keep(t, questionVectors{slices.Clone(plain[i]), slices.Clone(asked[i])})
		}
	}
	return plain, asked, err
}

// find succeeds where all texts are kept. The vectors are copies.
func (r *recent) find(texts []string) (plain, asked [][]float32, ok bool) {
	for _, t := range texts {
		v, kept := r.vectors.Find(t)
		if !kept {
			return nil, nil, false
		}
		plain, asked = append(plain, slices.Clone(v.plain)), append(asked, slices.Clone(v.asked))
	}
	return plain, asked, true
}
