package embed

import (
	_ "embed" // for reading.bin
	"fmt"
	"strings"
)

// readingFile is read where it lies in the binary, as the model is.
//
//go:embed reading.bin
var readingFile string

// reading is what was learned of what people want by their messages: weights that are added to those of
// the model's last layers, as many as taught has, and behind the mean of the states, made length 1, a
// number for each thing that is told: the greater, the likelier.
//
// The file is little-endian, its parts at multiples of 64 bytes as in the model's. A header of 64
// bytes:
//
//	0  "RJR1"
//	4  uint32  version
//	8  uint64  length of the file
//	16 uint32  CRC-32C of everything from byte 20
//	20 uint32  layers, width, names, length of the names
//
// Then the layers as taught has them, the rows of the names in 16-bit floats, what is added to each in
// 32-bit ones, and the names, a line each.
type reading struct {
	layers []layer
	names  []string
	rows   []float32
	bias   []float32
}

const (
	readingMagic   = "RJR1"
	readingVersion = 1
)

func readReading(file string, shape shape, own []layer, layers int) (reading, error) {
	h, err := readWhole(file, readingMagic, readingVersion)
	if err != nil {
		return reading{}, fmt.Errorf("read reading: %w", err)
	}
	if h.word(20) != layers || h.word(24) != shape.width {
		return reading{}, fmt.Errorf("read reading of another model: %w", ErrFormat)
	}
	s := &section{data: file, at: headerSize}
	learned, err := readLearned(s, shape, own[len(own)-layers:])
	if err != nil {
		return reading{}, fmt.Errorf("read reading: %w", err)
	}
	names := h.word(28)
	r := reading{layers: learned, rows: s.halves(names * shape.width), bias: s.floats(names)}
	r.names = strings.Split(s.take(h.word(32)), "\n")
	if s.at != len(file) || len(r.names) != names {
		return reading{}, fmt.Errorf("read reading: %d names, want %d: %w", len(r.names), names, ErrFormat)
	}
	return r, nil
}

// tell writes what is read off a mean of length 1.
func (r *reading) tell(mean []float32) []float32 {
	told := make([]float32, len(r.names))
	for i := range told {
		told[i] = r.bias[i] + product32(r.rows[i*len(mean):(i+1)*len(mean)], mean)
	}
	return told
}

// Tells are the names of the numbers that EmbedAsked tells of a question, in their order; none where
// nothing was learned.
func (m *Model) Tells() []string { return m.reading.names }
