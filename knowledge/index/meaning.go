package index

import (
	"context"
	"strconv"

	"rongjun/knowledge"
)

// meaning holds the vectors of the passages in parts. Several vectors may belong to one passage: the
// nearest counts.
type meaning struct {
	parts []*part
}

// part is the vectors of one kind.
type part struct {
	// like is nil where questions are compared by their plain vectors, see Options.
	like    func(asked float64) float64
	vectors Vectors
	// passage tells to which passage a vector belongs; names lists the vectors of each passage.
	passage map[string]int
	names   map[int][]string
}

// pending is a vector's place in the index before the vector is known.
type pending struct {
	passage int
	// phrasing is set for what an entry is asked by, of which there are many for one passage.
	phrasing bool
	name     string
	text     string
	vector   []float32
}

// newMeaning gathers stored vectors, has the others made, and is nil where there are none at all.
func newMeaning(ctx context.Context, passages []knowledge.Passage, o Options) (*meaning, error) {
	if o.Embedder == nil && o.Stored == nil {
		return nil, nil
	}
	var all []pending
	for i, p := range passages {
		for j, t := range EmbeddingTexts(o.Normaliser, p) {
			all = append(all, pending{passage: i, phrasing: j > 0, name: strconv.Itoa(len(all)), text: t})
		}
	}
	if err := fill(ctx, all, o); err != nil {
		return nil, err
	}
	m := &meaning{}
	isEntry := func(p pending) bool { return passages[p.passage].Entry != "" }
	for _, kind := range []struct {
		like  func(asked float64) float64
		make  func(count, dims int) (Vectors, error)
		holds func(pending) bool
	}{
		{o.Like, newVectors, func(p pending) bool { return isEntry(p) && !p.phrasing }},
		{o.Like, newBlock, func(p pending) bool { return p.phrasing }},
		{nil, newVectors, func(p pending) bool { return !isEntry(p) }},
	} {
		if err := m.add(all, kind.holds, kind.make, kind.like); err != nil {
			return nil, err
		}
	}
	if len(m.parts) == 0 {
		return nil, nil
	}
	return m, nil
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

// add makes a part of those of the vectors that are known and that it holds, if there are any.
func (m *meaning) add(
	all []pending, holds func(pending) bool, vectors func(count, dims int) (Vectors, error),
	like func(asked float64) float64,
) error {
	var known []pending
	for _, p := range all {
		if p.vector != nil && holds(p) {
			known = append(known, p)
		}
	}
	if len(known) == 0 {
		return nil
	}
	in, err := vectors(len(known), len(known[0].vector))
	if err != nil {
		return err
	}
	t := &part{like: like, vectors: in, passage: make(map[string]int), names: make(map[int][]string)}
	for _, p := range known {
		if err := in.Add(p.name, p.vector); err != nil {
			return err
		}
		t.passage[p.name] = p.passage
		t.names[p.passage] = append(t.names[p.passage], p.name)
	}
	m.parts = append(m.parts, t)
	return nil
}

// question is a question's vectors; asked is nil where there is but the plain one.
type question struct{ plain, asked []float32 }

// of is the vector that is compared with those of a part.
func (q question) of(t *part) []float32 {
	if t.like == nil || q.asked == nil {
		return q.plain
	}
	return q.asked
}

// near gives the passages of the n vectors nearest to q in each part, of those allowed.
func (m *meaning) near(q question, n int, allowed func(passage int) bool) ([]int, error) {
	var passages []int
	for _, t := range m.parts {
		isAllowed := func(name string) bool { return allowed(t.passage[name]) }
		names, _, err := t.vectors.Query(q.of(t), n, isAllowed)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			passages = append(passages, t.passage[name])
		}
	}
	return passages, nil
}

// scores gives each passage's cosine to q; known is false for a passage without vectors.
func (m *meaning) scores(q question, passages []int) (scores []float64, known []bool, err error) {
	scores, known = make([]float64, len(passages)), make([]bool, len(passages))
	for _, t := range m.parts {
		var names []string
		for _, p := range passages {
			names = append(names, t.names[p]...)
		}
		cosines, err := t.vectors.Scores(q.of(t), names)
		if err != nil {
			return nil, nil, err
		}
		for i, p := range passages {
			for j := range t.names[p] {
				if c := q.cosine(t, cosines[j]); !known[i] || c > scores[i] {
					scores[i], known[i] = c, true
				}
			}
			cosines = cosines[len(t.names[p]):]
		}
	}
	return scores, known, nil
}

// cosine brings what a part says to the range of plain vectors.
func (q question) cosine(t *part, c float32) float64 {
	if t.like == nil || q.asked == nil {
		return float64(c)
	}
	return t.like(float64(c))
}
