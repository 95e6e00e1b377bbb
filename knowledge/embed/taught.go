package embed

import (
	"context"
	_ "embed" // for taught.bin
	"fmt"
)

// taughtFile is read where it lies in the binary, as the model is.
//
//go:embed taught.bin
var taughtFile string

// taught is what was learned of how people ask: weights that are added to those of the model's last
// layers, and a matrix behind them. What they make of a question is nearer to the guide's entries that
// answer it, whose vectors are the model's own.
//
// The file is little-endian, its parts at multiples of 64 bytes as in the model's. A header of 64
// bytes:
//
//	0  "RJT1"
//	4  uint32  version
//	8  uint64  length of the file
//	16 uint32  CRC-32C of everything from byte 20
//	20 uint32  layers, width
//	28 float32 scale and shift, see Like
//
// Then the layers as in the model's file, with the weights and biases that are added to the model's, but
// the norms as they are, and the matrix in 16-bit floats, a row for each number of the vector that it
// makes.
type taught struct {
	layers       []layer
	turn         []float32
	scale, shift float32
}

const (
	taughtMagic   = "RJT1"
	taughtVersion = 1
)

func readTaught(file string, shape shape, own []layer) (taught, error) {
	h, err := readWhole(file, taughtMagic, taughtVersion)
	if err != nil {
		return taught{}, fmt.Errorf("read what was taught: %w", err)
	}
	layers, width := h.word(20), h.word(24)
	if width != shape.width || layers > len(own) {
		return taught{}, fmt.Errorf("read what was taught to another model: %w", ErrFormat)
	}
	t := taught{scale: h.float(28), shift: h.float(32)}
	s := &section{data: file, at: headerSize}
	if t.layers, err = readLearned(s, shape, own[len(own)-layers:]); err != nil {
		return taught{}, fmt.Errorf("read what was taught: %w", err)
	}
	t.turn = s.halves(shape.width * shape.width)
	if s.at != len(file) {
		return taught{}, fmt.Errorf("read what was taught: %d bytes, want %d: %w", len(file), s.at, ErrFormat)
	}
	return t, nil
}

// readLearned reads what was learned on top of layers.
func readLearned(s *section, shape shape, own []layer) ([]layer, error) {
	var all []layer
	for i := range own {
		l, err := readLayer(s, shape)
		if err != nil {
			return nil, fmt.Errorf("learned layer %d: %w", i, err)
		}
		all = append(all, own[i].taught(l))
	}
	return all, nil
}

// taught is the layer with what was learned.
func (l layer) taught(learned layer) layer {
	l.attend.learned, l.join.learned = &learned.attend, &learned.join
	l.widen.learned, l.narrow.learned = &learned.widen, &learned.narrow
	l.attended, l.output = learned.attended, learned.output
	return l
}

// EmbedAsked gives two vectors of each question, each of length 1: the plain one that EmbedQueries
// gives, and one by what was learned of how people ask, to be compared with the plain vectors of what
// the guide answers. What it tells of a question is a number for each name of Tells. All three share
// most of the way. The asked vector and what is told are nil where nothing was taught to the model, and
// for a longer question on a processor without AVX2.
func (m *Model) EmbedAsked(
	ctx context.Context, texts []string,
) (plain, asked, told [][]float32, err error) {
	asked, told = make([][]float32, len(texts)), make([][]float32, len(texts))
	plain, err = m.embedAll(ctx, len(texts), func(ctx context.Context, i int) ([]float32, error) {
		v, err := m.embed(ctx, queryPrefix+texts[i], true)
		asked[i], told[i] = v.asked, v.told
		return v.plain, err
	})
	return plain, asked, told, err
}

// teaches reports whether a question of so many tokens gets an asked vector.
func (m *Model) teaches(tokens int) bool {
	return len(m.taught.turn) > 0 && tokens <= m.kernels.mostAsked
}

// Lesson is a question as testdata/teach.py wants it: the tokens of its only or first window.
func (m *Model) Lesson(question string) []int32 {
	tokens := m.tokenizer.tokens(queryPrefix + question)
	return m.window(tokens[:min(len(tokens), m.shape.positions-2)])
}

// Like gives the cosine of two plain vectors that is worth as much as one between an asked vector and
// a plain one.
func (m *Model) Like(asked float64) float64 {
	return float64(m.taught.scale)*asked + float64(m.taught.shift)
}

// turned writes the direction of the matrix times v.
func (t *taught) turned(v []float32) []float32 {
	out := make([]float32, len(v))
	for i := range out {
		out[i] = product32(t.turn[i*len(v):(i+1)*len(v)], v)
	}
	normalise(out)
	return out
}

func product32(a, b []float32) float32 {
	sum := float32(0)
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
