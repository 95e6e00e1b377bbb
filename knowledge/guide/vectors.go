package guide

import (
	"bytes"
	"cmp"
	_ "embed" // for vectors.bin
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/quant"
)

// vectors.bin holds the vectors of the entries, so that a first start embeds nothing. It is made by
// `go test ./cmd/rongjun -run TestVectorsOfTheGuideAreShipped -update` after entries have changed.
//
//go:embed vectors.bin
var vectorFile string

// Vectors are the shipped vectors of texts of the guide, by the hash of the text. They are kept as
// one byte a number and read where they lie in the binary.
type Vectors struct {
	// Embedder names what made them.
	Embedder string
	dims     int
	records  string
}

// hashBytes is how much of a text's hash is kept: enough to tell some thousand texts apart.
const hashBytes = 8

// LoadVectors reads the vectors that are built into the program.
func LoadVectors() (Vectors, error) { return ReadVectors(vectorFile) }

// ReadVectors reads what WriteVectors wrote.
func ReadVectors(file string) (Vectors, error) {
	name, rest, found := strings.Cut(file, "\n")
	if !found || len(rest) < 2 {
		return Vectors{}, fmt.Errorf("read vectors: too short: %w", knowledge.ErrInvalid)
	}
	v := Vectors{
		Embedder: name, dims: int(binary.LittleEndian.Uint16([]byte(rest[:2]))), records: rest[2:],
	}
	if v.dims == 0 || len(v.records)%v.size() != 0 {
		return Vectors{}, fmt.Errorf("read vectors: %d bytes of %d dimensions: %w",
			len(v.records), v.dims, knowledge.ErrInvalid)
	}
	return v, nil
}

func (v Vectors) size() int { return hashBytes + quant.Size(v.dims) }

// Len is how many vectors there are.
func (v Vectors) Len() int { return len(v.records) / v.size() }

// Find returns the vector of the text with the given hash, in hexadecimal.
func (v Vectors) Find(hash string) ([]float32, bool) {
	key, err := hex.DecodeString(hash[:min(len(hash), 2*hashBytes)])
	if err != nil || len(key) != hashBytes || v.records == "" {
		return nil, false
	}
	low, high := 0, v.Len()
	for low < high {
		middle := (low + high) / 2
		if v.records[middle*v.size():][:hashBytes] < string(key) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == v.Len() || v.records[low*v.size():][:hashBytes] != string(key) {
		return nil, false
	}
	return quant.Row(v.records[low*v.size()+hashBytes:][:quant.Size(v.dims)]), true
}

// errVector says that vectors cannot be written.
var errVector = errors.New("vectors differ in length, are empty or have no hash")

// WriteVectors gives the file of vectors that an embedder made, by the hash of their text.
func WriteVectors(embedder string, vectors map[string][]float32) ([]byte, error) {
	dims := 0
	var records [][]byte
	for hash, v := range vectors {
		key, err := hex.DecodeString(hash)
		if err != nil || len(key) < hashBytes || len(v) == 0 || dims != 0 && dims != len(v) {
			return nil, errVector
		}
		dims = len(v)
		records = append(records, quant.AppendRow(key[:hashBytes:hashBytes], v))
	}
	slices.SortFunc(records, func(a, b []byte) int {
		return cmp.Compare(string(a[:hashBytes]), string(b[:hashBytes]))
	})
	file := binary.LittleEndian.AppendUint16([]byte(embedder+"\n"), uint16(dims))
	return append(file, bytes.Join(records, nil)...), nil
}
