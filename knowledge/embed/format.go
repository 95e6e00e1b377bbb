package embed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The file is little-endian. A header of 64 bytes:
//
//	0  "RJE5"
//	4  uint32  version
//	8  uint64  length of the file
//	16 uint32  CRC-32C of everything from byte 20
//	20 uint32  width, layers, heads, inner width, positions, pieces
//	44 float32 score of an unknown character, epsilon of the norms
//	52 zeros
//
// Then, each beginning at a multiple of 64 bytes: a byte with the length of each piece; the pieces,
// sorted; their scores; the rows of the word table, in blocks of 32 weights (a 16-bit scale and 16
// bytes, the first half of the weights in the low nibbles), the last three rows being those of
// begin, end and unknown; the position table with the token type added; gain and bias of the first
// norm. Then for each layer the four products (query, key and value as one; join; widen; narrow)
// and the two norms. A product is its bias, its 16-bit scales and its nibbles, in stripes of eight
// rows as product.go describes.
const (
	magic   = "RJE5"
	version = 1

	headerSize = 64
	alignment  = 64
)

// ErrFormat marks a model file that is not what this program reads.
var ErrFormat = errors.New("not a model file of this version")

// shape is the sizes that the header gives.
type shape struct {
	width, layers, heads, inner, positions, pieces int
	unknown, epsilon                               float32
}

// section reads the parts of the file one after the other.
type section struct {
	data string
	at   int
}

// header is the first 64 bytes of a file, of which the first twenty say what it is.
type header []byte

func (h header) word(at int) int { return int(binary.LittleEndian.Uint32(h[at:])) }

func (h header) float(at int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(h[at:]))
}

// readWhole checks a file as a whole, and gives its header.
func readWhole(data, magic string, version int) (header, error) {
	if len(data) < headerSize || data[:4] != magic {
		return nil, fmt.Errorf("read header: %w", ErrFormat)
	}
	h := header(data[:headerSize])
	if h.word(4) != version {
		return nil, fmt.Errorf("read version %d, want %d: %w", h.word(4), version, ErrFormat)
	}
	if binary.LittleEndian.Uint64(h[8:]) != uint64(len(data)) {
		return nil, fmt.Errorf("%d bytes are not all: %w", len(data), ErrFormat)
	}
	if checksum(data[20:]) != uint32(h.word(16)) {
		return nil, fmt.Errorf("checksum differs: %w", ErrFormat)
	}
	return h, nil
}

// readHeader checks the model's file as a whole and gives its sizes.
func readHeader(data string) (shape, error) {
	h, err := readWhole(data, magic, version)
	if err != nil {
		return shape{}, fmt.Errorf("read model: %w", err)
	}
	return shape{
		width: h.word(20), layers: h.word(24), heads: h.word(28),
		inner: h.word(32), positions: h.word(36), pieces: h.word(40),
		unknown: h.float(44), epsilon: h.float(48),
	}, nil
}

// checksum is taken in steps so that the text is never copied as a whole.
func checksum(data string) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	step := make([]byte, 1<<16)
	sum := uint32(0)
	for len(data) > 0 {
		n := copy(step, data)
		sum = crc32.Update(sum, table, step[:n])
		data = data[n:]
	}
	return sum
}

// take gives the next n bytes and moves on to the next section. Past the end it gives an empty
// string, which open finds by the position.
func (s *section) take(n int) string {
	from := s.at
	s.at = (from + n + alignment - 1) / alignment * alignment
	if n < 0 || from+n > len(s.data) {
		return ""
	}
	return s.data[from : from+n]
}

// floats reads n numbers of 32 bits.
func (s *section) floats(n int) []float32 {
	raw := s.take(4 * n)
	out := make([]float32, len(raw)/4)
	for i := range out {
		out[i] = math.Float32frombits(uint32(raw[4*i]) | uint32(raw[4*i+1])<<8 |
			uint32(raw[4*i+2])<<16 | uint32(raw[4*i+3])<<24)
	}
	return out
}

// halves reads n numbers of 16 bits.
func (s *section) halves(n int) []float32 {
	raw := s.take(2 * n)
	out := make([]float32, len(raw)/2)
	for i := range out {
		out[i] = half(uint16(raw[2*i]) | uint16(raw[2*i+1])<<8)
	}
	return out
}

// half widens a 16-bit float. The scales are finite, so infinities need no case of their own.
func half(h uint16) float32 {
	rest := math.Float32frombits(uint32(h&0x7fff) << 13)
	return math.Float32frombits(uint32(h&0x8000)<<16 | math.Float32bits(rest*0x1p112))
}
