package answer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer/kinds"
	"rongjun/knowledge"
	"rongjun/knowledge/figure"
)

func TestOurOwnWordsHoldNoFiguresButTheNumbersForHelp(t *testing.T) {
	w, err := loadWords()
	require.NoError(t, err)
	for name, text := range w {
		assert.Empty(t, figure.Missing(text, "110 120 12356"), name)
	}
}

func TestEveryKindThatIsNotOursHasItsWords(t *testing.T) {
	w, err := loadWords()
	require.NoError(t, err)
	m, err := kinds.Load()
	require.NoError(t, err)
	for _, kind := range m.Kinds {
		if kinds.Group(kind) == "decline" {
			assert.NotEmpty(t, w[kind], kind)
		}
	}
}

func TestAPlaceIsReadFromItsNames(t *testing.T) {
	p, err := loadPlaces()
	require.NoError(t, err)
	for text, want := range map[string]knowledge.Region{
		"我在杭州":       "浙江省/杭州市",
		"浙江这边怎么发":    "浙江省",
		"浙江温州的":      "浙江省/温州市",
		"内蒙古包头":      "内蒙古自治区/包头市",
		"我是吉林的":      "吉林省",
		"吉林市怎么走":     "吉林省/吉林市",
		"重庆人":        "重庆市",
		"从成都搬到西安怎么转": "",
		"优待证怎么办":     "",
	} {
		got, _ := p.find(text)
		assert.Equal(t, want, got, text)
	}
}

func TestAStarStandsForAFewCharactersOfTheSentence(t *testing.T) {
	p, err := compile("(查|看)*抚恤金")
	require.NoError(t, err)
	assert.True(t, p.MatchString("查一下我的抚恤金"))
	assert.False(t, p.MatchString("查档案。抚恤金多少"))
	_, err = parseSections("x", "text before a section")
	assert.Error(t, err)
}
