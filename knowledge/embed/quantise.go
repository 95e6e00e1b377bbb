package embed

import "math"

// activations are vectors rounded to 8 bits, a block of 32 numbers sharing a scale. They lie in
// quads of tokens. A quad has, for each block, four scales, four sums and 128 values: value
// 16s+4t+i is number 4s+i of token t, which is the order in which the kernels want them.
type activations struct {
	in     int
	quads  int
	values []int8
	scales []float32
	// sums are eight times the sum of a block's values, which the kernels take off because every
	// nibble is its weight plus 8.
	sums []int32
}

// quantise rounds the rows of x, of in numbers each. Of the last quad, what has no row is zero.
func (a *activations) quantise(x []float32, in int) {
	tokens := len(x) / in
	a.in, a.quads = in, (tokens+quad-1)/quad
	blocks := in / block
	a.values = resize(a.values, a.quads*quad*in)
	a.scales = resize(a.scales, a.quads*quad*blocks)
	a.sums = resize(a.sums, a.quads*quad*blocks)
	if tokens%quad != 0 {
		last := (a.quads - 1) * quad
		clear(a.values[last*in:])
		clear(a.scales[last*blocks:])
		clear(a.sums[last*blocks:])
	}
	for t := range tokens {
		row := x[t*in : (t+1)*in]
		for b := range blocks {
			at := ((t/quad)*blocks+b)*quad + t%quad
			values := a.values[((t/quad)*blocks+b)*quad*block+t%quad*4:]
			a.scales[at], a.sums[at] = quantiseBlock(row[b*block:(b+1)*block], values)
		}
	}
}

// quantiseBlock writes the block's values, four at every sixteenth place, and gives their scale and
// eight times their sum.
func quantiseBlock(x []float32, values []int8) (scale float32, sum int32) {
	x = x[:block]
	values = values[:(block/4-1)*quad*4+4]
	top := uint32(0)
	for _, v := range x {
		top = max(top, math.Float32bits(v)&^(1<<31))
	}
	scale = math.Float32frombits(top) / 127
	if scale == 0 {
		scale = 1
	}
	inverse := 1 / scale
	for i := 0; i < block; i += 4 {
		to := values[i*quad : i*quad+4]
		for j, v := range x[i : i+4] {
			n := nearest(v * inverse)
			to[j] = int8(n)
			sum += n
		}
	}
	return scale, 8 * sum
}

// nearest rounds to the nearest integer, of two the even one, by letting the unit fall on the last
// bit of the mantissa. It holds for numbers up to 2²².
func nearest(v float32) int32 {
	const unit = 3 << 22
	return int32(math.Float32bits(v+unit)) - int32(math.Float32bits(unit))
}

// resize gives a slice of n elements, the old one where it is long enough. What it holds is left.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
