package embed

// kernels are the three loops in which nearly all the time goes. There are plain ones, in Go, and
// ones for processors with AVX2; what they give differs in the last bits only.
type kernels struct {
	// multiply computes the eight outputs of one stripe for all tokens of a product.
	multiply func(p *product, stripe int, s *scratch)
	// mix computes a tile of floats.
	mix func(t *floatTile)
	// exponents replaces each x of the row by e to the power of scale times x less the greatest,
	// and gives their sum. The row's length is a multiple of eight.
	exponents func(row []float32, scale float32) float32
	// mostAsked is the tokens up to which a question is worth what was learned: without AVX2 a longer one
	// would be waited for in vain.
	mostAsked int
}

func plainKernels() kernels {
	return kernels{multiply: plainMultiply, mix: plainMix, exponents: plainExponents, mostAsked: 15}
}

const (
	floatRows    = 4
	floatColumns = 16
)

// floatTile is a product of four rows by sixteen columns: out = left · right. Of each, rows stand
// stride numbers apart.
type floatTile struct {
	left, right, out                   []float32
	leftStride, rightStride, outStride int
	depth                              int // columns of left, rows of right
}
