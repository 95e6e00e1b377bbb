package guide_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

func TestVectorsComeBackAlmostAsTheyWere(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	vectors := make(map[string][]float32)
	for i := range 100 {
		sum := sha256.Sum256([]byte(fmt.Sprint(i)))
		v := make([]float32, 48)
		for j := range v {
			v[j] = random.Float32()*2 - 1
		}
		vectors[hex.EncodeToString(sum[:])] = v
	}
	file, err := guide.WriteVectors("model", vectors)
	require.NoError(t, err)
	read, err := guide.ReadVectors(string(file))
	require.NoError(t, err)
	assert.Equal(t, "model", read.Embedder)
	assert.Equal(t, 100, read.Len())
	for hash, want := range vectors {
		got, ok := read.Find(hash)
		require.True(t, ok)
		assert.InDeltaSlice(t, want, got, 0.5/127+1e-6)
	}
	for _, hash := range []string{"", "00", "ffffffffffffffffff", "no hash at all ..."} {
		_, ok := read.Find(hash)
		assert.False(t, ok, hash)
	}
}

func TestAFileThatHoldsNoVectorsIsRefused(t *testing.T) {
	for _, file := range []string{"", "model", "model\n", "model\n\x00\x00", "model\n\x04\x00123"} {
		_, err := guide.ReadVectors(file)
		require.ErrorIs(t, err, knowledge.ErrInvalid, "%q", file)
	}
	_, err := guide.WriteVectors("model", map[string][]float32{"zz": {1}})
	require.Error(t, err)
}
