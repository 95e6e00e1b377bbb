package embed

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnAskedVectorComesBesideThePlainOne(t *testing.T) {
	m := shippedModel(t)
	questions := []string{"我爹打过仗，有没有钱", textOf(t, m, 700)}
	want, err := m.EmbedQueries(t.Context(), questions)
	require.NoError(t, err)
	plain, asked, told, err := m.EmbedAsked(t.Context(), questions)
	require.NoError(t, err)
	require.Equal(t, want, plain)
	for i := range questions {
		require.InDelta(t, 1, dot(asked[i], asked[i]), 1e-5)
		require.Less(t, dot(asked[i], plain[i]), 0.99)
		require.Len(t, told[i], len(m.Tells()))
	}
	// One question alone is embedded on another way than several.
	_, alone, toldAlone, err := m.EmbedAsked(t.Context(), questions[:1])
	require.NoError(t, err)
	require.Equal(t, asked[0], alone[0])
	require.Equal(t, told[0], toldAlone[0])
}

func TestAModelThatWasTaughtNothingGivesNoAskedVectors(t *testing.T) {
	m, err := Open(shipped, "", "")
	require.NoError(t, err)
	plain, asked, told, err := m.EmbedAsked(t.Context(), []string{"优待证"})
	require.NoError(t, err)
	require.Len(t, plain[0], m.Dimensions())
	require.Equal(t, [][]float32{nil}, asked)
	require.Equal(t, [][]float32{nil}, told)
	require.Empty(t, m.Tells())
}

func TestWithoutAVX2OnlyAShortQuestionGetsAnAskedVector(t *testing.T) {
	m := plainModel(t)
	_, asked, told, err := m.EmbedAsked(t.Context(), []string{"优待证咋办", textOf(t, m, 30)})
	require.NoError(t, err)
	require.Nil(t, told[1])
	require.Len(t, asked[0], m.Dimensions())
	require.Nil(t, asked[1])
	_, fast, toldFast, err := shippedModel(t).EmbedAsked(t.Context(), []string{"优待证咋办"})
	require.NoError(t, err)
	require.Greater(t, dot(fast[0], asked[0]), 0.999)
	require.InDeltaSlice(t, toldFast[0], told[0], 0.1)
}

func TestWhatIsToldOfAMessageIsWhatItIs(t *testing.T) {
	m := shippedModel(t)
	questions := map[string]string{
		"question":  "七级伤残退伍回来，政府给不给安排工作",
		"directory": "县退役军人服务中心在哪条路上，几点上班",
		"own-file":  "我交上去的补证材料三个月没动静，帮我查查卡在哪了",
		"person":    "别跟我说这些了，给我接个人工",
		"crisis":    "活着没意思，药我都买好了",
		"everyday":  "红烧肉要炖多久才烂",
	}
	for kind, said := range questions {
		_, _, told, err := m.EmbedAsked(t.Context(), []string{said})
		require.NoError(t, err)
		kinds := told[0][:len(told[0])-1]
		require.Equal(t, kind, m.Tells()[slices.Index(kinds, slices.Max(kinds))], said)
	}
	require.Equal(t, "open", m.Tells()[len(m.Tells())-1])
}
