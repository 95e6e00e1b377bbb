package handlers_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
)

// uploads sends files, given as name and content in turn.
func (b *browser) uploads(accept string, files ...string) answer {
	b.t.Helper()
	return b.uploadsFor("", accept, files...)
}

// uploadsFor also says for which region they are that name none.
func (b *browser) uploadsFor(region, accept string, files ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	require.NoError(b.t, w.WriteField("region", region))
	for i := 0; i+1 < len(files); i += 2 {
		part, err := w.CreateFormFile("files", files[i])
		require.NoError(b.t, err)
		_, err = part.Write([]byte(files[i+1]))
		require.NoError(b.t, err)
	}
	require.NoError(b.t, w.Close())
	return b.do(http.MethodPost, "/desk/knowledge/import", w.FormDataContentType(), body.String(),
		"Accept", accept)
}

const noticeAddress = "/desk/knowledge/document?key="

func TestFilesComeInAsDraftsForASecondPerson(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	a := wang.uploads("text/html",
		"某办法.txt", "某办法\n第一条的话。", "坏<b>.pdf", "damaged", `C:\文件夹\..\另一份.txt`, "另一份通知\n话。")
	require.Equal(t, http.StatusOK, a.StatusCode, a.body)
	assert.Contains(t, a.body, "读出 1 条，已存为草稿")
	assert.Contains(t, a.body, "没有写明从哪一天起施行")
	assert.Contains(t, a.body, "文件的内容看不懂，可能损坏。")
	assert.Contains(t, a.body, "坏&lt;b&gt;.pdf")
	drafts, err := r.store.Revisions(t.Context(), knowledge.RevisionFilter{State: "draft"})
	require.NoError(t, err)
	require.Len(t, drafts, 2)
	assert.Equal(t, "另一份", drafts[0].Key)
	assert.Equal(t, "从文件导入：某办法.txt", drafts[1].Note)
	assert.Equal(t, "王芳", drafts[1].Author)
	assert.Empty(t, r.edition().Documents)

	address := "/desk/knowledge/revisions/" + itoa(drafts[1].ID)
	assert.Contains(t, li.get(address).body, "<ins>第一条的话。</ins>")
	require.Equal(t, http.StatusSeeOther, li.form(address+"/approve", nil).StatusCode)
	require.Len(t, r.edition().Documents, 1)
	again := wang.uploads("application/json", "某办法.txt", "某办法\n第一条的话。")
	var told struct {
		Files []struct{ Outcome, Words string }
	}
	require.NoError(t, json.Unmarshal([]byte(again.body), &told), again.body)
	assert.Equal(t, "unchanged", told.Files[0].Outcome)
	changed := wang.uploads("application/json", "某办法.txt", "某办法\n第一条的新话。")
	assert.Contains(t, changed.body, `"outcome":"draft"`)
	page := li.get(noticeAddress + url.QueryEscape("某办法"))
	assert.Contains(t, page.body, "有草稿待批")
}

func TestTheRegionGivenWithFilesIsThatOfThoseThatNameNone(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	a := wang.uploadsFor(" 样例省/样例市 ", "text/html", "某办法.txt", "某办法\n第一条的话。", "另一份.txt", "另一份\n话。")
	require.Equal(t, http.StatusOK, a.StatusCode, a.body)
	drafts, err := r.store.Revisions(t.Context(), knowledge.RevisionFilter{State: "draft"})
	require.NoError(t, err)
	require.Len(t, drafts, 2)
	for _, d := range drafts {
		kept, err := r.store.Revision(t.Context(), d.ID)
		require.NoError(t, err)
		assert.Equal(t, knowledge.Region("样例省/样例市"), kept.Document.Region)
	}
}

func TestWhatIsTooMuchIsRefusedInWords(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	none := wang.uploads("text/html")
	assert.Equal(t, http.StatusBadRequest, none.StatusCode)
	assert.Contains(t, none.body, "请先选择要导入的文件")
	large := wang.uploads("application/json", "大.txt", strings.Repeat("字", 7<<20), "小.txt", "小文件\n话。")
	require.Equal(t, http.StatusOK, large.StatusCode)
	assert.Contains(t, large.body, "文件超过 20 MB")
	assert.Contains(t, large.body, "读出 1 条", "the others go on")
	many := make([]string, 0, 102)
	for i := range 51 {
		many = append(many, itoa(int64(i))+".txt", "damaged")
	}
	a := wang.uploads("text/html", many...)
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.StatusCode)
	assert.Contains(t, a.body, "一次上传得太多了")
	assert.Contains(t, a.body, "49.txt", "what was taken in before is told")
	plain := wang.form("/desk/knowledge/import", url.Values{"files": {"x"}})
	assert.Equal(t, http.StatusBadRequest, plain.StatusCode)
}

