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
	return m.embedPlain(ctx, queryPrefix, texts)
}

// EmbedPassages gives the vectors of what questions are to find, each of length 1.
func (m *Model) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	return m.embedPlain(ctx, passagePrefix, texts)
}

func (m *Model) embedPlain(ctx context.Context, prefix string, texts []string) ([][]float32, error) {
	return m.embedAll(ctx, len(texts), func(ctx context.Context, i int) ([]float32, error) {
		v, err := m.embed(ctx, prefix+texts[i], false)
		return v.plain, err
	})
}

// embedAll embeds a single text at once, on the core that asks. Several texts share, with all other
// batches, one core less than there are, so that a question need not wait for them.
func (m *Model) embedAll(
	ctx context.Context, n int, embed func(ctx context.Context, i int) ([]float32, error),
) ([][]float32, error) {
	made := make([][]float32, n)
	if n == 1 {
		v, err := embed(ctx, 0)
		made[0] = v
		return made, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, cap(m.batch)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				v, err := m.inTurn(ctx, i, embed)
				if err != nil {
					cancel(err)
					return
				}
				made[i] = v
			}
		})
	}
	workers.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return made, nil
}

func (m *Model) inTurn(
	ctx context.Context, i int, embed func(ctx context.Context, i int) ([]float32, error),
) ([]float32, error) {
	select {
	case m.batch <- struct{}{}:
		defer func() { <-m.batch }()
		return embed(ctx, i)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// vectors are what is made of a text. The asked one, and the mean that what is told is read off, are
// made where there is room for them.
type vectors struct{ plain, asked, read, told []float32 }

// embed gives the mean of the text's states in all its windows as vectors of length 1, the asked one and
// what is told if they are wanted and worth their time. Every window counts by its tokens.
func (m *Model) embed(ctx context.Context, text string, asked bool) (vectors, error) {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	rest := m.tokenizer.tokens(text)
	v := vectors{plain: make([]float32, m.shape.width)}
	if asked && m.teaches(len(rest)) {
		v.asked, v.read = make([]float32, m.shape.width), make([]float32, m.shape.width)
	}
	for len(rest) > 0 {
		n := min(len(rest), m.shape.positions-2)
		if err := m.forward(ctx, m.window(rest[:n]), s, &v); err != nil {
			return vectors{}, err
		}
		rest = rest[n:]
	}
	normalise(v.plain)
	if v.asked != nil {
		normalise(v.asked)
		v.asked = m.taught.turned(v.asked)
		normalise(v.read)
		v.told = m.reading.tell(v.read)
	}
	return v, nil
}

// window puts tokens between a beginning and an end.
func (m *Model) window(tokens []int32) []int32 {
	window := append(make([]int32, 0, len(tokens)+2), int32(m.shape.pieces+beginRow))
	return append(append(window, tokens...), int32(m.shape.pieces+endRow))
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
