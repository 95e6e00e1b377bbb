package index_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

const dims = 384

// corpus makes passages of about 300 characters that follow the frequencies of a language: few
// words are common, many are rare. Their vectors are random.
func corpus(n int) ([]knowledge.Passage, func(string) ([]float32, bool)) {
	source := rand.New(rand.NewPCG(7, 11))
	zipf := rand.NewZipf(source, 1.1, 8, 20_000)
	characters := simplified(3000)
	word := func() string {
		w := int(zipf.Uint64())
		return string([]rune{characters[w%3000], characters[(w*7919)%3000]})
	}
	passages := make([]knowledge.Passage, n)
	for i := range passages {
		var text []byte
		for range 150 {
			text = append(text, word()...)
		}
		id := fmt.Sprintf("%06d", i)
		passages[i] = knowledge.Passage{ID: id, Title: word(), Text: string(text)}
	}
	vector := make([]float32, dims)
	return passages, func(string) ([]float32, bool) {
		for i := range vector {
			vector[i] = float32(source.NormFloat64())
		}
		return slices.Clone(vector), true
	}
}

// simplified gives characters that folding leaves as they are, as nearly all text does.
func simplified(n int) []rune {
	normaliser, err := text.New()
	if err != nil {
		panic(err)
	}
	var characters []rune
	for r := rune(0x4E00); len(characters) < n; r++ {
		if normaliser.Fold(string(r)) == string(r) {
			characters = append(characters, r)
		}
	}
	return characters
}

var sizes = []int{2_000, 20_000, 55_000}

func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			passages, _ := corpus(n)
			for b.Loop() {
				_, err := index.Build(context.Background(), passages, index.Options{})
				require.NoError(b, err)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "passages/s")
		})
	}
}

// BenchmarkSearch gives, for a question of 30 characters, the median and the 99th percentile of each
// part of a search, with the embedding of the question by one core, and the median of the whole
// without embedding as a ratio to a bare scan over as many vectors.
func BenchmarkSearch(b *testing.B) {
	m, err := embed.New()
	require.NoError(b, err)
	for _, n := range sizes {
		passages, stored := corpus(n)
		x, err := index.Build(context.Background(), passages, index.Options{Stored: stored})
		require.NoError(b, err)
		runtime.GC()
		scan := bareScan(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var whole, embedding, words, vectors, fuse []time.Duration
			for i := 0; b.Loop(); i++ {
				q := index.Query{Text: passages[i*37%n].Text[:90], AsOf: today}
				start := time.Now()
				v, err := m.EmbedQueries(b.Context(), []string{q.Text})
				require.NoError(b, err)
				embedding, q.Vector = append(embedding, time.Since(start)), v[0]
				p, err := x.SearchByParts(b.Context(), q)
				require.NoError(b, err)
				words, vectors, fuse = append(words, p.Words), append(vectors, p.Vectors), append(fuse, p.Fuse)
				whole = append(whole, p.Words+p.Vectors+p.Fuse)
			}
			for name, took := range map[string][]time.Duration{
				"embed": embedding, "words": words, "vectors": vectors, "fuse": fuse, "whole": whole,
			} {
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), name+"-p50-µs")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), name+"-p99-µs")
			}
			b.ReportMetric(float64(whole[len(whole)/2])/float64(scan), "whole-p50/scan")
			b.ReportMetric(float64(whole[len(whole)*99/100])/float64(scan), "whole-p99/scan")
		})
	}
}

// bareScan is the median time of one exact pass over n vectors.
func bareScan(b *testing.B, n int) time.Duration {
	b.Helper()
	_, stored := corpus(0)
	flat := index.NewFlat(dims)
	for i := range n {
		v, _ := stored("")
		require.NoError(b, flat.Add(fmt.Sprint(i), v))
	}
	took := make([]time.Duration, 21)
	for i := range took {
		q, _ := stored("")
		start := time.Now()
		_, _, err := flat.Query(q, 1, anyID)
		took[i] = time.Since(start)
		require.NoError(b, err)
	}
	slices.Sort(took)
	return took[len(took)/2]
}
