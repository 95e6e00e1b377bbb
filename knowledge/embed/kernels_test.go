package embed

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func random(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(r.NormFloat64())
	}
	return out
}

// bothKernels are the fastest of this machine and the plain ones; they may be the same.
func bothKernels() map[string]kernels {
	return map[string]kernels{"fastest": fastestKernels(), "plain": plainKernels()}
}

func TestProductsAreThoseOfTheUnpackedWeights(t *testing.T) {
	m := shippedModel(t)
	for name, k := range bothKernels() {
		for _, weights := range []*matrix{&m.layers[0].attend, &m.layers[11].narrow} {
			for _, tokens := range []int{1, 4, 7} {
				var s scratch
				x := random(uint64(tokens), tokens*weights.in)
				s.activations.quantise(x, weights.in)
				out := make([]float32, s.activations.quads*quad*weights.out)
				weights.multiply(k, &s.activations, out, &s)
				for row := 0; row < weights.out; row += 37 {
					want := unpackedProduct(weights, &s.activations, row, tokens-1)
					got := out[(tokens-1)*weights.out+row]
					require.InDelta(t, want, got, 1e-4, "%s, row %d of %d", name, row, tokens)
				}
			}
		}
	}
}

// unpackedProduct multiplies one row with one token number by number.
func unpackedProduct(m *matrix, a *activations, row, token int) float64 {
	sum := float64(m.bias[row])
	blocks := m.in / block
	for c := range m.in {
		b, j := c/block, c%block
		at := (row/rows*blocks+b)*blockBytes + j%halfBlock/4*32 + row%rows*4 + j%4
		nibble := m.nibbles[at] >> (j / halfBlock * 4) & 15
		weight := float64(m.scales[(row/rows*blocks+b)*rows+row%rows]) * (float64(nibble) - 8)
		quadAt := token/quad*blocks + b
		value := a.values[quadAt*quad*block+j/4*quad*4+token%quad*4+j%4]
		sum += weight * float64(value) * float64(a.scales[quadAt*quad+token%quad])
	}
	return sum
}

func TestQuantisedNumbersAreOffByHalfAStepAtMost(t *testing.T) {
	const in, tokens = 64, 5
	x := random(1, in*tokens)
	clear(x[in : in+block])
	var a activations
	a.quantise(x, in)
	require.Equal(t, 2, a.quads)
	for i, want := range x {
		token, b, j := i/in, i%in/block, i%block
		at := (token/quad*(in/block)+b)*quad + token%quad
		value := a.values[at/quad*quad*block+j/4*quad*4+token%quad*4+j%4]
		require.InDelta(t, want, float32(value)*a.scales[at], float64(a.scales[at])*0.5001)
	}
	require.Zero(t, a.sums[len(a.sums)-1], "a token that is not there")
}

func TestTilesAreProducts(t *testing.T) {
	for name, k := range bothKernels() {
		for _, depth := range []int{1, 2, 31, 32, 500} {
			left, right := random(1, floatRows*depth), random(2, depth*(floatColumns+3))
			tile := floatTile{
				left: left, right: right, out: make([]float32, floatRows*(floatColumns+1)),
				leftStride: depth, rightStride: floatColumns + 3, outStride: floatColumns + 1,
				depth: depth,
			}
			k.mix(&tile)
			for r := range floatRows {
				for c := range floatColumns {
					want := 0.0
					for i := range depth {
						want += float64(left[r*depth+i]) * float64(right[i*(floatColumns+3)+c])
					}
					require.InDelta(t, want, tile.out[r*(floatColumns+1)+c], 1e-4, name)
				}
			}
		}
	}
}

func TestExponentsAreRight(t *testing.T) {
	for name, k := range bothKernels() {
		for _, n := range []int{8, 16, 512} {
			row := random(3, n)
			row[n-1] = -math.MaxFloat32
			want := make([]float64, n)
			top, sum := math.Inf(-1), 0.0
			for _, x := range row {
				top = max(top, float64(x))
			}
			for i, x := range row {
				want[i] = math.Exp(7 * (float64(x) - top))
				sum += want[i]
			}
			got := k.exponents(row, 7)
			require.InEpsilon(t, sum, got, 1e-5, name)
			for i := range want {
				require.InDelta(t, want[i], row[i], 1e-5, name)
			}
		}
	}
}

func TestGeluIsRightBetweenItsSteps(t *testing.T) {
	g := newGelu()
	for x := -8.0; x < 8; x += 0.0113 {
		got := []float32{float32(x)}
		g.apply(got)
		require.InDelta(t, x/2*math.Erfc(-x/math.Sqrt2), got[0], 1e-5, "%f", x)
	}
	ends := []float32{-geluReach, geluReach, float32(math.Inf(-1)), float32(math.Inf(1))}
	g.apply(ends)
	require.Equal(t, []float32{0, geluReach, 0, float32(math.Inf(1))}, ends)
}

func TestHalvesWidenExactly(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0: 0, 0x3c00: 1, 0xbc00: -1, 0x7bff: 65504, 1: 0x1p-24, 0x8001: -0x1p-24, 0x0400: 0x1p-14,
	} {
		require.Equal(t, want, half(bits), "%#x", bits)
	}
}
