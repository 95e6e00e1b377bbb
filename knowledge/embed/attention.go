package embed

import (
	"math"

	"github.com/viterin/vek/vek32"
)

// attention is the room for one head at a time.
type attention struct {
	values  []float32 // the head's values, a row for each of its dimensions
	weights []float32 // how much each token counts for the one at hand
}

// mix lets every token take from all tokens of the window what its query finds in their keys.
func (m *Model) mix(tokens int, s *scratch) {
	width := m.shape.width
	size := width / m.shape.heads
	s.attention.values = resize(s.attention.values, size*tokens)
	s.attention.weights = resize(s.attention.weights, tokens)
	for from := 0; from < width; from += size {
		s.attention.gather(s.attend[2*width+from:], tokens, size, 3*width)
		for t := range tokens {
			query := s.attend[t*3*width+from:][:size]
			s.attention.weigh(query, s.attend[width+from:], 3*width)
			to := s.mixed[t*width+from:][:size]
			for i := range to {
				to[i] = vek32.Dot(s.attention.weights, s.attention.values[i*tokens:(i+1)*tokens])
			}
		}
	}
}

// gather turns the values of one head, which stand stride apart, so that each dimension is a row.
func (a *attention) gather(values []float32, tokens, size, stride int) {
	for t := range tokens {
		for i, v := range values[t*stride:][:size] {
			a.values[i*tokens+t] = v
		}
	}
}

// weigh compares a query with the keys, which stand stride apart, and makes of it weights whose sum
// is 1.
func (a *attention) weigh(query, keys []float32, stride int) {
	scale := 1 / float32(math.Sqrt(float64(len(query))))
	top := float32(math.Inf(-1))
	for t := range a.weights {
		a.weights[t] = scale * vek32.Dot(query, keys[t*stride:][:len(query)])
		top = max(top, a.weights[t])
	}
	sum := float32(0)
	for t, w := range a.weights {
		a.weights[t] = exp(w - top)
		sum += a.weights[t]
	}
	for t := range a.weights {
		a.weights[t] /= sum
	}
}

// exp is e to the power of x for x up to 0, to six digits, in a tenth of the time of math.Exp.
func exp(x float32) float32 {
	const floor = -87
	x = max(x, floor) * math.Log2E
	whole := float32(int32(x)) - 1
	rest := x - whole // in (0, 1]
	p := float32(0.00187623291)
	p = p*rest + 0.00899258442
	p = p*rest + 0.0558236055
	p = p*rest + 0.240154535
	p = p*rest + 0.693152964
	p = p*rest + 0.99999994
	return p * math.Float32frombits(uint32(int32(whole)+127)<<23)
}
