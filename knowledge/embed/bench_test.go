package embed

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// textOf gives a text of so many tokens, without those of the prefix.
func textOf(t testing.TB, m *Model, tokens int) string {
	t.Helper()
	runes := []rune(strings.Repeat(strings.Join(lines(t, "testdata/sentences.txt")[:30], ""), 4))
	prefix := len(m.tokenizer.tokens(passagePrefix)) - 1
	for n := range runes {
		if len(m.tokenizer.tokens(passagePrefix+string(runes[:n])))-prefix == tokens {
			return string(runes[:n])
		}
	}
	require.Fail(t, "no such text")
	return ""
}

// One core: the text is embedded where it is asked for.
func BenchmarkQuestion(b *testing.B) {
	m := shippedModel(b)
	plain := plainModel(b)
	for _, tokens := range []int{10, 30, 150, 500} {
		text := []string{textOf(b, m, tokens)}
		b.Run(fmt.Sprintf("%d/fastest", tokens), func(b *testing.B) { benchmark(b, m, text) })
		b.Run(fmt.Sprintf("%d/asked", tokens), func(b *testing.B) {
			for b.Loop() {
				_, _, _, err := m.EmbedAsked(b.Context(), text)
				require.NoError(b, err)
			}
		})
		b.Run(fmt.Sprintf("%d/plain", tokens), func(b *testing.B) { benchmark(b, plain, text) })
	}
}

// plainModel is a model as it is on a machine without AVX2.
func plainModel(t testing.TB) *Model {
	t.Helper()
	m, err := New()
	require.NoError(t, err)
	m.kernels = plainKernels()
	return m
}

func benchmark(b *testing.B, m *Model, texts []string) {
	b.ReportAllocs()
	for b.Loop() {
		_, err := m.EmbedQueries(b.Context(), texts)
		require.NoError(b, err)
	}
}

func BenchmarkPassages(b *testing.B) {
	m := shippedModel(b)
	texts := lines(b, "testdata/sentences.txt")[:32]
	for b.Loop() {
		_, err := m.EmbedPassages(b.Context(), texts)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkTokens(b *testing.B) {
	m := shippedModel(b)
	text := strings.Join(lines(b, "testdata/sentences.txt"), "\n")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.tokenizer.tokens(text)
	}
}

func BenchmarkLoad(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		m, err := New()
		require.NoError(b, err)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(m)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-heap")
}
