package handlers

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/bot"
)

func TestARepliesLabelsStandOutAndNumbersToCallCanBeTapped(t *testing.T) {
	got := textLines(bot.FromBot, "您好。\n\n去哪办：县服务中心。\n电话：0571-8765432，12345\n有危险请打110或120。\n发110元或120元。")
	assert.Equal(t, []textLine{
		{"", []textPart{{"您好。", ""}}},
		{"去哪办：", []textPart{{"县服务中心。", ""}}},
		{"电话：", []textPart{
			{"0571-8765432", "tel:0571-8765432"}, {"，", ""}, {"12345", "tel:12345"},
		}},
		{"", []textPart{
			{"有危险请打", ""}, {"110", "tel:110"}, {"或", ""}, {"120", "tel:120"}, {"。", ""},
		}},
		{"", []textPart{{"发110元或120元。", ""}}},
	}, got)
}

func TestPeoplesOwnWordsKeepTheirShape(t *testing.T) {
	got := textLines(bot.FromContact, "电话：12345\n请打110\n\n谢谢")
	assert.Equal(t, []textLine{
		{"", []textPart{{"电话：12345\n请打110", ""}}}, {"", []textPart{{"谢谢", ""}}},
	}, got)
}
