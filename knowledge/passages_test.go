package knowledge_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/knowledge"
)

func TestALongArticleIsFoundWholeAndByItsParagraphs(t *testing.T) {
	lead := "有下列情形之一的，可以申请："
	first, second := "（一）"+strings.Repeat("甲", 60)+"；", "（二）"+strings.Repeat("乙", 60)+"。"
	d := knowledge.Document{
		Enactment: knowledge.Enactment{
			Key: "条例(2024)", Title: "条例", Region: "浙江省",
			Effective: day("2024-09-01"), Repealed: day("2030-01-01"),
		},
		Clauses: []knowledge.Clause{
			{Article: 21, Text: "短的一条。", Paragraphs: []knowledge.Paragraph{{Text: "短的一条。"}}},
			{
				Article: 22, Suffix: 1, Text: lead + "\n" + first + "\n" + second + "\n另一款。",
				Paragraphs: []knowledge.Paragraph{
					{Text: lead, Items: []string{first, second}}, {Text: "另一款。"},
				},
			},
		},
	}
	all := d.Passages(100)
	var ids, texts []string
	for _, p := range all {
		ids, texts = append(ids, p.ID), append(texts, p.Text)
	}
	assert.Equal(t, []string{
		"条例(2024)#21", "条例(2024)#22.1", "条例(2024)#22.1/1", "条例(2024)#22.1/2", "条例(2024)#22.1/3",
	}, ids)
	assert.Equal(t, []string{lead + "\n" + first, lead + "\n" + second, "另一款。"}, texts[2:])
	assert.Equal(t, knowledge.Passage{
		ID: "条例(2024)#22.1/3", Title: "《条例》第二十二条之一", Text: "另一款。",
		Cites:  []knowledge.Citation{{Doc: "条例(2024)", Article: 22}},
		Region: "浙江省", Effective: day("2024-09-01"), Repealed: day("2030-01-01"),
	}, all[4])
}

func TestAnArticleAmendedSinglyHasItsOldAndItsNewWords(t *testing.T) {
	d := text("条例", "条例", "2020-01-01")
	d.Clauses = []knowledge.Clause{{Article: 1, Text: "一。"}, {Article: 2, Chapter: "第一章", Text: "旧。"}}
	amended, err := d.Amend(day("2025-01-01"), knowledge.Clause{Article: 2, Text: "新。"})
	require.NoError(t, err)
	all := amended.Passages(knowledge.LongArticle)
	require.Len(t, all, 3)
	assert.Equal(t, "2025-01-01", all[1].Repealed.String())
	assert.Equal(t, "条例#2@2025-01-01", all[2].ID)
	assert.Equal(t, "2025-01-01", all[2].Effective.String())
	assert.Equal(t, "第一章", amended.Clauses[2].Chapter)
	assert.Len(t, d.Clauses, 2, "the document before is left alone")
	assert.True(t, d.Clauses[1].Repealed.IsZero())

	_, err = amended.Amend(day("2024-01-01"), knowledge.Clause{Article: 2, Text: "更旧。"})
	require.ErrorIs(t, err, knowledge.ErrInvalid)
	_, err = amended.Amend(day("2026-01-01"), knowledge.Clause{Article: 9, Text: "没有。"})
	require.ErrorIs(t, err, knowledge.ErrNotFound)
	found := knowledge.Review([]knowledge.Document{amended}, day("2024-12-20"), 30)
	require.Len(t, found, 1)
	assert.Equal(t, "第二条的新条文2025年1月1日起施行。", found[0].Why)
}

func TestPassagesHaveTheirOwnNamesAndLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := text("条例", "条例", "2020-01-01")
		for range rapid.IntRange(1, 5).Draw(t, "clauses") {
			var c knowledge.Clause
			c.Article = rapid.IntRange(0, 3).Draw(t, "article")
			for range rapid.IntRange(1, 4).Draw(t, "paragraphs") {
				p := knowledge.Paragraph{Text: rapid.StringMatching(`[甲乙。；]{0,40}`).Draw(t, "text")}
				p.Items = rapid.SliceOfN(rapid.StringMatching(`（一）[丙丁。]{1,30}`), 0, 4).Draw(t, "items")
				c.Paragraphs = append(c.Paragraphs, p)
				c.Text += p.Text + strings.Join(p.Items, "\n") + "\n"
			}
			d.Clauses = append(d.Clauses, c)
		}
		ids := make(map[string]bool)
		var written strings.Builder
		for _, p := range d.Passages(10) {
			assert.False(t, ids[p.ID], p.ID)
			ids[p.ID] = true
			written.WriteString(p.Text)
		}
		for _, c := range d.Clauses {
			for _, r := range c.Text {
				assert.True(t, r == '\n' || strings.ContainsRune(written.String(), r), "lost %q", r)
			}
		}
	})
}

func TestNumbersOfArticlesAreReadAsTheyAreWritten(t *testing.T) {
	for n := 1; n <= 9999; n++ {
		name := knowledge.ArticleName(n)
		got, ok := knowledge.ArticleNumber(strings.TrimSuffix(strings.TrimPrefix(name, "第"), "条"))
		require.True(t, ok && got == n, name)
	}
	for written, want := range map[string]int{
		"二〇": 20, "一○五": 105, "22": 22, "百": 100,
		"0": 0, "十万": 0, "": 0,
	} {
		got, ok := knowledge.ArticleNumber(written)
		assert.Equal(t, want > 0, ok, written)
		if ok {
			assert.Equal(t, want, got, written)
		}
	}
}
