package embed

import (
	_ "embed" // for model.bin
	"fmt"
	"runtime"
	"sync"
)

// shipped is read where it lies in the binary; a string, so that nothing can write to it.
//
//go:embed model.bin
var shipped string

// Model embeds texts. It is safe for concurrent use.
type Model struct {
	shape     shape
	tokenizer tokenizer
	words     string
	positions []float32
	first     normal
	layers    []layer
	taught    taught
	reading   reading
	gelu      gelu
	kernels   kernels

	scratch sync.Pool
	// batch has room for the workers of all batches together.
	batch chan struct{}
}

// New reads the model that is built into the program, with what it was taught.
func New() (*Model, error) { return Open(shipped, taughtFile, readingFile) }

// Open reads a model from the text of its file, and what it was taught of how people ask and of what
// they want from two others, both empty for nothing. The model goes on using them.
func Open(file, taught, reading string) (*Model, error) {
	shape, err := readHeader(file)
	if err != nil {
		return nil, err
	}
	s := &section{data: file, at: headerSize}
	vocabulary, err := readPieces(s, shape.pieces)
	if err != nil {
		return nil, err
	}
	m := &Model{
		shape:     shape,
		tokenizer: tokenizer{pieces: vocabulary, unknown: shape.unknown},
		words:     s.take((shape.pieces + extraRows) * shape.width / block * (2 + block/2)),
		positions: s.floats(shape.positions * shape.width),
		first:     readNormal(s, shape.width),
		gelu:      newGelu(),
		kernels:   fastestKernels(),
		batch:     make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
	}
	m.scratch.New = func() any { return new(scratch) }
	for i := range shape.layers {
		l, err := readLayer(s, shape)
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i, err)
		}
		m.layers = append(m.layers, l)
	}
	if s.at != len(file) {
		return nil, fmt.Errorf("read model: %d bytes, want %d: %w", len(file), s.at, ErrFormat)
	}
	if taught == "" {
		return m, nil
	}
	if m.taught, err = readTaught(taught, m.shape, m.layers); err != nil {
		return nil, err
	}
	m.reading, err = readReading(reading, m.shape, m.layers, len(m.taught.layers))
	return m, err
}

func readLayer(s *section, shape shape) (l layer, err error) {
	if l.attend, err = readMatrix(s, 3*shape.width, shape.width); err != nil {
		return layer{}, err
	}
	if l.join, err = readMatrix(s, shape.width, shape.width); err != nil {
		return layer{}, err
	}
	l.attended = readNormal(s, shape.width)
	if l.widen, err = readMatrix(s, shape.inner, shape.width); err != nil {
		return layer{}, err
	}
	if l.narrow, err = readMatrix(s, shape.width, shape.inner); err != nil {
		return layer{}, err
	}
	l.output = readNormal(s, shape.width)
	return l, nil
}

func readNormal(s *section, width int) normal {
	return normal{gain: s.floats(width), bias: s.floats(width)}
}

// Name changes whenever the vectors do.
func (m *Model) Name() string { return fmt.Sprintf("multilingual-e5-small-zh-q4-v%d", version) }

// Dimensions is the length of every vector.
func (m *Model) Dimensions() int { return m.shape.width }
