package answer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/text"
)

func TestEachThingAskedIsReadByItselfWithWhatAsksNothing(t *testing.T) {
	rules, err := loadRules()
	require.NoError(t, err)
	n, err := text.New()
	require.NoError(t, err)
	r := &reader{rules: rules, text: n}
	for said, want := range map[string][]string{
		"大伯八十多了，能不能进光荣院，要不要钱的":    {"大伯八十多了，能不能进光荣院", "大伯八十多了，要不要钱的"},
		"伤残金该涨了吧？涨的部分一次发还是按月发":    {"伤残金该涨了吧？", "涨的部分一次发还是按月发"},
		"优待证丢了怎么补":                nil,
		"谁批？几天？多少钱？去哪办？带什么？找谁领？":  nil,
		"我爸是老兵。国家这些年政策好，我们一家都记着。": nil,
	} {
		assert.Equal(t, want, r.singly(said), said)
	}
}

func TestWhatIsAskedWithoutAWordOfQuestionIsSeen(t *testing.T) {
	for _, said := range []string{"这总能选吧", "发不发补助", "办没办下来", "给钱还是给房"} {
		assert.True(t, wantsYesOrNo(said), said)
	}
	for _, said := range []string{"不是我不想去", "没有人来过", "吧台的工作"} {
		assert.False(t, wantsYesOrNo(said), said)
	}
}
