package ingest_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"rongjun/knowledge"
	"rongjun/knowledge/ingest"
)

// reader makes a reader that is closed after the test.
// unhurried is one reader for all tests that set nothing: starting the thorough reader of PDFs takes
// seconds, on a busy machine more than a file may.
var unhurried = sync.OnceValue(func() *ingest.Reader {
	return ingest.New(ingest.Options{Timeout: 10 * time.Minute})
})

func reader(t testing.TB, opts ingest.Options) *ingest.Reader {
	t.Helper()
	if opts == (ingest.Options{}) {
		return unhurried()
	}
	r := ingest.New(opts)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func read(t testing.TB, name string, data []byte, opts ingest.Options) (knowledge.Document, error) {
	t.Helper()
	fsys := fstest.MapFS{name: {Data: data}}
	return reader(t, opts).File(context.Background(), fsys, name)
}

// forms is the small law in every format.
func forms(t testing.TB) map[string][]byte {
	t.Helper()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(strings.Join(smallLaw, "\r\n"))
	require.NoError(t, err)
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().
		String(strings.Join(smallLaw, "\n"))
	require.NoError(t, err)
	return map[string][]byte{
		"law.md":       []byte("# " + strings.Join(smallLaw, "\n\n")),
		"law.txt":      []byte("\ufeff" + strings.Join(smallLaw, "\n")),
		"wrapped.txt":  []byte(strings.Join(rows(smallLaw, 28), "\n")),
		"gbk.txt":      []byte(gbk),
		"utf16.txt":    []byte(wide),
		"law.docx":     docx(t, wordParagraphs(smallLaw)),
		"law.pdf":      pdfPages(t, rows(smallLaw, 30), "UniGB-UCS2-H"),
		"misnamed.txt": docx(t, wordParagraphs(smallLaw)),
		"law.html": []byte(`<html><head><title>` + smallLaw[0] + `_海滨市人民政府</title></head><body>` +
			`<div class="nav"><a href="/">首页</a><a href="/x">公开</a></div><div id="content"><p>` +
			strings.Join(smallLaw[1:], "</p><p>") + `</p></div>` +
			`<div class="footer">版权所有</div></body></html>`),
	}
}

func TestOneTextIsTheSameInEveryFormat(t *testing.T) {
	want, err := read(t, "law.md", forms(t)["law.md"], ingest.Options{})
	require.NoError(t, err)
	require.Len(t, want.Clauses, 5)
	for name, data := range forms(t) {
		t.Run(name, func(t *testing.T) {
			d, err := read(t, name, data, ingest.Options{})
			require.NoError(t, err)
			assert.Equal(t, want.Hash, d.Hash, "%+v", d)
			assert.Equal(t, want.Clauses, d.Clauses)
			assert.Equal(t, want.Unsure, d.Unsure)
			assert.Equal(t, want.Effective, d.Effective)
		})
	}
}

func TestATextSaysWhatItIs(t *testing.T) {
	d, err := read(t, "law.md", forms(t)["law.md"], ingest.Options{Region: "东海省/海滨市"})
	require.NoError(t, err)
	assert.Equal(t, knowledge.Enactment{
		Key: "law", Title: "海滨市退役军人图书借阅试行办法", Issuer: "海滨市人民政府",
		Level: knowledge.LevelCity, Region: "东海省/海滨市",
		Published: knowledge.Date{Year: 2024, Month: 5, Day: 6},
		Effective: knowledge.Date{Year: 2024, Month: 7, Day: 1},
	}, d.Enactment)
	assert.Equal(t, "海滨市人民政府令第12号", d.Number)
	assert.Equal(t, []knowledge.Reference{{
		Title: "海滨市军人图书借阅规定", Issued: knowledge.Date{Year: 2015, Month: 3, Day: 2},
	}}, d.Repeals)
	assert.Empty(t, d.Unsure)
	assert.Equal(t, []knowledge.Paragraph{
		{Text: "退役军人凭下列证件之一办理借阅证：", Items: []string{"（一）退役军人优待证；", "（二）退出现役证件和居民身份证。"}},
		{Text: smallLaw[9]},
	}, d.Clauses[2].Paragraphs)
	assert.Equal(t, "第二章 借阅", d.Clauses[2].Chapter)

	alone, err := read(t, "law.md", forms(t)["law.md"], ingest.Options{})
	require.NoError(t, err)
	assert.Equal(t, knowledge.Region("海滨市"), alone.Region, "not the whole country")
	require.Len(t, alone.Unsure, 1)
	assert.Equal(t, "region", alone.Unsure[0].Field)
}

func TestAPDFThatOnlyTheThoroughReaderUnderstands(t *testing.T) {
	if testing.Short() {
		t.Skip("starting the thorough reader takes seconds")
	}
	d, err := read(t, "law.pdf", pdfPages(t, rows(smallLaw, 29), "GBK-EUC-H"), ingest.Options{})
	require.NoError(t, err)
	require.Len(t, d.Clauses, 5)
	assert.Equal(t, smallLaw[0], d.Title)
	assert.Equal(t, strings.TrimPrefix(smallLaw[4], "第二条 "), d.Clauses[1].Text)
	assert.Equal(t, "第二章 借阅", d.Clauses[2].Chapter)
}

func TestANoticeIsCutAtItsHeadings(t *testing.T) {
	d, err := read(t, "notice.txt", []byte(`海滨市退役军人事务局关于做好读书活动的通知
海退役军人发〔2024〕15号
各区退役军人事务局：
为了做好读书活动，现将有关事项通知如下：
一、活动对象。在本市居住的退役军人。
二、报名办法
（一）到居住地的社区报名；
（二）打电话报名。
附件：报名表
海滨市退役军人事务局
2024年3月1日
`), ingest.Options{Region: "东海省/海滨市"})
	require.NoError(t, err)
	assert.Equal(t, "海滨市退役军人事务局关于做好读书活动的通知", d.Title)
	assert.Equal(t, "海退役军人发〔2024〕15号", d.Number)
	assert.Equal(t, "海滨市退役军人事务局", d.Issuer)
	assert.Equal(t, "2024-03-01", d.Published.String())
	assert.Equal(t, knowledge.Region("东海省/海滨市"), d.Region)
	var parts []string
	for _, c := range d.Clauses {
		parts = append(parts, c.Heading+"|"+c.Text)
	}
	assert.Equal(t, []string{
		"|各区退役军人事务局：\n为了做好读书活动，现将有关事项通知如下：",
		"一、活动对象。|在本市居住的退役军人。",
		"二、报名办法|（一）到居住地的社区报名；\n（二）打电话报名。",
		"附件：报名表|海滨市退役军人事务局\n2024年3月1日",
	}, parts)
	require.Len(t, d.Unsure, 1)
	assert.Equal(t, "effective", d.Unsure[0].Field)
}

func TestARowOfASheetSaysWhatItsColumnsAre(t *testing.T) {
	book := excelize.NewFile()
	require.NoError(t, book.SetSheetName("Sheet1", "标准"))
	for cell, value := range map[string]any{
		"A1": "海滨市优待金标准", "A2": "类别", "B2": "每年（元）", "A3": "甲类", "B3": 1200, "A4": "乙类", "B4": 800,
	} {
		require.NoError(t, book.SetCellValue("标准", cell, value))
	}
	data, err := book.WriteToBuffer()
	require.NoError(t, err)
	d, err := read(t, "standard(2024).xlsx", data.Bytes(), ingest.Options{})
	require.NoError(t, err)
	assert.Equal(t, "海滨市优待金标准", d.Title)
	require.Len(t, d.Clauses, 1)
	assert.Equal(t, "标准", d.Clauses[0].Heading)
	assert.Equal(t, "类别：甲类；每年（元）：1200\n类别：乙类；每年（元）：800", d.Clauses[0].Text)
}

func TestTablesAndHeadingsOfAWordFile(t *testing.T) {
	cell := func(s string) string { return "<w:tc>" + wordParagraphs([]string{s}) + "</w:tc>" }
	body := `<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>活动安排</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:pStyle w:val="2"/></w:pPr><w:r><w:t>时间地点</w:t></w:r></w:p>` +
		`<w:tbl><w:tr>` + cell("时间") + cell("地点") + `</w:tr>` +
		`<w:tr>` + cell("周一") + cell("礼堂") + `</w:tr></w:tbl>` +
		`<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>自带水杯。</w:t></w:r>` +
		`<w:del><w:r><w:t>删去的话</w:t></w:r></w:del></w:p>`
	d, err := read(t, "plan.docx", docx(t, body), ingest.Options{})
	require.NoError(t, err)
	assert.Equal(t, "活动安排", d.Title)
	require.Len(t, d.Clauses, 1)
	assert.Equal(t, "时间地点", d.Clauses[0].Heading)
	assert.Equal(t, "时间 | 地点\n周一 | 礼堂\n自带水杯。", d.Clauses[0].Text)
	assert.Contains(t, d.Unsure, knowledge.Doubt{
		Field: "articles", Why: "文档用了自动编号，编号不在文字里，请核对条款号。",
	})
}

func TestWhatAPersonStatesBesideTheFileWins(t *testing.T) {
	fsys := fstest.MapFS{
		"law.txt": {Data: []byte(strings.Join(smallLaw, "\n"))},
		"law.txt.meta.yaml": {Data: []byte(`
title: 海滨市退役军人借书办法
region: 东海省/海滨市
effective: 2024-08-01
replaces: [旧办法]
amended:
  - {article: 第四条, from: 2025-01-01, text: "每次可以借阅图书二十册。"}
`)},
	}
	d, err := reader(t, ingest.Options{}).File(context.Background(), fsys, "law.txt")
	require.NoError(t, err)
	assert.Equal(t, "海滨市退役军人借书办法", d.Title)
	assert.Equal(t, "2024-08-01", d.Effective.String())
	assert.Equal(t, []string{"旧办法"}, d.Replaces)
	assert.Equal(t, []string{"title", "region", "effective", "replaces"}, d.Given)
	assert.Empty(t, d.Unsure, "what was stated is not doubted")
	require.Len(t, d.Clauses, 6)
	assert.Equal(t, "2025-01-01", d.Clauses[3].Repealed.String())
	assert.Equal(t, "每次可以借阅图书二十册。", d.Clauses[4].Text)
}

func TestAFolderIsReadUpperFilesFirstAndBadFilesDoNotStopIt(t *testing.T) {
	fsys := fstest.MapFS{
		"a/law.txt":          {Data: forms(t)["law.txt"]},
		"law(2024).md":       {Data: forms(t)["law.md"]},
		"empty.md":           {Data: []byte(" \n")},
		"README.md":          {Data: []byte("x")},
		".git/config.md":     {Data: []byte("x")},
		"empty.md.meta.yaml": {Data: []byte("title: x")},
	}
	var seen []string
	var docs []knowledge.Document
	r := reader(t, ingest.Options{})
	err := r.Walk(context.Background(), fsys, ".", func(r ingest.Result) error {
		seen = append(seen, r.Path)
		assert.Equal(t, 3, r.Total)
		assert.Equal(t, len(seen), r.Done)
		if r.Fault != nil {
			assert.Equal(t, "empty.md", r.Path)
			assert.Equal(t, ingest.Empty, r.Fault.Kind)
			return nil
		}
		docs = append(docs, r.Document)
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"empty.md", "law(2024).md", "a/law.txt"}, seen)
	merged := knowledge.Merge(docs)
	require.Len(t, merged, 1)
	assert.Equal(t, []string{"law"}, merged[0].Aliases)
}
