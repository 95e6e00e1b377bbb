package index

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
)

// VectorFiles is a folder that keeps vectors in files, one for each batch that was made, below a
// folder for each embedder. A file is put in place whole, so tasks that run side by side need not
// know of each other, and a task that was stopped leaves nothing half written. It is a cache: a file
// that cannot be read as one of ours counts as not there, and its vectors are made again.
type VectorFiles string

func (f VectorFiles) folder(embedder string) string {
	return filepath.Join(string(f), Hash(embedder)[:16])
}

// LoadVectors returns all vectors that an embedder made, by the hash of their text.
func (f VectorFiles) LoadVectors(
	_ context.Context, embedder string,
) (map[string][]float32, error) {
	all := make(map[string][]float32)
	files, err := os.ReadDir(f.folder(embedder))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for vectors: %w", err)
	}
	for _, file := range files {
		if filepath.Ext(file.Name()) != vectorEnding {
			continue
		}
		data, err := os.ReadFile(filepath.Join(f.folder(embedder), file.Name()))
		if err != nil {
			return nil, fmt.Errorf("read vectors: %w", err)
		}
		maps.Copy(all, unpackVectors(data))
	}
	return all, nil
}

// SaveVectors keeps vectors of an embedder by the hash of their text.
func (f VectorFiles) SaveVectors(
	_ context.Context, embedder string, vectors map[string][]float32,
) (err error) {
	data, err := packVectors(vectors)
	if err != nil {
		return err
	}
	dir := f.folder(embedder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make folder of vectors: %w", err)
	}
	file, err := os.CreateTemp(dir, "*.part")
	if err != nil {
		return fmt.Errorf("write vectors: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), file.Name()+vectorEnding)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write vectors: %w", err), os.Remove(file.Name()))
	}
	return nil
}

// vectorEnding ends the name of a file that is whole.
const vectorEnding = ".vec"

// vectorMark begins each file and changes with the format.
const vectorMark = "rongjun vectors 1\n"

// packVectors writes the length of the vectors, then each hash with its vector, the lowest byte of a
// number first.
func packVectors(vectors map[string][]float32) ([]byte, error) {
	out := []byte(vectorMark)
	dims := -1
	for hash, v := range vectors {
		if dims < 0 {
			dims = len(v)
			out = binary.LittleEndian.AppendUint32(out, uint32(dims))
		}
		raw, err := hex.DecodeString(hash)
		if err != nil || len(raw) != hashBytes || len(v) != dims {
			return nil, fmt.Errorf("pack vector of %q: %w", hash, ErrVector)
		}
		out = append(out, raw...)
		for _, x := range v {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
	}
	return out, nil
}

const hashBytes = 32

// unpackVectors reads what packVectors wrote, and nothing from anything else.
func unpackVectors(data []byte) map[string][]float32 {
	if len(data) < len(vectorMark)+4 || string(data[:len(vectorMark)]) != vectorMark {
		return nil
	}
	data = data[len(vectorMark):]
	dims := int(binary.LittleEndian.Uint32(data))
	data = data[4:]
	size := hashBytes + 4*dims
	if dims > len(data) || len(data)%size != 0 {
		return nil
	}
	vectors := make(map[string][]float32, len(data)/size)
	for ; len(data) > 0; data = data[size:] {
		v := make([]float32, dims)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[hashBytes+4*i:]))
		}
		vectors[hex.EncodeToString(data[:hashBytes])] = v
	}
	return vectors
}
