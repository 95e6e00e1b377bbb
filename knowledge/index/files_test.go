package index_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/index"
)

func TestVectorFilesGiveBackWhatTheyWereGivenByEmbedder(t *testing.T) {
	files := index.VectorFiles(filepath.Join(t.TempDir(), "data", "vectors"))
	none, err := files.LoadVectors(t.Context(), "a")
	require.NoError(t, err)
	assert.Empty(t, none)

	one, two, other := index.Hash("一"), index.Hash("二"), index.Hash("三")
	save := func(embedder string, v map[string][]float32) {
		t.Helper()
		require.NoError(t, files.SaveVectors(t.Context(), embedder, v))
	}
	save("a", map[string][]float32{one: {1, 2}, two: {-3, 0.5}})
	save("a", map[string][]float32{other: {7, 8}})
	save("b", map[string][]float32{one: {9}})
	got, err := files.LoadVectors(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, map[string][]float32{one: {1, 2}, two: {-3, 0.5}, other: {7, 8}}, got)
	got, err = files.LoadVectors(t.Context(), "b")
	require.NoError(t, err)
	assert.Equal(t, map[string][]float32{one: {9}}, got)

	require.ErrorIs(t, files.SaveVectors(t.Context(), "a",
		map[string][]float32{one: {1}, two: {1, 2}}), index.ErrVector)
	require.ErrorIs(t, files.SaveVectors(t.Context(), "a",
		map[string][]float32{"no hash": {1}}), index.ErrVector)
}

func TestADamagedVectorFileCountsAsNotThere(t *testing.T) {
	files := index.VectorFiles(t.TempDir())
	hash := index.Hash("一")
	whole := map[string][]float32{hash: {1, 2, 3}}
	require.NoError(t, files.SaveVectors(t.Context(), "a", whole))
	names, err := filepath.Glob(filepath.Join(string(files), "*", "*"))
	require.NoError(t, err)
	require.Len(t, names, 1, "nothing half written is left")
	data, err := os.ReadFile(names[0])
	require.NoError(t, err)
	for _, damaged := range [][]byte{nil, data[:len(data)-1], data[:20], []byte("else")} {
		require.NoError(t, os.WriteFile(names[0], damaged, 0o600))
		got, err := files.LoadVectors(t.Context(), "a")
		require.NoError(t, err)
		assert.Empty(t, got)
	}
	require.NoError(t, files.SaveVectors(t.Context(), "a", whole))
	got, err := files.LoadVectors(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, whole, got)
}
