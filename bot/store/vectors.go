package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
)

// LoadVectors returns all vectors that an embedder made, by the hash of their text.
func (s *Store) LoadVectors(ctx context.Context, embedder string) (map[string][]float32, error) {
	const do = "load vectors"
	rows, err := s.reads.QueryContext(ctx,
		"SELECT hash, vector FROM vectors WHERE embedder = ?", embedder)
	if err != nil {
		return nil, fault(do, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	out := make(map[string][]float32)
	for rows.Next() {
		var hash string
		var packed []byte
		if err := rows.Scan(&hash, &packed); err != nil {
			return nil, fault(do, err)
		}
		out[hash], err = unpackVector(packed)
		if err != nil {
			return nil, fault(do, err)
		}
	}
	return out, fault(do, rows.Err())
}

// vectorBatch is how many vectors one statement writes.
const vectorBatch = 200

var saveVectors = rowsQuery{
	text: `INSERT INTO vectors (embedder, hash, vector)
		SELECT v.embedder, v.hash, v.vector FROM {rows}
		WHERE TRUE ON CONFLICT (embedder, hash) DO UPDATE SET vector = excluded.vector`,
	columns: []column{{"embedder", "text"}, {"hash", "text"}, {"vector", "bytea"}},
}

// SaveVectors keeps vectors of an embedder by the hash of their text; those known already are
// replaced.
func (s *Store) SaveVectors(
	ctx context.Context, embedder string, vectors map[string][]float32,
) error {
	rows := make([][]any, 0, len(vectors))
	for hash, v := range vectors {
		rows = append(rows, []any{embedder, hash, packVector(v)})
	}
	return s.change(ctx, "save vectors", func(ctx context.Context, w *work) error {
		for len(rows) > 0 {
			batch := rows[:min(vectorBatch, len(rows))]
			rows = rows[len(batch):]
			if err := w.execRows(ctx, saveVectors, batch); err != nil {
				return err
			}
		}
		return nil
	})
}

// packVector writes each number as four bytes, the lowest first.
func packVector(v []float32) []byte {
	out := make([]byte, 0, 4*len(v))
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}

func unpackVector(b []byte) ([]float32, error) {
	if len(b)%4 != 0 {
		return nil, fmt.Errorf("vector of %d bytes: %w", len(b), ErrDamaged)
	}
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out, nil
}
