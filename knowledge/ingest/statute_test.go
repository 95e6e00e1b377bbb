package ingest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
)

const smallStatute = `# 试行办法

2020年1月2日 某市人民政府令第3号公布

第一章 总 则
第二章 附 则

## 第一章 总 则

第一条 为了测试，制定本办法。

第二条 本办法所称测试，包括：

（一）甲；

1．甲的一；

（二）乙。

第二条第一项的测试另行规定。

第二条之一 补充的一条。

## 第二章 附 则

- **第三条**　　本办法自2020年3月1日起施行。

附件：表格说明
第一行
`

// written puts a statute together again, as the fuzz test compares it with what was read.
func written(s statute) string {
	var b strings.Builder
	for _, l := range s.front {
		b.WriteString(l)
	}
	var before [4]string
	for i, c := range s.clauses {
		here := [4]string{c.Book, c.Part, c.Chapter, c.Section}
		for depth, h := range here {
			if h != before[depth] {
				b.WriteString(h)
				clear(before[depth:])
				before[depth] = h
			}
		}
		b.WriteString(c.Heading + s.labels[i] + c.Text)
		if c.Article == 0 && c.Heading+s.labels[i]+c.Text == "" { // stands for its heading alone: the next is another
			for depth := len(before) - 1; depth >= 0; depth-- {
				if before[depth] != "" {
					before[depth] = ""
					break
				}
			}
		}
	}
	return squeeze(b.String())
}

func TestAStatuteIsCutAtItsArticles(t *testing.T) {
	s, ok := parseStatute(readMarkdown(smallStatute).lines)
	require.True(t, ok)
	assert.Equal(t, []string{
		"试行办法", "2020年1月2日 某市人民政府令第3号公布", "第一章 总 则", "第二章 附 则",
	}, s.front)
	var names []string
	for _, c := range s.clauses {
		names = append(names, c.Name()+c.Heading+"|"+c.Chapter)
	}
	assert.Equal(t, []string{
		"第一条|第一章 总 则", "第二条|第一章 总 则", "第二条之一|第一章 总 则", "第三条|第二章 附 则",
		"附件：表格说明|",
	}, names)
	assert.Equal(t, []knowledge.Paragraph{
		{Text: "本办法所称测试，包括：", Items: []string{"（一）甲；\n1．甲的一；", "（二）乙。"}},
		{Text: "第二条第一项的测试另行规定。"},
	}, s.clauses[1].Paragraphs)
	assert.Equal(t, "第一行", s.clauses[4].Text)
}

func TestASentenceThatBeginsWithAnArticleItSpeaksOfIsNoArticle(t *testing.T) {
	for text, want := range map[string]int{
		"第一条为了测试。\n第二条本办法适用。":                  2,
		"第一条 为了测试。\n第二条 第一条所说的测试，免费。":          2,
		"第一条 为了测试。\n第三条规定的人员。\n第二条 完。":         2,
		"第一条 依照\n第五条 规定办理。\n第二条 完。":            2,
		"第一条 为了测试。\n第三条 中国公民适用。":               2,
		"第一条　为了测试。\n第 二 条　有空格。\n第３条　全角。":       3,
		"**第八条** 从八开始。\n第九条之一 补。\n第九条、第十条不适用。": 2,
	} {
		s, ok := parseStatute(readMarkdown(text).lines)
		require.True(t, ok, text)
		n := 0
		for _, c := range s.clauses {
			if c.Article > 0 {
				n++
			}
		}
		assert.Equal(t, want, n, text)
	}
}

func FuzzNoCharacterOfAStatuteIsLost(f *testing.F) {
	f.Add(smallStatute)
	f.Add("第一编 总则\n第一章 甲\n第二章 乙\n第一条 丙\n第三章 丁\n第一节 戊\n第四章 己\n附录\n第五章 庚")
	f.Add("第一条第二条\n第\n第零条 \n第九千九百九十九条之九十九【标题】 文\n附表1：\n第一分编 x\n一行")
	f.Add("第一编\n第二章\n第二章")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?") // what reads files hands on valid text only
		lines := plainLines(text)
		s, _ := parseStatute(lines)
		if got, want := written(s), squeeze(text); got != want {
			t.Errorf("read %q\nkept %q", want, got)
		}
	})
}
