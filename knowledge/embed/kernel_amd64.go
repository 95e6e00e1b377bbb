package embed

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// fastestKernel is the kernel that suits this machine.
func fastestKernel() kernel {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return vectorKernel
	}
	return plainKernel
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

// vectorKernel multiplies the nibbles as they lie in the file.
func vectorKernel(p *product, stripe int, _ *scratch) {
	m, a := p.matrix, p.activations
	blocks := m.in / block
	nibbles := m.nibbles[stripe*blocks*blockBytes : (stripe+1)*blocks*blockBytes]
	out := p.out[: a.quads*quad*m.out : len(p.out)]
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
