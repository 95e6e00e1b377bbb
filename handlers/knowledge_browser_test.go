package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/handlers/pagetest"
	"rongjun/knowledge"
)

// opens signs a member of staff in and opens a page of the desk.
func (r *rig) opens(t *testing.T, ctx context.Context, name, path string) {
	t.Helper()
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.SendKeys("#name", name),
		chromedp.SendKeys("#password", password+kb.Enter), chromedp.WaitVisible("#queue"),
		chromedp.Navigate(r.url+path), chromedp.WaitVisible("#main"))
}

// fits holds a page to the width of the window and keeps a picture of it.
func fits(t *testing.T, ctx context.Context, s pagetest.Size, name string) {
	t.Helper()
	pagetest.WholePicture(t, ctx, "knowledge-"+name+"-"+s.Name)
	assert.LessOrEqual(t, evaluate[int64](t, ctx, `document.documentElement.scrollWidth`), s.Width)
}

// filled is a knowledge in which something of every kind has happened.
func filled(t *testing.T, r *rig) (draft string) {
	t.Helper()
	wang, li := editors(r)
	first := drafted(t, wang.edits(lumpSum, "short", "离队时由部队发给一次性退役金。", "why", "说得更直接"))
	require.Equal(t, http.StatusSeeOther, li.form(first+"/approve", nil).StatusCode)
	back := drafted(t, li.edits(lumpSum, "short", "由部队发。"))
	wang.form(back+"/reject", url.Values{"reason": {"太短了，看不出是什么钱"}})
	for _, d := range []knowledge.Document{
		notice("退役军人事务部关于某事的通知(2021)", "退役军人事务部关于某事的通知", "第一条的话。"),
		notice("浙江省某办法", "浙江省某办法", "为了什么，制定本办法。\n（一）甲；\n（二）乙。"),
	} {
		_, err := r.store.Import(t.Context(), d, d.Key+".txt")
		require.NoError(t, err)
	}
	card := shipped()[1]
	card.Cites = append(card.Cites, knowledge.Citation{Doc: oldRule, Article: 1})
	card.Review = knowledge.DateOf(time.Now().AddDate(0, 0, -3))
	r.stands(t, card)
	drafted(t, li.edits(noticeAddress+url.QueryEscape("浙江省某办法"), "effective", "2020-05-01"))
	return drafted(t, li.edits(lumpSum, "short", "离队时由部队发给一次性退役金，回到地方还能申领经济补助。",
		"bring", "退役证\n身份证\n本人银行卡", "cites", placement+"#22", "why", "补上银行卡"))
}

func TestThePagesAboutTheKnowledgeFitAPhoneAndADesk(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	draft := filled(t, r)
	for _, s := range []pagetest.Size{phone, wide} {
		ctx := chromium.Tab(t, s)
		r.opens(t, ctx, "王芳", "/desk/knowledge")
		fits(t, ctx, s, "list")
		for name, path := range map[string]string{
			"entry": lumpSum, "new": "/desk/knowledge/entry", "revision": draft,
			"document": noticeAddress + url.QueryEscape("浙江省某办法"),
			"drafts":   "/desk/knowledge/drafts", "review": "/desk/knowledge/review",
			"import": "/desk/knowledge/import",
		} {
			pagetest.Do(t, ctx, chromedp.Navigate(r.url+path), chromedp.WaitVisible("#main"))
			fits(t, ctx, s, name)
		}
	}
}

