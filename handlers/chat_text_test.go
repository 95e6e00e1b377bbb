package handlers

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/bot"
)

func TestARepliesLabelsStandOutAndNumbersToCallCanBeTapped(t *testing.T) {
	got := textLines(bot.FromBot, "您好。\n\n去哪办：县服务中心。\n电话：0571-8765432，12345\n有危险请打110或120。\n发110元或120元。")
	assert.Equal(t, []textLine{
		{"", []textPart{{"您好。", ""}}, nil},
		{"去哪办：", []textPart{{"县服务中心。", ""}}, nil},
		{"电话：", []textPart{
			{"0571-8765432", "tel:0571-8765432"}, {"，", ""}, {"12345", "tel:12345"},
		}, nil},
		{"", []textPart{
			{"有危险请打", ""}, {"110", "tel:110"}, {"或", ""}, {"120", "tel:120"}, {"。", ""},
		}, nil},
		{"", []textPart{{"发110元或120元。", ""}}, nil},
	}, got)
}

func TestPeoplesOwnWordsKeepTheirShape(t *testing.T) {
	got := textLines(bot.FromContact, "电话：12345\n请打110\n\n谢谢")
	assert.Equal(t, []textLine{
		{"", []textPart{{"电话：12345\n请打110", ""}}, nil}, {"", []textPart{{"谢谢", ""}}, nil},
	}, got)
}

func TestPapersToBringAreListedWhereTheLineNamesNothingElse(t *testing.T) {
	for text, want := range map[string][]string{
		"要带：退役证、身份证、本人银行卡。":   {"退役证", "身份证", "本人银行卡"},
		"要带：身份证、证明（烈士证、因公证等）": {"身份证", "证明（烈士证、因公证等）"},
		"要带：身份证。":             nil,
		"要带：身份证、退役证。丢了的先去补办。": nil,
		"去哪办：县服务中心、乡镇服务站。":    nil,
	} {
		lines := textLines(bot.FromBot, text)
		assert.Equal(t, want, lines[0].Items, text)
	}
}
