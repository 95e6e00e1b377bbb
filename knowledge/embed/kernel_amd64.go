package embed

import (
	"math"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// fastestKernels are the kernels that suit this machine.
func fastestKernels() kernels {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return kernels{
			multiply: vectorMultiply, mix: vectorMix, exponents: vectorExponents, mostAsked: math.MaxInt,
		}
	}
	return plainKernels()
}

// tile is what one call of multiplyTile computes: eight rows by four tokens.
type tile struct {
	out     *float32 // of the first token
	stride  uintptr  // bytes from one token's outputs to the next's
	bias    *float32
	weights *byte
	scales  *float32
	values  *int8
	factors *float32 // scales of the activations
	sums    *int32
	blocks  uintptr
}

// multiplyTile is written with AVX2 and FMA.
//
//go:noescape
func multiplyTile(t *tile)

// vectorMultiply multiplies the nibbles as they lie in the file.
func vectorMultiply(p *product, stripe int, _ *scratch) {
	m, a := p.matrix, p.activations
	blocks := m.in / block
	nibbles := m.nibbles[stripe*blocks*blockBytes : (stripe+1)*blocks*blockBytes]
	out := p.out[:a.quads*quad*m.out]
	t := tile{
		stride:  uintptr(m.out) * unsafe.Sizeof(out[0]),
		bias:    &m.bias[stripe*rows],
		weights: unsafe.StringData(nibbles),
		scales:  &m.scales[stripe*blocks*rows],
		blocks:  uintptr(blocks),
	}
	for q := range a.quads {
		t.out = &out[q*quad*m.out+stripe*rows]
		t.values = &a.values[q*blocks*quad*block]
		t.factors = &a.scales[q*blocks*quad]
		t.sums = &a.sums[q*blocks*quad]
		multiplyTile(&t)
	}
}

// mixing is a floatTile as mixTile wants it: strides in bytes.
type mixing struct {
	left, right, out                   *float32
	leftStride, rightStride, outStride uintptr
	depth                              uintptr
}

// mixTile is written with AVX2 and FMA.
//
//go:noescape
func mixTile(m *mixing)

func vectorMix(t *floatTile) {
	const size = unsafe.Sizeof(t.left[0])
	_ = t.left[(floatRows-1)*t.leftStride+t.depth-1]
	_ = t.right[(t.depth-1)*t.rightStride+floatColumns-1]
	_ = t.out[(floatRows-1)*t.outStride+floatColumns-1]
	m := mixing{
		left: &t.left[0], right: &t.right[0], out: &t.out[0],
		leftStride:  uintptr(t.leftStride) * size,
		rightStride: uintptr(t.rightStride) * size,
		outStride:   uintptr(t.outStride) * size,
		depth:       uintptr(t.depth),
	}
	mixTile(&m)
}

// exponentsOf is written with AVX2 and FMA; n is a multiple of eight and not 0.
//
//go:noescape
func exponentsOf(row *float32, n uintptr, scale float32) float32

func vectorExponents(row []float32, scale float32) float32 {
	return exponentsOf(&row[0], uintptr(len(row)), scale)
}
