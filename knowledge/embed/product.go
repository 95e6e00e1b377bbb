package embed

import "fmt"

const (
	block      = 32 // weights that share a scale, activations too
	rows       = 8  // rows of a stripe, the outputs of one kernel call
	quad       = 4  // tokens that a kernel multiplies at once
	blockBytes = rows * block / 2
)

// matrix is the weights of one product. The rows lie in stripes of eight. A stripe has, for each
// block of 32 columns, eight scales and 128 bytes: byte 32j+4r+i holds the weight of row r and
// column 4j+i in its low nibble and that of column 16+4j+i in its high one, so that 32 bytes read
// at once are four columns of all eight rows. A nibble is the weight plus 8.
type matrix struct {
	in, out int
	bias    []float32
	scales  []float32
	nibbles string
	// learned is what was learned on top of these weights, nil for nothing.
	learned *matrix
}

func readMatrix(s *section, out, in int) (matrix, error) {
	m := matrix{
		in: in, out: out,
		bias:    s.floats(out),
		scales:  s.halves(out * in / block),
		nibbles: s.take(out * in / 2),
	}
	if in%block != 0 || out%rows != 0 || len(m.nibbles) != out*in/2 {
		return matrix{}, fmt.Errorf("read %d by %d weights: %w", out, in, ErrFormat)
	}
	return m, nil
}

// product is one multiplication: out[t] = matrix · activations[t] + bias for every token t. The
// tokens are padded to quads, for which out has room.
type product struct {
	matrix      *matrix
	activations *activations
	out         []float32
}

func (m *matrix) multiply(k kernels, a *activations, out []float32, s *scratch) {
	s.product = product{matrix: m, activations: a, out: out}
	for stripe := range m.out / rows {
		k.multiply(&s.product, stripe, s)
	}
	if m.learned != nil {
		s.learned = resize(s.learned, a.quads*quad*m.out)
		m.learned.multiply(k, a, s.learned, s)
		add(out[:len(s.learned)], s.learned)
	}
}
