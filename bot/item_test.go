package bot

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	aPlace = Item{Place: &Location{Latitude: 30.25, Longitude: 120.15, Name: "服务中心", Address: "样张路18号"}}
	aPage  = Item{Page: &WebPage{Title: "《条例》", URL: "https://a.cn/"}}
	aMini  = Item{Mini: &MiniProgram{AppID: "wx1", Path: "i.html", Title: "办事大厅"}}
)

func TestItemsBecomeMessagesOfTheirOwnBehindTheMenu(t *testing.T) {
	l := Limits{Text: 200, Head: 100, Choice: 30, Choices: 10, Items: 2}
	choices := []Choice{{ID: "1", Text: "转人工"}}
	parts := l.Parts(Reply{Text: "在这里。", Choices: choices, Items: []Item{aPlace, aPage}})
	require.Len(t, parts, 3)
	assert.Equal(t, choices, parts[0].Choices)
	assert.Equal(t, Reply{Text: "〔位置〕服务中心\n样张路18号", Items: []Item{aPlace}}, parts[1])
	assert.Equal(t, Reply{Text: "《条例》\nhttps://a.cn/", Items: []Item{aPage}}, parts[2])
}

func TestItemsForWhichThereIsNoRoomOrNoFormAreWritten(t *testing.T) {
	l := Limits{Text: 200, Head: 100, Choice: 30, Choices: 10}
	for name, room := range map[string]int{"no form": MaxParts, "no room": 1} {
		limits := l
		if name == "no room" {
			limits.Items = 2
		}
		parts := limits.Parts(Reply{Text: "在这里。", Items: []Item{aPlace, aPage, aMini}, Room: room})
		require.Len(t, parts, 1, name)
		assert.Equal(t, "在这里。\n《条例》\nhttps://a.cn/\n〔小程序〕办事大厅", parts[0].Text,
			"%s: a place stands in the words already", name)
		assert.Empty(t, parts[0].Items)
	}
	long := l.Parts(Reply{Text: strings.Repeat("在", 66), Items: []Item{aPage}})
	require.Len(t, long, 1)
	assert.LessOrEqual(t, len(long[0].Text), 200, "no text grows beyond what the platform takes")
}

func TestTheMapOpensAtThePlace(t *testing.T) {
	assert.Equal(t, "https://apis.map.qq.com/uri/v1/marker?marker=coord%3A30.250000%2C120.150000%3B"+
		"title%3A%E6%9C%8D%E5%8A%A1%E4%B8%AD%E5%BF%83%3Baddr%3A%E6%A0%B7%E5%BC%A0%E8%B7%AF18%E5%8F%B7"+
		"&referer=rongjun", aPlace.Place.MapLink())
}
