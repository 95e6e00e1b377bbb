package adapter

import (
	_ "embed" // for guide.bin
	"encoding/binary"
	"fmt"
	"strings"

	"rongjun/knowledge/quant"
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
// shift; then a row for each number, of what the matrix differs by from leaving the vector as it is, as
// package quant keeps rows.

// Write gives the file of an adapter.
func (a *Adapter) Write() []byte {
	file := []byte(a.Embedder + "\n")
	file = binary.LittleEndian.AppendUint16(file, uint16(len(a.rows)))
	file = quant.AppendFloats(file, float32(a.scale), float32(a.shift))
	for i, row := range a.rows {
		file = quant.AppendRow(file, difference(i, row))
	}
	return file
}

// difference is what a row of the matrix differs by from leaving the vector as it is.
func difference(i int, row []float32) []float32 {
	d := make([]float32, len(row))
	for j, w := range row {
		d[j] = w - one(i, j)
	}
	return d
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
		Embedder: name, scale: float64(quant.Float(rest[2:])), shift: float64(quant.Float(rest[6:])),
	}
	rest = rest[10:]
	if len(rest) != dims*quant.Size(dims) {
		return nil, fmt.Errorf("read adapter: %d bytes of %d numbers: %w", len(rest), dims, ErrFile)
	}
	for i := range dims {
		row := quant.Row(rest[:quant.Size(dims)])
		for j := range row {
			row[j] += one(i, j)
		}
		a.rows = append(a.rows, row)
		rest = rest[quant.Size(dims):]
	}
	return a.arranged(), nil
}
