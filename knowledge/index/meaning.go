package index

import (
	"context"
	"strconv"

	"rongjun/knowledge"
)

// meaning holds the vectors of the passages. Several vectors may belong to one passage: the
// nearest counts.
type meaning struct {
	vectors Vectors
	// passage tells to which passage a vector belongs; names lists the vectors of each passage.
	passage map[string]int
	names   [][]string
}

// pending is a vector's place in the index before the vector is known.
type pending struct {
	name, text string
	vector     []float32
}

// newMeaning gathers stored vectors, has the others made, and is nil where there are none at all.
func newMeaning(ctx context.Context, passages []knowledge.Passage, o Options) (*meaning, error) {
	if o.Embedder == nil && o.Stored == nil {
		return nil, nil
	}
	m := &meaning{passage: make(map[string]int), names: make([][]string, len(passages))}
	var all []pending
	for i, p := range passages {
		for _, t := range EmbeddingTexts(o.Normaliser, p) {
			name := strconv.Itoa(len(all))
			m.passage[name] = i
			all = append(all, pending{name: name, text: t})
		}
	}
	if err := fill(ctx, all, o); err != nil {
		return nil, err
	}
	return m.load(all)
}

// fill looks up each vector and embeds each text that has none, once.
func fill(ctx context.Context, all []pending, o Options) error {
	missing := make(map[string][]int)
	var texts []string
	for i, p := range all {
		if o.Stored != nil {
			if v, ok := o.Stored(Hash(p.text)); ok {
				all[i].vector = v
				continue
			}
		}
		if _, known := missing[p.text]; !known {
			texts = append(texts, p.text)
		}
		missing[p.text] = append(missing[p.text], i)
	}
	if o.Embedder == nil {
		return nil
	}
	return embed(ctx, o, texts, func(at int, v []float32) {
		for _, i := range missing[texts[at]] {
			all[i].vector = v
		}
	})
}

// load puts the known vectors into a Vectors of the right kind.
func (m *meaning) load(all []pending) (*meaning, error) {
	count, dims := 0, 0
	for _, p := range all {
		if p.vector != nil {
			count++
			dims = len(p.vector)
		}
	}
	if count == 0 {
		return nil, nil
	}
	var err error
	if m.vectors, err = newVectors(count, dims); err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.vector == nil {
			continue
		}
		if err := m.vectors.Add(p.name, p.vector); err != nil {
			return nil, err
		}
		i := m.passage[p.name]
		m.names[i] = append(m.names[i], p.name)
	}
	return m, nil
}

// near gives the passages of the n vectors nearest to v, of those allowed.
func (m *meaning) near(v []float32, n int, allowed func(passage int) bool) ([]int, error) {
	isAllowed := func(name string) bool { return allowed(m.passage[name]) }
	names, _, err := m.vectors.Query(v, n, isAllowed)
	if err != nil {
		return nil, err
	}
	passages := make([]int, len(names))
	for i, name := range names {
		passages[i] = m.passage[name]
	}
	return passages, nil
}

// scores gives each passage's cosine to v; known is false for a passage without vectors.
func (m *meaning) scores(v []float32, passages []int) (scores []float64, known []bool, err error) {
	var names []string
	for _, p := range passages {
		names = append(names, m.names[p]...)
	}
	cosines, err := m.vectors.Scores(v, names)
	if err != nil {
		return nil, nil, err
	}
	scores, known = make([]float64, len(passages)), make([]bool, len(passages))
	for i, p := range passages {
		for j := range m.names[p] {
			if c := float64(cosines[j]); !known[i] || c > scores[i] {
				scores[i], known[i] = c, true
			}
		}
		cosines = cosines[len(m.names[p]):]
	}
	return scores, known, nil
}
