package embed

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnAskedVectorComesBesideThePlainOne(t *testing.T) {
	m := shippedModel(t)
	questions := []string{"我爹打过仗，有没有钱", textOf(t, m, 700)}
	want, err := m.EmbedQueries(t.Context(), questions)
	require.NoError(t, err)
	plain, asked, err := m.EmbedAsked(t.Context(), questions)
	require.NoError(t, err)
	require.Equal(t, want, plain)
	for i := range questions {
		require.InDelta(t, 1, dot(asked[i], asked[i]), 1e-5)
		require.Less(t, dot(asked[i], plain[i]), 0.99)
	}
	// One question alone is embedded on another way than several.
	_, alone, err := m.EmbedAsked(t.Context(), questions[:1])
	require.NoError(t, err)
	require.Equal(t, asked[0], alone[0])
}

func TestAModelThatWasTaughtNothingGivesNoAskedVectors(t *testing.T) {
	m, err := Open(shipped, "")
	require.NoError(t, err)
	plain, asked, err := m.EmbedAsked(t.Context(), []string{"优待证"})
	require.NoError(t, err)
	require.Len(t, plain[0], m.Dimensions())
	require.Equal(t, [][]float32{nil}, asked)
}

func TestWithoutAVX2OnlyAShortQuestionGetsAnAskedVector(t *testing.T) {
	m := plainModel(t)
	_, asked, err := m.EmbedAsked(t.Context(), []string{"优待证咋办", textOf(t, m, 30)})
	require.NoError(t, err)
	require.Len(t, asked[0], m.Dimensions())
	require.Nil(t, asked[1])
	_, fast, err := shippedModel(t).EmbedAsked(t.Context(), []string{"优待证咋办"})
	require.NoError(t, err)
	require.Greater(t, dot(fast[0], asked[0]), 0.999)
}
