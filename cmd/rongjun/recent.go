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

// questionVectors are the plain vector of a question, the asked one and what is told of it, nil for none.
type questionVectors struct{ plain, asked, told []float32 }

// questionsOf puts together what an embedder gives apart. Of an embedder that did not give as many of one
// as of another nothing is used.
func questionsOf(plain, asked, told [][]float32, err error) ([]questionVectors, error) {
	if err != nil || len(asked) != len(plain) || len(told) != len(plain) {
		return nil, err
	}
	var all []questionVectors
	for i := range plain {
		all = append(all, questionVectors{plain[i], asked[i], told[i]})
	}
	return all, nil
}

func (v questionVectors) clone() questionVectors {
	return questionVectors{slices.Clone(v.plain), slices.Clone(v.asked), slices.Clone(v.told)}
}

func newRecent(half int) *recent {
	return &recent{lately.New[string, questionVectors](half)}
}

// orElse gives the vectors of texts from what is kept, or those that were made now, which it keeps.
func (r *recent) orElse(
	texts []string, makeAll func() ([]questionVectors, error),
) ([]questionVectors, error) {
	if all, ok := r.find(texts); ok {
		return all, nil
	}
	all, err := makeAll()
	if err == nil && len(all) == len(texts) {
		for i, t := range texts {
			r.vectors.Keep(t, all[i].clone())
		}
	}
	return all, err
}

// find succeeds where all texts are kept. The vectors are copies.
func (r *recent) find(texts []string) (all []questionVectors, ok bool) {
	for _, t := range texts {
		v, kept := r.vectors.Find(t)
		if !kept {
			return nil, false
		}
		all = append(all, v.clone())
	}
	return all, true
}
