package embed

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
)

// The model was trained with these before every text.
const (
	queryPrefix   = "query: "
	passagePrefix = "passage: "
)

// EmbedQueries gives the vectors of questions, each of length 1.
func (m *Model) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	return m.embedAll(ctx, queryPrefix, texts)
}

// EmbedPassages gives the vectors of what questions are to find, each of length 1.
func (m *Model) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	return m.embedAll(ctx, passagePrefix, texts)
}

// embedAll embeds a single text at once, on the core that asks. Several texts share, with all other
// batches, one core less than there are, so that a question need not wait for them.
func (m *Model) embedAll(ctx context.Context, prefix string, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	if len(texts) == 1 {
		vector, err := m.embed(ctx, prefix+texts[0])
		vectors[0] = vector
		return vectors, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(len(texts), cap(m.batch)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(texts)); i = next.Add(1) - 1 {
				vector, err := m.embedInTurn(ctx, prefix+texts[i])
				if err != nil {
					cancel(err)
					return
				}
				vectors[i] = vector
			}
		})
	}
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return vectors, nil
}

func (m *Model) embedInTurn(ctx context.Context, text string) ([]float32, error) {
	select {
	case m.batch <- struct{}{}:
		defer func() { <-m.batch }()
		return m.embed(ctx, text)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// embed gives the mean of the text's states in all its windows as a vector of length 1. Every
// window counts by its tokens.
func (m *Model) embed(ctx context.Context, text string) ([]float32, error) {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	begin := int32(m.shape.pieces + beginRow)
	end := int32(m.shape.pieces + endRow)
	vector := make([]float32, m.shape.width)
	rest := m.tokenizer.tokens(text)
	for len(rest) > 0 {
		n := min(len(rest), m.shape.positions-2)
		window := append(append([]int32{begin}, rest[:n]...), end)
		if err := m.forward(ctx, window, s); err != nil {
			return nil, err
		}
		addMean(vector, s.states, float32(n))
		rest = rest[n:]
	}
	normalise(vector)
	return vector, nil
}

// addMean adds the mean of the states, weighted.
func addMean(to, states []float32, weight float32) {
	weight /= float32(len(states) / len(to))
	for ; len(states) > 0; states = states[len(to):] {
		for i, v := range states[:len(to)] {
			to[i] += weight * v
		}
	}
}

func normalise(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
}
