package main

import (
	"fmt"
	"slices"

	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

// register knows the enactments of the shipped register and those that were imported, each with the
// time in which it holds given all the others. It implements answer.Register.
type register map[string]knowledge.Enactment

// Lookup finds an enactment by its key or an alias; the error is knowledge.ErrNotFound.
func (r register) Lookup(key string) (knowledge.Enactment, error) {
	e, ok := r[key]
	if !ok {
		return knowledge.Enactment{}, fmt.Errorf("enactment %q: %w", key, knowledge.ErrNotFound)
	}
	return e, nil
}

// settled joins the documents that are one text, settles from when and until when each holds, and
// makes the register of all texts known. An imported text may end one of which only the register
// knows, so those are settled with them.
func settled(
	docs []knowledge.Document, shipped guide.Register,
) ([]knowledge.Document, register) {
	docs = knowledge.Merge(underRegisteredKeys(docs, shipped))
	known := make(map[string]bool)
	for _, d := range docs {
		for _, key := range append([]string{d.Key}, d.Aliases...) {
			known[key] = true
		}
	}
	texts := slices.Clone(docs)
	for _, e := range shipped.All() {
		isKnown := func(key string) bool { return known[key] }
		if !known[e.Key] && !slices.ContainsFunc(e.Aliases, isKnown) {
			texts = append(texts, knowledge.Document{Enactment: e})
		}
	}
	texts = knowledge.Settle(texts, shipped.All())
	return texts[:len(docs)], registerOf(texts)
}

// underRegisteredKeys names each document by the key that the register gives its text, so that the
// guide's citations and the text meet.
func underRegisteredKeys(
	docs []knowledge.Document, shipped guide.Register,
) []knowledge.Document {
	taken := make(map[string]bool)
	for _, d := range docs {
		taken[d.Key] = true
	}
	out := slices.Clone(docs)
	for i, d := range out {
		e, err := shipped.Lookup(d.Key)
		if err != nil || taken[e.Key] {
			continue
		}
		taken[e.Key] = true
		out[i].Key = e.Key
		out[i].Aliases = append(slices.Clone(d.Aliases), d.Key)
	}
	return out
}

func registerOf(texts []knowledge.Document) register {
	all := make(register)
	for _, t := range texts {
		e := t.Enactment
		if e.Repealed.IsZero() {
			e.Repealed = t.End()
		}
		all[e.Key] = e
	}
	for _, t := range texts {
		for _, alias := range t.Aliases {
			if _, taken := all[alias]; !taken {
				all[alias] = all[t.Key]
			}
		}
	}
	return all
}
