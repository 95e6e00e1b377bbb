package adapter_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/adapter"
)

// In the world of these tests people ask beside the point: a question means the next thing somewhat
// more than the one that answers it.
const dims = 8

func towards(i int, dice *rand.Rand) []float32 {
	v := make([]float32, dims)
	for j := range v {
		v[j] = float32(dice.Float64()) * 0.05
	}
	v[i%dims] = 1
	return unit(v)
}

func asking(i int, dice *rand.Rand) []float32 {
	v := towards(i+1, dice)
	v[i%dims] = 0.9
	return unit(v)
}

func unit(v []float32) []float32 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x * x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

func world() (passages []adapter.Passage, pairs []adapter.Pair, dice *rand.Rand) {
	dice = rand.New(rand.NewPCG(7, 7))
	for i := range dims {
		for range 3 {
			passages = append(passages, adapter.Passage{Vector: towards(i, dice), Answer: i})
		}
	}
	for n := range 2000 {
		i := n % dims
		pairs = append(pairs, adapter.Pair{Vector: asking(i%dims, dice), Answers: []int{i}, Own: -1})
	}
	return passages, pairs, dice
}

func nearest(v []float32, passages []adapter.Passage) int {
	best, most := -1, -2.0
	for _, p := range passages {
		if c := cosine(v, p.Vector); c > most {
			best, most = p.Answer, c
		}
	}
	return best
}

func right(passages []adapter.Passage, dice *rand.Rand, look func([]float32) []float32) int {
	n := 0
	for i := range 100 {
		if nearest(look(asking(i%dims, dice)), passages) == i%dims {
			n++
		}
	}
	return n
}

func TestAFittedAdapterFindsWhatAnswersQuestionsItHasNotSeen(t *testing.T) {
	passages, pairs, dice := world()
	a := adapter.Fit("e", passages, pairs)
	assert.Less(t, right(passages, dice, func(v []float32) []float32 { return v }), 10)
	assert.Greater(t, right(passages, dice, a.Apply), 90)
}

func TestTheSamePairsGiveTheSameAdapter(t *testing.T) {
	passages, pairs, _ := world()
	first, second := adapter.Fit("e", passages, pairs), adapter.Fit("e", passages, pairs)
	assert.Equal(t, first.Write(), second.Write())
}

func TestAnAdapterIsReadAsItWasWritten(t *testing.T) {
	passages, pairs, dice := world()
	a := adapter.Fit("multilingual", passages, pairs)
	b, err := adapter.Read(string(a.Write()))
	require.NoError(t, err)
	assert.Equal(t, "multilingual", b.Embedder)
	v := towards(3, dice)
	assert.InDelta(t, 1, cosine(a.Apply(v), b.Apply(v)), 1e-4)
	assert.InDelta(t, a.Cosine(0.5), b.Cosine(0.5), 1e-4)
}

// What is found through an adapter stands beside what is found without: its cosines are as large and
// lie as far apart.
func TestCosinesAreBroughtToTheRangeOfPlainOnes(t *testing.T) {
	passages, pairs, _ := world()
	a := adapter.Fit("e", passages, pairs)
	plain, adapted := 0.0, 0.0
	for _, p := range pairs {
		turned := a.Apply(p.Vector)
		for _, q := range passages {
			plain += cosine(p.Vector, q.Vector)
			adapted += a.Cosine(cosine(turned, q.Vector))
		}
	}
	n := float64(len(pairs) * len(passages))
	assert.InDelta(t, plain/n, adapted/n, 0.01)
}

func TestAVectorOfAnotherLengthIsLeftAsItIs(t *testing.T) {
	passages, pairs, _ := world()
	a := adapter.Fit("e", passages, pairs)
	other := []float32{1, 0}
	assert.Equal(t, other, a.Apply(other))
}

func TestWhatIsNoAdapterIsRefused(t *testing.T) {
	passages, pairs, _ := world()
	file := string(adapter.Fit("e", passages, pairs).Write())
	for _, broken := range []string{"", "e\n", file[:len(file)-1], file + "x", "no name at all"} {
		_, err := adapter.Read(broken)
		assert.ErrorIs(t, err, adapter.ErrFile)
	}
}

func TestTheShippedAdapterIsForVectorsOfTheModelsLength(t *testing.T) {
	a, err := adapter.Guide()
	require.NoError(t, err)
	v := make([]float32, 384)
	v[0] = 1
	assert.NotEqual(t, v, a.Apply(v))
}
