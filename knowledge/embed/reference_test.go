package embed

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// load gives the one model that all tests of this package share: it is read only.
var load = sync.OnceValues(New)

func shippedModel(t testing.TB) *Model {
	t.Helper()
	m, err := load()
	require.NoError(t, err)
	return m
}

func lines(t testing.TB, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.Split(strings.TrimRight(string(data), "\n"), "\n")
}

func TestTokensAreThoseOfTheReference(t *testing.T) {
	m := shippedModel(t)
	all := lines(t, "testdata/tokens.txt")
	require.GreaterOrEqual(t, len(all), 200)
	for _, line := range all {
		var text string
		var want []string
		require.NoError(t, json.Unmarshal([]byte(line), &[]any{&text, &want}))
		require.Equal(t, want, spelled(m, queryPrefix+text), "%q", text)
	}
}

// spelled gives a text's tokens in words.
func spelled(m *Model, text string) []string {
	var out []string
	for _, token := range m.tokenizer.tokens(text) {
		switch {
		case int(token) < m.shape.pieces:
			out = append(out, m.tokenizer.pieces.at(int(token)))
		case int(token) == m.shape.pieces+unknownRow:
			out = append(out, "<unk>")
		}
	}
	return out
}

func TestVectorsAgreeWithTheReference(t *testing.T) {
	m := shippedModel(t)
	sentences := lines(t, "testdata/sentences.txt")
	require.Len(t, sentences, 1000)
	step := 9 // odd, so that queries and passages take turns
	if os.Getenv("RONGJUN_TEST_LONG") == "1" {
		step = 1
	}
	var cosines []float64
	for i := 0; i < len(sentences); i += step {
		vector := embedLine(t, m, i, sentences)
		cosines = append(cosines, dot(vector, reference(t, i, m.Dimensions())))
	}
	slices.Sort(cosines)
	t.Logf("%d sentences: least %.4f, median %.4f",
		len(cosines), cosines[0], cosines[len(cosines)/2])
	require.GreaterOrEqual(t, cosines[0], 0.98)
	require.GreaterOrEqual(t, cosines[len(cosines)/2], 0.99)
}

func TestVectorsAgreeWithTheReferenceWithoutAVX2(t *testing.T) {
	m := plainModel(t)
	sentences := lines(t, "testdata/sentences.txt")
	for i := 0; i < len(sentences); i += 333 {
		vector := embedLine(t, m, i, sentences)
		require.Greater(t, dot(vector, reference(t, i, m.Dimensions())), 0.995)
	}
}

func TestALongTextAgreesWithTheReference(t *testing.T) {
	m := shippedModel(t)
	sentences := lines(t, "testdata/sentences.txt")
	long := strings.Join(sentences[:100], "")
	require.Greater(t, len(m.tokenizer.tokens(long)), 2*m.shape.positions)
	vectors, err := m.EmbedQueries(t.Context(), []string{long})
	require.NoError(t, err)
	require.Greater(t, dot(vectors[0], reference(t, len(sentences), m.Dimensions())), 0.99)
}

// embedLine embeds a sentence as the reference did: even lines are queries, odd ones passages.
func embedLine(t testing.TB, m *Model, i int, sentences []string) []float32 {
	t.Helper()
	embed := m.EmbedQueries
	if i%2 == 1 {
		embed = m.EmbedPassages
	}
	vectors, err := embed(t.Context(), sentences[i:i+1])
	require.NoError(t, err)
	return vectors[0]
}

// reference gives the reference's vector of a line: a scale and a byte for each dimension.
func reference(t testing.TB, i, dimensions int) []float32 {
	t.Helper()
	data, err := os.ReadFile("testdata/reference.bin")
	require.NoError(t, err)
	row := data[i*(4+dimensions) : (i+1)*(4+dimensions)]
	scale := math.Float32frombits(binary.LittleEndian.Uint32(row))
	vector := make([]float32, dimensions)
	for j := range vector {
		vector[j] = scale * float32(int8(row[4+j]))
	}
	return vector
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
