package kinds

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// The file of a model: a line with the names of the kinds by blanks, the length of vectors and the
// number of marks as two bytes each, the mean, then for both layers the bias of all kinds and a row a
// kind: its scale, and its weights as a byte each. Numbers are little-endian.

// Write gives the file of a model.
func (m *Model) Write() []byte {
	file := []byte(strings.Join(m.Kinds, " ") + "\n")
	file = binary.LittleEndian.AppendUint16(file, uint16(len(m.Mean)))
	file = binary.LittleEndian.AppendUint16(file, uint16(m.Marks))
	file = appendFloats(file, m.Mean)
	for _, l := range []Layer{m.Both, m.Words} {
		file = appendFloats(file, l.Bias)
		for _, row := range l.Rows {
			file = appendRow(file, row)
		}
	}
	return file
}

func appendFloats(file []byte, numbers []float32) []byte {
	for _, n := range numbers {
		file = binary.LittleEndian.AppendUint32(file, math.Float32bits(n))
	}
	return file
}

func appendRow(file []byte, row []float32) []byte {
	largest := float32(0)
	for _, w := range row {
		largest = max(largest, w, -w)
	}
	scale := largest / math.MaxInt8
	file = appendFloats(file, []float32{scale})
	for _, w := range row {
		n := 0.0
		if scale > 0 {
			n = math.Round(float64(w / scale))
		}
		file = append(file, byte(int8(n)))
	}
	return file
}

// Read reads what Write wrote.
func Read(file string) (*Model, error) {
	names, rest, found := strings.Cut(file, "\n")
	m := &Model{Kinds: strings.Fields(names)}
	if !found || len(rest) < 4 || len(m.Kinds) < 2 {
		return nil, fmt.Errorf("read kinds: no head: %w", ErrFile)
	}
	dims := int(binary.LittleEndian.Uint16([]byte(rest[:2])))
	m.Marks = int(binary.LittleEndian.Uint16([]byte(rest[2:4])))
	r := reader{rest: rest[4:]}
	m.Mean = r.floats(dims)
	m.Both = r.layer(len(m.Kinds), Runs+dims+m.Marks)
	m.Words = r.layer(len(m.Kinds), Runs+m.Marks)
	if r.short || r.rest != "" {
		return nil, fmt.Errorf("read kinds: wrong length: %w", ErrFile)
	}
	return m, nil
}

// reader takes a file apart from its beginning; short is set when there was not enough.
type reader struct {
	rest  string
	short bool
}

func (r *reader) take(n int) string {
	if n > len(r.rest) {
		r.short = true
		return strings.Repeat("\x00", n)
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) floats(n int) []float32 {
	raw := []byte(r.take(4 * n))
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

func (r *reader) layer(kinds, width int) Layer {
	l := Layer{Bias: r.floats(kinds)}
	for range kinds {
		scale := r.floats(1)[0]
		raw := r.take(width)
		row := make([]float32, width)
		for i := range row {
			row[i] = scale * float32(int8(raw[i]))
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}
