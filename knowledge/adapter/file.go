package adapter

import (
	_ "embed" // for guide.bin
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// guide.bin is the adapter for the guide's entries. It is made by
// `go test ./cmd/rongjun -run TestTheAdapterIsFitted -update`; entries may change without it, for it
// knows how people ask, not what the entries say.
//
//go:embed guide.bin
var guideFile string

// Guide reads the adapter for the guide's entries that is built into the program.
func Guide() (*Adapter, error) { return Read(guideFile) }

// The file of an adapter: the embedder's name, a line; the length of vectors as two bytes; scale and
// shift; then a row for each number: its scale, and what the matrix differs by from leaving the vector
// as it is, a byte each. Numbers are little-endian.

// Write gives the file of an adapter.
func (a *Adapter) Write() []byte {
	file := []byte(a.Embedder + "\n")
	file = binary.LittleEndian.AppendUint16(file, uint16(len(a.rows)))
	file = appendFloat(appendFloat(file, float32(a.scale)), float32(a.shift))
	for i, row := range a.rows {
		file = appendRow(file, i, row)
	}
	return file
}

func appendFloat(file []byte, x float32) []byte {
	return binary.LittleEndian.AppendUint32(file, math.Float32bits(x))
}

func appendRow(file []byte, i int, row []float32) []byte {
	largest := float32(0)
	for j, w := range row {
		d := w - one(i, j)
		largest = max(largest, d, -d)
	}
	scale := largest / math.MaxInt8
	file = appendFloat(file, scale)
	for j, w := range row {
		n := 0.0
		if scale > 0 {
			n = math.Round(float64((w - one(i, j)) / scale))
		}
		file = append(file, byte(int8(n)))
	}
	return file
}

// one is the matrix that leaves a vector as it is.
func one(i, j int) float32 {
	if i == j {
		return 1
	}
	return 0
}

// Read reads what Write wrote.
func Read(file string) (*Adapter, error) {
	name, rest, found := strings.Cut(file, "\n")
	if !found || len(rest) < 10 {
		return nil, fmt.Errorf("read adapter: no head: %w", ErrFile)
	}
	dims := int(binary.LittleEndian.Uint16([]byte(rest[:2])))
	a := &Adapter{
		Embedder: name, scale: float64(floatAt(rest[2:])), shift: float64(floatAt(rest[6:])),
	}
	rest = rest[10:]
	if len(rest) != dims*(4+dims) {
		return nil, fmt.Errorf("read adapter: %d bytes of %d numbers: %w", len(rest), dims, ErrFile)
	}
	for i := range dims {
		scale, row := floatAt(rest), make([]float32, dims)
		for j := range row {
			row[j] = one(i, j) + scale*float32(int8(rest[4+j]))
		}
		a.rows = append(a.rows, row)
		rest = rest[4+dims:]
	}
	return a.arranged(), nil
}

func floatAt(s string) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32([]byte(s[:4])))
}
