package embed

import "math"

const (
	geluReach = 6 // beyond, gelu(x) is x or 0 to the last bit that matters
	geluSteps = 128
)

// gelu is x·Φ(x) at steps of 1/128, between which it is taken as straight: the error is below
// 0.00001, a thousandth of what rounding to 8 bits costs afterwards.
type gelu []float32

func newGelu() gelu {
	g := make(gelu, 2*geluReach*geluSteps+2)
	for i := range g {
		x := float64(i)/geluSteps - geluReach
		g[i] = float32(x / 2 * math.Erfc(-x/math.Sqrt2))
	}
	return g
}

func (g gelu) apply(x []float32) {
	for i, v := range x {
		switch {
		case v >= geluReach:
		case v > -geluReach:
			at := (v + geluReach) * geluSteps
			step := int(at)
			low, high := g[step], g[step+1]
			x[i] = low + (high-low)*(at-float32(step))
		default:
			x[i] = 0
		}
	}
}
