package kinds

import (
	"encoding/binary"
	"fmt"
	"strings"

	"rongjun/knowledge/quant"
)

// The file of a model: a line with the names of the kinds by blanks, the length of vectors and the
// number of marks as two bytes each, the mean, then for both layers the bias of all kinds and a row of
// weights a kind, as package quant keeps rows.

// Write gives the file of a model.
func (m *Model) Write() []byte {
	file := []byte(strings.Join(m.Kinds, " ") + "\n")
	file = binary.LittleEndian.AppendUint16(file, uint16(len(m.Mean)))
	file = binary.LittleEndian.AppendUint16(file, uint16(m.Marks))
	file = quant.AppendFloats(file, m.Mean...)
	for _, l := range []Layer{m.Both, m.Words} {
		file = quant.AppendFloats(file, l.Bias...)
		for _, row := range l.Rows {
			file = quant.AppendRow(file, row)
		}
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

func (r *reader) floats(n int) []float32 { return quant.Floats(r.take(4*n), n) }

func (r *reader) layer(kinds, width int) Layer {
	l := Layer{Bias: r.floats(kinds)}
	for range kinds {
		l.Rows = append(l.Rows, quant.Row(r.take(quant.Size(width))))
	}
	return l
}
