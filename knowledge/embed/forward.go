package embed

import (
	"context"
	"fmt"
	"math"
)

// strip is how many tokens go through a layer's products together: enough to read the weights
// seldom, few enough that what lies between two products stays near the processor.
const strip = 64

// layer is one of the twelve.
type layer struct {
	attend   matrix // query, key and value, one after the other
	join     matrix
	attended normal
	widen    matrix
	narrow   matrix
	output   normal
}

// normal is the gain and bias of a layer norm.
type normal struct{ gain, bias []float32 }

// scratch is the room that one forward pass needs. It is used again by the next.
type scratch struct {
	states  []float32 // a row for each token
	shared  []float32 // the states before the layers of which there are several kinds
	attend  []float32 // query, key and value of each token
	mixed   []float32 // what attention gives each token
	learned []float32 // what was learned on top of a product, for a strip of tokens
	passing []float32 // what a product gives, for a strip of tokens
	inner   []float32

	activations activations
	product     product
	lanes       lanes
	tile        floatTile
	attention   attention
}

// forward takes a window of tokens through the layers, and adds the mean of what comes out, weighted
// by the tokens, to the vectors: to the plain one by the model's own layers, to the others, if there is
// room for them, by the learned ones.
func (m *Model) forward(ctx context.Context, tokens []int32, s *scratch, v *vectors) error {
	padded := (len(tokens) + quad - 1) / quad * quad
	width := m.shape.width
	s.states = resize(s.states, len(tokens)*width)
	s.mixed = resize(s.mixed, padded*width)
	s.attend = resize(s.attend, padded*3*width)
	s.passing = resize(s.passing, strip*width)
	s.inner = resize(s.inner, strip*m.shape.inner)
	for i, token := range tokens {
		m.place(token, i, s.states[i*width:(i+1)*width])
	}
	m.first.apply(s.states, m.shape.epsilon)
	weight := float32(len(tokens) - 2)
	own := m.layers
	if v.asked != nil {
		fork := len(own) - len(m.taught.layers)
		if err := m.through(ctx, own[:fork], len(tokens), s); err != nil {
			return err
		}
		s.shared = append(s.shared[:0], s.states...)
		for _, way := range []struct {
			layers []layer
			mean   []float32
		}{{m.taught.layers, v.asked}, {m.reading.layers, v.read}} {
			if err := m.through(ctx, way.layers, len(tokens), s); err != nil {
				return err
			}
			addMean(way.mean, s.states, weight)
			copy(s.states, s.shared)
		}
		own = own[fork:]
	}
	if err := m.through(ctx, own, len(tokens), s); err != nil {
		return err
	}
	addMean(v.plain, s.states, weight)
	return nil
}

// through takes the states through layers.
func (m *Model) through(ctx context.Context, layers []layer, tokens int, s *scratch) error {
	for i := range layers {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("embed: %w", err)
		}
		m.pass(&layers[i], tokens, s)
	}
	return nil
}

// place writes the state with which a token enters the first layer.
func (m *Model) place(token int32, position int, state []float32) {
	const blockSize = 2 + block/2
	row := m.words[int(token)*len(state)/block*blockSize:]
	at := m.positions[position*len(state):]
	for b := 0; b < len(state); b += block {
		packed := row[b/block*blockSize:][:blockSize]
		scale := half(uint16(packed[0]) | uint16(packed[1])<<8)
		for j := range block / 2 {
			nibbles := int(packed[2+j])
			state[b+j] = float32(nibbles&15-8)*scale + at[b+j]
			state[b+block/2+j] = float32(nibbles>>4-8)*scale + at[b+block/2+j]
		}
	}
}

// pass takes the states through one layer.
func (m *Model) pass(l *layer, tokens int, s *scratch) {
	width := m.shape.width
	for from := 0; from < tokens; from += strip {
		to := min(from+strip, tokens)
		s.activations.quantise(s.states[from*width:to*width], width)
		l.attend.multiply(m.kernels, &s.activations, s.attend[from*3*width:], s)
	}
	m.mix(tokens, s)
	for from := 0; from < tokens; from += strip {
		to := min(from+strip, tokens)
		states := s.states[from*width : to*width]
		s.activations.quantise(s.mixed[from*width:to*width], width)
		l.join.multiply(m.kernels, &s.activations, s.passing, s)
		add(states, s.passing)
		l.attended.apply(states, m.shape.epsilon)

		s.activations.quantise(states, width)
		l.widen.multiply(m.kernels, &s.activations, s.inner, s)
		inner := s.inner[:(to-from)*m.shape.inner]
		m.gelu.apply(inner)
		s.activations.quantise(inner, m.shape.inner)
		l.narrow.multiply(m.kernels, &s.activations, s.passing, s)
		add(states, s.passing)
		l.output.apply(states, m.shape.epsilon)
	}
}

func add(to, what []float32) {
	what = what[:len(to)]
	for i := range to {
		to[i] += what[i]
	}
}

// apply brings each row to mean 0 and variance 1, then scales and shifts it.
func (n normal) apply(states []float32, epsilon float32) {
	width := len(n.gain)
	bias := n.bias[:width]
	for ; len(states) >= width; states = states[width:] {
		row := states[:width]
		mean := float32(0)
		for _, v := range row {
			mean += v
		}
		mean /= float32(width)
		variance := float32(0)
		for _, v := range row {
			variance += (v - mean) * (v - mean)
		}
		variance /= float32(width)
		scale := 1 / float32(math.Sqrt(float64(variance+epsilon)))
		for i, v := range row {
			row[i] = (v-mean)*scale*n.gain[i] + bias[i]
		}
	}
}
