package knowledge_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/knowledge"
)

func TestAnEntrysPassageHoldsAllItsPartsInOrder(t *testing.T) {
	cites := []knowledge.Citation{{Doc: "军人抚恤优待条例(2024)", Article: 31}}
	e := knowledge.Entry{
		ID: "allowance", Question: "伤残金多少？", Phrasings: []string{"残废金一年几多"},
		Short: "按等级定。", Who: "残疾军人。", Bring: []string{"身份证", "残疾军人证"},
		Limits: "标准由国家定。", Cites: cites, Region: "浙江省",
	}
	assert.Equal(t, knowledge.Passage{
		ID: "entry:allowance", Entry: "allowance", Title: "伤残金多少？",
		Text:      "按等级定。\n残疾军人。\n身份证、残疾军人证\n标准由国家定。",
		Phrasings: e.Phrasings, Cites: cites, Region: "浙江省",
	}, e.Passage())
}
