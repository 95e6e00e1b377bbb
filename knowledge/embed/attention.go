package embed

import "math"

// attention is the room for one head at a time.
type attention struct {
	keys    []float32 // a row for each dimension, a column for each token and some empty ones
	values  []float32 // a row for each token
	weights []float32 // a row for each of four tokens: how much each token counts for it
	columns int
}

// mix lets every token take from all tokens of the window what its query finds in their keys.
func (m *Model) mix(tokens int, s *scratch) {
	width := m.shape.width
	size := width / m.shape.heads
	for from := 0; from < width; from += size {
		s.attention.gather(s.attend[from:], tokens, width, size)
		for t := 0; t < tokens; t += quad {
			m.weigh(s.attend[t*3*width+from:], tokens, size, s)
			m.blend(s.mixed[t*width+from:], tokens, size, s)
		}
	}
}

// gather packs the keys and values of one head. The keys stand width after the queries, the values
// as far after the keys.
func (a *attention) gather(attend []float32, tokens, width, size int) {
	a.columns = (tokens + floatColumns - 1) / floatColumns * floatColumns
	a.keys = resize(a.keys, size*a.columns)
	a.values = resize(a.values, tokens*size)
	a.weights = resize(a.weights, quad*a.columns)
	for t := range tokens {
		row := attend[t*3*width:]
		for i, v := range row[width:][:size] {
			a.keys[i*a.columns+t] = v
		}
		copy(a.values[t*size:], row[2*width:][:size])
	}
	for t := tokens; t < a.columns; t++ {
		for i := range size {
			a.keys[i*a.columns+t] = 0
		}
	}
}

// weigh compares the queries of four tokens with all keys, and makes of each row weights whose sum
// is 1.
func (m *Model) weigh(queries []float32, tokens, size int, s *scratch) {
	a := &s.attention
	s.tile = floatTile{
		left: queries, leftStride: 3 * m.shape.width,
		rightStride: a.columns, outStride: a.columns, depth: size,
	}
	for c := 0; c < a.columns; c += floatColumns {
		s.tile.right, s.tile.out = a.keys[c:], a.weights[c:]
		m.kernels.mix(&s.tile)
	}
	scale := 1 / float32(math.Sqrt(float64(size)))
	for row := a.weights; len(row) > 0; row = row[a.columns:] {
		for t := tokens; t < a.columns; t++ {
			row[t] = -math.MaxFloat32
		}
		inverse := 1 / m.kernels.exponents(row[:a.columns], scale)
		for t := range row[:tokens] {
			row[t] *= inverse
		}
	}
}

// blend gives four tokens the values of all tokens, weighted.
func (m *Model) blend(mixed []float32, tokens, size int, s *scratch) {
	a := &s.attention
	s.tile = floatTile{
		left: a.weights, leftStride: a.columns,
		rightStride: size, outStride: m.shape.width, depth: tokens,
	}
	for c := 0; c < size; c += floatColumns {
		s.tile.right, s.tile.out = a.values[c:], mixed[c:]
		m.kernels.mix(&s.tile)
	}
}

// plainMix does in Go what mixTile does with AVX2.
func plainMix(t *floatTile) {
	for r := range floatRows {
		out := (*[floatColumns]float32)(t.out[r*t.outStride:])
		clear(out[:])
		for k, v := range t.left[r*t.leftStride:][:t.depth] {
			for c, w := range (*[floatColumns]float32)(t.right[k*t.rightStride:]) {
				out[c] += v * w
			}
		}
	}
}

// plainExponents does in Go what exponentsOf does with AVX2.
func plainExponents(row []float32, scale float32) float32 {
	top := row[0]
	for _, x := range row {
		top = max(top, x)
	}
	sum := float32(0)
	for i, x := range row {
		row[i] = exp2((x - top) * (scale * math.Log2E))
		sum += row[i]
	}
	return sum
}

// exp2 is 2 to the power of x for x up to 0, to six digits, in a tenth of the time of math.Exp2.
func exp2(x float32) float32 {
	const least = -125
	x = max(x, least)
	whole := int32(x) - 1
	rest := x - float32(whole) // in (0, 1]
	p := float32(0.00187623291)
	p = p*rest + 0.00899258442
	p = p*rest + 0.0558236055
	p = p*rest + 0.240154535
	p = p*rest + 0.693152964
	p = p*rest + 0.99999994
	return p * math.Float32frombits(uint32(whole+127)<<23)
}
