package kinds_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer/kinds"
)

// taught is a model of three kinds from a few sentences, whose vectors point where the kind does.
func taught() *kinds.Model {
	vectors := map[string][]float32{
		"person": {1, 0.1, 0}, "question": {0, 1, 0.1}, "money": {0.1, 0, 1},
	}
	var samples []kinds.Sample
	for kind, sentences := range map[string][]string{
		"person":   {"转人工", "叫个人来", "我要和人说话"},
		"question": {"优待证怎么办", "退役金怎么算", "抚恤金谁发"},
		"money":    {"股票能不能买", "买哪只基金", "金价涨不涨"},
	} {
		for _, said := range sentences {
			samples = append(samples, kinds.Sample{Kind: kind, Folded: said, Vector: vectors[kind]})
		}
	}
	return kinds.Fit(samples, kinds.ForKinds)
}

func TestAFittedModelTellsItsKindsByWordsAndByMeaning(t *testing.T) {
	m := taught()
	require.Equal(t, []string{"money", "person", "question"}, m.Kinds)
	for said, kind := range map[string]string{
		"叫人来": "person", "优待证谁发": "question", "买股票": "money",
	} {
		assert.Equal(t, kind, m.Best(m.Shares(said, nil)), said)
	}
	assert.Equal(t, "person", m.Best(m.Shares("嘿", []float32{1, 0.1, 0})), "by meaning alone")
}

func TestSharesAddUpToOne(t *testing.T) {
	for _, vector := range [][]float32{nil, {1}, {0, 1, 0}} {
		sum := 0.0
		for _, share := range taught().Shares("优待证", vector) {
			assert.GreaterOrEqual(t, share, 0.0)
			sum += share
		}
		assert.InDelta(t, 1, sum, 1e-9)
	}
}

func TestAModelComesBackFromItsFileAlmostAsItWas(t *testing.T) {
	m := taught()
	read, err := kinds.Read(string(m.Write()))
	require.NoError(t, err)
	assert.Equal(t, m.Kinds, read.Kinds)
	want, got := m.Shares("退役金怎么办", nil), read.Shares("退役金怎么办", nil)
	assert.InDeltaSlice(t, want, got, 0.02)
}

func TestADamagedFileIsRefused(t *testing.T) {
	file := string(taught().Write())
	for name, damaged := range map[string]string{
		"empty": "", "no names": "\n\x00\x00", "cut": file[:len(file)-1], "longer": file + "x",
		"head alone": "a b\n",
	} {
		_, err := kinds.Read(damaged)
		require.ErrorIs(t, err, kinds.ErrFile, name)
	}
}

func TestAllThatLeadsToAPersonIsOneGroup(t *testing.T) {
	m := &kinds.Model{Kinds: []string{"care", "own-file", "question"}}
	assert.Equal(t, "own-file", m.Best([]float64{0.25, 0.3, 0.45}), "together they weigh more")
	assert.Equal(t, "question", m.Best([]float64{0.2, 0.2, 0.6}))
	assert.Equal(t, "decline", kinds.Group("medical"))
}