func TestADocumentsMetadataIsSettledByTwo(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	doc := notice("某办法", "某办法", "第一条的话。")
	doc.Unsure = append(doc.Unsure, knowledge.Doubt{Field: "issuer", Why: "没有写明由谁发布。"})
	_, err := r.store.Import(t.Context(), doc, "某办法.txt")
	require.NoError(t, err)
	address := noticeAddress + url.QueryEscape("某办法")
	page := wang.get(address)
	for _, said := range []string{
		"没有写明从哪一天起施行", "没有写明由谁发布", "第一条的话。", "命令行导入", "今天怎么算", "施行日期",
	} {
		assert.Contains(t, page.body, said)
	}
	assert.Contains(t, wang.get("/desk/knowledge?state=undated").body, "某办法")
	review := wang.get("/desk/knowledge/review").body
	assert.Contains(t, review, "没有任何日期")
	assert.Contains(t, review, "没有写明由谁发布")

	for want, wrong := range map[string][2]string{
		"国家级的文件适用全国": {"region", "浙江省"}, "失效日期应晚于施行日期": {"repealed", "2000-01-01"},
		"没有登记，也没有导入": {"replaces", "没有这份"}, "级别只能是": {"level", "村"}, "不能空着": {"title", ""},
	} {
		a := wang.edits(address, wrong[0], wrong[1], "effective", "2020-05-01")
		assert.Equal(t, http.StatusBadRequest, a.StatusCode, want)
		assert.Contains(t, a.body, want)
		assert.Equal(t, "2020-05-01", formOf(t, a.body).Get("effective"))
	}
	draft := drafted(t, wang.edits(address, "effective", "2020-05-01", "number", "某发〔2020〕1号",
		"level", "市", "region", "浙江省/杭州市", "replaces", oldRule, "confirmed", "issuer"))
	assert.Contains(t, li.get(draft).body, "某发〔2020〕1号")
	require.Equal(t, http.StatusSeeOther, li.form(draft+"/approve", nil).StatusCode)
	now := r.edition().Documents[0]
	assert.Equal(t, knowledge.Date{Year: 2020, Month: 5, Day: 1}, now.Effective)
	assert.Equal(t, knowledge.Region("浙江省/杭州市"), now.Region)
	assert.Equal(t, knowledge.LevelCity, now.Level)
	assert.Equal(t, []string{oldRule}, now.Replaces)
	assert.Empty(t, now.Unsure)
	assert.ElementsMatch(t,
		[]string{"effective", "number", "level", "region", "replaces", "issuer"}, now.Given)
	assert.Equal(t, doc.Clauses, now.Clauses)
	assert.NotContains(t, wang.get("/desk/knowledge?state=undated").body, "某办法")
}

func TestADirectoryIsShownAsContactsReadIt(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	row := func(number int, cells map[string]string) knowledge.Row {
		cells["类别"], cells["地区"] = "服务站", "浙江省/杭州市/西湖区"
		return knowledge.Row{Sheet: "表1", Number: number, Cells: cells}
	}
	doc := knowledge.Document{
		Enactment: knowledge.Enactment{Key: "机构", Title: "西湖区名录"},
		Rows:      []knowledge.Row{row(2, map[string]string{"名称": "北山站", "电话": "85110000"})},
		Unsure:    []knowledge.Doubt{{Field: "rows", Why: "表“表1”第3行：没有写名称，这一行没有用。"}},
		Hash:      "1",
	}
	_, err := r.store.Import(t.Context(), doc, "机构.xlsx")
	require.NoError(t, err)
	page := wang.get(noticeAddress + url.QueryEscape("机构")).body
	for _, said := range []string{
		"北山站（服务站）", "电话：85110000", "来源：西湖区名录", "这份名录", "表“表1”第3行：没有写名称",
	} {
		assert.Contains(t, page, said)
	}
	assert.NotContains(t, wang.get("/desk/knowledge?state=undated").body, "西湖区名录")
	assert.NotContains(t, wang.get("/desk/knowledge/review").body, "没有任何日期")

	doc.Rows = append(doc.Rows, row(3, map[string]string{"名称": "翠苑站"}))
	doc.Hash = "2"
	saved, err := r.store.SaveDraft(t.Context(), knowledge.Draft{
		Kind: knowledge.ItemDocument, Key: doc.Key, Author: "王芳", Document: &doc,
	})
	require.NoError(t, err)
	changes := wang.get("/desk/knowledge/revisions/" + itoa(saved.ID)).body
	assert.Contains(t, changes, "翠苑站（服务站）")
	assert.NotContains(t, changes, "北山站（服务站）")
	assert.Contains(t, wang.get("/desk/knowledge/import").body, ".csv")
}
