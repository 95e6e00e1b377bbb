package handlers_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/staff"
	"rongjun/knowledge"
)

// editors are two members who may edit, signed in.
func editors(r *rig) (wang, li *browser) {
	r.addStaff("王芳", staff.Editor)
	r.addStaff("李敏", staff.Administrator)
	wang, li = r.browser(), r.browser()
	wang.signIn("王芳")
	li.signIn("李敏")
	return wang, li
}

var (
	inputs    = regexp.MustCompile(`<input [^>]*name="([a-z_]+)"[^>]*value="([^"]*)"`)
	textareas = regexp.MustCompile(`(?s)<textarea [^>]*name="([a-z_]+)"[^>]*>\n?(.*?)</textarea>`)
	chosen    = regexp.MustCompile(`(?s)<select [^>]*name="([a-z_]+)".*?value="([^"]*)" selected`)
)

// formOf is what a browser without scripts would send of the form that saves a draft.
func formOf(t testing.TB, page string) url.Values {
	t.Helper()
	_, page, ok := strings.Cut(page, `data-keep`)
	require.True(t, ok, "no form to save")
	page, _, _ = strings.Cut(page, "</form>")
	form := url.Values{}
	for _, kind := range []*regexp.Regexp{inputs, textareas, chosen} {
		for _, m := range kind.FindAllStringSubmatch(page, -1) {
			if m[1] != "confirmed" {
				form.Set(m[1], html.UnescapeString(m[2]))
			}
		}
	}
	return form
}

// edits changes fields of an item's form and sends it.
func (b *browser) edits(path string, fields ...string) answer {
	b.t.Helper()
	page := b.get(path)
	require.Equal(b.t, http.StatusOK, page.StatusCode, page.body)
	form := formOf(b.t, page.body)
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.form(path, form)
}

// drafted expects a draft to be saved and returns the address of its revision.
func drafted(t testing.TB, a answer) string {
	t.Helper()
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.body)
	path, found := strings.CutSuffix(a.Header.Get("Location"), "?done=saved")
	require.True(t, found)
	return path
}

const lumpSum = "/desk/knowledge/entry?id=lump-sum"

func TestWhatOneWritesAnotherPublishes(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	draft := drafted(t, wang.edits(lumpSum, "short", "由部队在离队时发给。", "why", "说得更短"))

	own := wang.get(draft)
	assert.Contains(t, own.body, "另一位")
	assert.NotContains(t, own.body, "批准并发布")
	refused := wang.form(draft+"/approve", nil)
	assert.Equal(t, http.StatusForbidden, refused.StatusCode)
	assert.Contains(t, refused.body, "自己写的草稿要由另一位同事批准")
	assert.Equal(t, shipped()[0].Short, r.edition().Entries[0].Short)

	seen := li.get(draft)
	assert.Contains(t, seen.body, "<ins>")
	assert.Contains(t, seen.body, "说得更短")
	assert.Contains(t, li.get("/desk/knowledge/drafts").body, draft)
	done := li.form(draft+"/approve", nil)
	require.Equal(t, http.StatusSeeOther, done.StatusCode, done.body)
	assert.Equal(t, "由部队在离队时发给。", r.edition().Entries[0].Short)
	page := li.get(done.Header.Get("Location"))
	assert.Contains(t, page.body, "已发布")
	assert.Contains(t, page.body, "本单位发布")
	again := li.form(draft+"/approve", nil)
	assert.Equal(t, http.StatusConflict, again.StatusCode)
	assert.Contains(t, again.body, "已经有人处理过了")
}

func TestWhyADocumentWasChangedIsNotTakenForItsRemark(t *testing.T) {
	r := newRig(t)
	_, li := editors(r)
	_, err := r.store.Import(t.Context(), notice("某办法", "某办法", "第一条的话。"), "某办法.txt")
	require.NoError(t, err)
	address := noticeAddress + url.QueryEscape("某办法")
	draft := drafted(t, li.edits(address, "note", "只给办事员看", "why", "补一条备注"))
	saved := li.get(draft)
	assert.Contains(t, saved.body, `<p class="info">补一条备注</p>`)
	assert.Contains(t, saved.body, "<ins>只给办事员看</ins>")
}

func TestEverythingOfAnEntryComesThroughTheForm(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	fields := map[string]string{
		"topic": "主题", "question": "问<题>？", "phrasings": "一\n\n 二 \r\n三", "short": "短", "details": "详\n情",
		"who": "谁", "how_much": "多少", "bring": "甲\n乙", "where": "哪", "when": "何时", "appeal": "复议",
		"limits": "省定", "cites": placement + "#22\n" + oldRule, "related": "card",
		"region": "浙江省/杭州市", "review": "2028-01-31", "id": "new-one",
	}
	form := formOf(t, wang.get("/desk/knowledge/entry").body)
	for name, value := range fields {
		form.Set(name, value)
	}
	draft := drafted(t, wang.form("/desk/knowledge/entry", form))
	require.Equal(t, http.StatusSeeOther, li.form(draft+"/approve", nil).StatusCode)
	entries := r.edition().Entries
	assert.Equal(t, knowledge.Entry{
		ID: "new-one", Topic: "主题", Question: "问<题>？", Phrasings: []string{"一", "二", "三"},
		Short: "短", Details: "详\n情", Who: "谁", HowMuch: "多少", Bring: []string{"甲", "乙"},
		Where: "哪", When: "何时", Appeal: "复议", Limits: "省定",
		Cites:   []knowledge.Citation{{Doc: placement, Article: 22}, {Doc: oldRule}},
		Related: []string{"card"}, Region: "浙江省/杭州市",
		Review: knowledge.Date{Year: 2028, Month: 1, Day: 31},
	}, entries[len(entries)-1])
	page := li.get("/desk/knowledge/entry?id=new-one").body
	assert.Contains(t, page, "问&lt;题&gt;？")
	assert.NotContains(t, page, "问<题>")
	taken := wang.form("/desk/knowledge/entry", form)
	assert.Equal(t, http.StatusBadRequest, taken.StatusCode)
	assert.Contains(t, taken.body, "已经有条目用了")
}

