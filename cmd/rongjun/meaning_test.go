package main

import (
	"flag"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

var update = flag.Bool("update", false, "write the files that tests compare with anew")

// guideTexts are the texts of the guide of which vectors are made, by hash.
func guideTexts(t testing.TB) map[string]string {
	t.Helper()
	n, err := text.New()
	require.NoError(t, err)
	texts := make(map[string]string)
	var passages []knowledge.Passage
	for _, e := range shippedGuide(t).Entries {
		passages = append(passages, e.Passage())
	}
	for _, p := range passages {
		for _, s := range index.EmbeddingTexts(n, p) {
			texts[index.Hash(s)] = s
		}
	}
	return texts
}

// TestVectorsOfTheGuideAreShipped holds that a first start embeds nothing. After a change of entries
// it is run with -update, which embeds what is new.
func TestVectorsOfTheGuideAreShipped(t *testing.T) {
	t.Parallel()
	m := embedder(t)
	texts := guideTexts(t)
	if *update {
		writeVectors(t, m, texts)
		return
	}
	shipped, err := guide.LoadVectors()
	require.NoError(t, err)
	require.Equal(t, m.Name(), shipped.Embedder)
	assert.Equal(t, len(texts), shipped.Len(), "entries have changed: run this test with -update")
	checked := 0
	for hash, s := range texts {
		got, ok := shipped.Find(hash)
		require.True(t, ok, "no vector of %q: run this test with -update", s)
		if checked++; checked > 50 {
			continue
		}
		want, err := m.EmbedPassages(t.Context(), []string{s})
		require.NoError(t, err)
		assert.Greater(t, cosine(want[0], got), 0.999, s)
	}
}

// writeVectors embeds what the shipped file lacks and writes it anew.
func writeVectors(t *testing.T, m index.Embedder, texts map[string]string) {
	t.Helper()
	shipped, err := guide.LoadVectors()
	require.NoError(t, err)
	vectors := make(map[string][]float32, len(texts))
	var hashes, missing []string
	for hash, s := range texts {
		if v, ok := shipped.Find(hash); ok && shipped.Embedder == m.Name() {
			vectors[hash] = v
			continue
		}
		hashes, missing = append(hashes, hash), append(missing, s)
	}
	made, err := m.EmbedPassages(t.Context(), missing)
	require.NoError(t, err)
	for i, v := range made {
		vectors[hashes[i]] = v
	}
	file, err := guide.WriteVectors(m.Name(), vectors)
	require.NoError(t, err)
	const name = "../../knowledge/guide/vectors.bin"
	require.NoError(t, os.WriteFile(name, file, 0o644))
}

func cosine(a, b []float32) float64 {
	var dot, aa, bb float64
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return dot / math.Sqrt(aa*bb)
}