func TestTheEditorIsHelpedWhileTyping(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	editors(r)
	ctx := chromium.Tab(t, wide)
	var asked atomic.Int32
	chromedp.ListenTarget(ctx, func(event any) {
		if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
			asked.Add(1)
			go func() { _ = chromedp.Run(ctx, page.HandleJavaScriptDialog(true)) }()
		}
	})
	r.opens(t, ctx, "王芳", lumpSum)
	says(t, ctx, ".count-live", "26 / 120 字")
	pagetest.Do(t, ctx, chromedp.SetValue("#f-short", strings.Repeat("长", 120)),
		chromedp.SendKeys("#f-short", "长"))
	says(t, ctx, ".count-live.over", "121 / 120 字")
	pagetest.Do(t, ctx, chromedp.SetValue("#f-cites", "没有这份#"), chromedp.SendKeys("#f-cites", "1"))
	says(t, ctx, "#cites .wrong", "没有登记")
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk/knowledge"), chromedp.WaitVisible(".catalogue"))
	assert.EqualValues(t, 1, asked.Load(), "leaving what is not saved is asked about")

	pagetest.Do(t, ctx, chromedp.Navigate(r.url+lumpSum), chromedp.WaitVisible("#f-short"),
		chromedp.SetValue("#f-short", "离队时发。"),
		chromedp.SendKeys("#f-short", "好", chromedp.ByQuery),
		chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(input.ModifierCtrl)))
	says(t, ctx, ".done", "草稿已保存")
	assert.EqualValues(t, 1, asked.Load(), "saving is not leaving")
	says(t, ctx, ".changes ins", "离队时")
}

func TestFilesGoUpOneByOneWithTheirResults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	editors(r)
	dir := t.TempDir()
	var paths []string
	for name, content := range map[string]string{
		"办法<i>.txt": "某办法\n第一条的话。", "坏.pdf": "damaged", "大.txt": strings.Repeat("x", 21<<20),
	} {
		paths = append(paths, filepath.Join(dir, name))
		require.NoError(t, os.WriteFile(paths[len(paths)-1], []byte(content), 0o600))
	}
	for _, s := range []pagetest.Size{phone, wide} {
		ctx := chromium.Tab(t, s)
		r.opens(t, ctx, "王芳", "/desk/knowledge/import")
		pagetest.Do(t, ctx, chromedp.Evaluate(`window.told = []; new MutationObserver(() => {
			for (const e of document.querySelectorAll(".uploads .words, .uploads progress")) {
				told.push(e.textContent || String(e.position));
			}
		}).observe(document.getElementById("results"), {subtree: true, childList: true, attributes: true})`, nil),
			chromedp.SetUploadFiles("#files", paths), pagetest.Click("#import button"))
		says(t, ctx, `[data-outcome="draft"]`, "已存为草稿")
		says(t, ctx, "#results", "可能损坏")
		says(t, ctx, "#results", "文件太大")
		fits(t, ctx, s, "imported")
		assert.Zero(t, evaluate[int](t, ctx, `document.querySelectorAll("#results i, progress").length`))
		told := evaluate[[]string](t, ctx, `told`)
		assert.Contains(t, told, "正在读…", "what is being done is told on the way")
		assert.Contains(t, told, "1", "and how much of a file has gone up")
	}
}

func TestWhatAnEditorTypedIsFoundAgainUntilItIsSaved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	editors(r)
	ctx := chromium.Tab(t, wide)
	chromedp.ListenTarget(ctx, func(event any) {
		if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
			go func() { _ = chromedp.Run(ctx, page.HandleJavaScriptDialog(true)) }()
		}
	})
	short := func() string { return evaluate[string](t, ctx, `document.getElementById("f-short").value`) }
	r.opens(t, ctx, "王芳", lumpSum)
	before := short()
	pagetest.Do(t, ctx, chromedp.SetValue("#f-short", "写到一半"), chromedp.SendKeys("#f-short", "的话"),
		chromedp.Navigate(r.url+"/desk/knowledge"), chromedp.Navigate(r.url+lumpSum), chromedp.WaitVisible("#f-short"))
	says(t, ctx, ".info", "写到一半、没有保存的内容")
	assert.Equal(t, before, short(), "nothing is put in unasked")
	pagetest.Do(t, ctx, pagetest.Click(".info .quiet"))
	assert.Equal(t, "写到一半的话", short())

	pagetest.Do(t, ctx, chromedp.SetValue("#f-short", "离队时发"), chromedp.SendKeys("#f-short", "。"),
		pagetest.Click("form.sheet .strong"))
	says(t, ctx, ".done", "草稿已保存")
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+lumpSum), chromedp.WaitVisible("#f-short"))
	assert.NotContains(t, evaluate[string](t, ctx, `document.querySelector("main").innerText`), "写到一半")
}