func TestWhatIsWrongIsSaidAndNothingTypedIsLost(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	for name, wrong := range map[string]struct{ field, value, words string }{
		"too long":        {"short", strings.Repeat("长", 121), "有 121 个字，最多 120 个"},
		"empty":           {"question", " ", "不能空着"},
		"unknown text":    {"cites", "没有这份(2020)#3", "没有登记，也没有导入"},
		"no number":       {"cites", placement + "#二十", "后面应是条号"},
		"no citation":     {"cites", "", "至少要有一条依据"},
		"unknown related": {"related", "nothing", "没有“nothing”这个条目"},
		"itself":          {"related", "lump-sum", "就是它自己"},
		"region":          {"region", "杭州, 浙江", "地区应从省写起"},
		"date":            {"review", "明年", "日期应写成"},
	} {
		t.Run(name, func(t *testing.T) {
			a := wang.edits(lumpSum, wrong.field, wrong.value, "details", "<script>留着</script>")
			assert.Equal(t, http.StatusBadRequest, a.StatusCode)
			assert.Contains(t, a.body, wrong.words)
			assert.Contains(t, a.body, "aria-invalid")
			again := formOf(t, a.body)
			assert.Equal(t, wrong.value, again.Get(wrong.field))
			assert.Equal(t, "<script>留着</script>", again.Get("details"))
			assert.NotContains(t, a.body, "<script>留着")
		})
	}
	same := wang.edits(lumpSum)
	assert.Equal(t, http.StatusBadRequest, same.StatusCode)
	assert.Contains(t, same.body, "没有什么要保存")
	drafts, err := r.store.Revisions(t.Context(), knowledge.RevisionFilter{})
	require.NoError(t, err)
	assert.Empty(t, drafts)
}

func TestOnlyEditorsChangeWhatIsKnown(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	draft := drafted(t, wang.edits(lumpSum, "short", "草稿。"))
	stranger := r.browser()
	assert.Equal(t, "/desk/signin", stranger.get(lumpSum).Header.Get("Location"))
	assert.Equal(t, "/desk/signin", stranger.get(draft).Header.Get("Location"))
	for name, role := range map[string]staff.Role{
		"甲": staff.Viewer, "乙": staff.Staff, "丙": staff.Supervisor,
	} {
		r.addStaff(name, role)
		b := r.browser()
		b.signIn(name)
		for _, path := range []string{
			"", "/entry?id=lump-sum", "/drafts", "/review", "/hits",
			strings.TrimPrefix(draft, "/desk/knowledge"),
		} {
			page := b.get("/desk/knowledge" + path)
			assert.Equal(t, http.StatusOK, page.StatusCode, path)
			assert.NotContains(t, page.body, "data-keep")
			assert.NotContains(t, page.body, "马上下架")
		}
		for _, path := range []string{
			lumpSum, "/desk/knowledge/document?key=x", draft + "/approve", draft + "/reject",
			"/desk/knowledge/withdraw", "/desk/knowledge/import", "/desk/knowledge/entry/cites",
		} {
			assert.Equal(t, http.StatusForbidden, b.form(path, nil).StatusCode, path)
		}
		assert.Equal(t, http.StatusForbidden, b.get("/desk/knowledge/entry").StatusCode)
		assert.Equal(t, http.StatusForbidden, b.get("/desk/knowledge/import").StatusCode)
	}
	forged := wang.do(http.MethodPost, "/desk/knowledge/withdraw", "application/x-www-form-urlencoded",
		"kind=entry&key=card&reason=x", "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, http.StatusForbidden, forged.StatusCode)
	assert.Len(t, r.edition().Entries, 2)
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	for _, path := range []string{
		"/entry?id=nothing", "/document?key=nothing", "/revisions/77", "/revisions/x",
		"/entry?id=lump-sum&from=5", "/compare?kind=entry&key=lump-sum&a=x&b=0", "/compare",
	} {
		assert.Equal(t, http.StatusNotFound, wang.get("/desk/knowledge"+path).StatusCode, path)
	}
}

func TestAScriptIsToldHowCitationsRead(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	a := wang.form("/desk/knowledge/entry/cites", url.Values{
		"cites": {placement + "#22\n" + oldRule + "#3\n不认识#1\n坏#x"},
	})
	require.Equal(t, http.StatusOK, a.StatusCode)
	assert.JSONEq(t, `{"lines":[
		{"typed":"退役军人安置条例(2024)#22","reads":"《退役军人安置条例》第二十二条（2024年9月1日起施行）"},
		{"typed":"退役士兵安置条例(2011)#3","reads":"《退役士兵安置条例》第三条（2024年9月1日起失效）",
			"wrong":"今天不在施行，回答里不会引用。"},
		{"typed":"不认识#1","reads":"《不认识》第一条",
			"wrong":"“不认识”没有登记，也没有导入。请核对写法，或者先导入这份文件。"},
		{"typed":"坏#x","reads":"","wrong":"看不懂：# 后面应是条号。"}]}`, a.body)
}
