package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers"
	"rongjun/handlers/pagetest"
	"rongjun/knowledge"
)

func TestAQuestionIsTriedAsChatWouldAnswerIt(t *testing.T) {
	r := newRig(t)
	r.addStaff("陈静", staff.Viewer)
	b := r.browser()
	b.signIn("陈静")
	a := b.form("/desk/knowledge/hits", url.Values{
		"question": {"那我媳妇呢"}, "earlier": {"退役金怎么领\n答：部队发\n\n还有吗"},
		"region": {"浙江省/杭州市"}, "day": {"2019-05-01"},
	})
	require.Equal(t, http.StatusOK, a.StatusCode, a.body)
	for _, said := range []string{
		"已解答", "依据足够，按条目回答（条文把金额留给别处定）", "由部队发给一次性退役金",
		"《退役军人安置条例》第二十二条（2024年9月1日起施行）", "21.50", "0.87", "3.21",
		"申领要多久？", "只按字词查", "当日已经失效", "是别的地区的规定", "当日还没有施行",
		"检索 11ms", "那我媳妇呢", "2019-05-01", "浙江省/杭州市",
	} {
		assert.Contains(t, a.body, said)
	}
	require.Len(t, r.asked, 1)
	turn := r.asked[0]
	assert.Equal(t, knowledge.Date{Year: 2019, Month: 5, Day: 1}, turn.AsOf)
	assert.Equal(t, knowledge.Region("浙江省/杭州市"), turn.Conversation.Contact.Region)
	assert.True(t, turn.Conversation.Introduced)
	require.Len(t, turn.History, 3)
	assert.Equal(t, bot.FromBot, turn.History[1].From)
	assert.Equal(t, "部队发", turn.History[1].Text)
}

func TestWhyADecisionFellIsToldInWordsOfTheEditor(t *testing.T) {
	r := newRig(t)
	r.addStaff("陈静", staff.Viewer)
	b := r.browser()
	b.signIn("陈静")
	for why, words := range map[string]string{
		"evidence": "依据足够，按条目回答",
		"evidence: left open by reading: own texts beside":                     "依据足够，按条目回答（整句读下来，问的事条文没有定；旁边引了本地的文件）",
		"two-questions: one thing asked is left open":                          "分别回答（问了几件事，有一件条文没有定）",
		"evidence: settled by reading, though what is said of 公交 is left open": "（整句读下来，问的事条文定了，虽然条文把“公交”留给别处定）",
		"evidence: settled by reading, though the answer itself is left open":  "虽然条文把答案本身留给别处定",
		"dark": "话里有危急的词，又不是政策问题", "own-file: by kind": "问本人的档案或进度（整句话听着是）",
		"person: 转人工": "要找工作人员（转人工）",
	} {
		r.why = why
		a := b.form("/desk/knowledge/hits", url.Values{"question": {"退役金"}, "day": {"2019-05-01"}})
		assert.Contains(t, a.body, words, why)
	}
}

func TestAQuestionIsTriedOnADraftBeforeItIsPublished(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	draft := drafted(t, wang.edits(lumpSum, "short", "草稿里的新话。"))
	page := li.get(draft)
	number := draft[strings.LastIndex(draft, "/")+1:]
	require.Contains(t, page.body, "/desk/knowledge/hits?draft="+number)
	page = li.get("/desk/knowledge/hits?draft=" + number)
	assert.Contains(t, page.body, "退役后一次性的钱怎么领？</textarea>", "the draft's own question is asked first")
	assert.Contains(t, page.body, "王芳的草稿")
	asked := url.Values{"question": {"钱怎么领"}, "draft": {number}}
	assert.Contains(t, li.form("/desk/knowledge/hits", asked).body, "草稿里的新话")
	asked.Del("draft")
	assert.NotContains(t, li.form("/desk/knowledge/hits", asked).body, "草稿里的新话")

	li.form(draft+"/reject", url.Values{"reason": {"不对"}})
	asked.Set("draft", number)
	a := li.form("/desk/knowledge/hits", asked)
	assert.Contains(t, a.body, "已经处理过了")
	assert.NotContains(t, a.body, "草稿里的新话")
	for _, unknown := range []string{"987654", "x"} {
		assert.Equal(t, http.StatusNotFound, li.get("/desk/knowledge/hits?draft="+unknown).StatusCode)
	}
}

func TestAQuestionThatCannotBeTriedIsKept(t *testing.T) {
	r := newRig(t)
	r.addStaff("陈静", staff.Viewer)
	b := r.browser()
	b.signIn("陈静")
	for want, form := range map[string]url.Values{
		"日期应写成":  {"question": {"<b>钱怎么领"}, "day": {"明天"}},
		"请写出要试的": {"question": {" "}, "earlier": {"<b>钱怎么领"}, "day": {""}},
	} {
		a := b.form("/desk/knowledge/hits", form)
		assert.Equal(t, http.StatusBadRequest, a.StatusCode)
		assert.Contains(t, a.body, want)
		assert.Contains(t, a.body, "&lt;b&gt;钱怎么领")
	}
	assert.Empty(t, r.asked)
}

func TestUntilTheKnowledgeIsLoadedItsPagesSaySo(t *testing.T) {
	r := newRig(t, func(o *handlers.Options) {
		o.Knowledge.Edition = func() (handlers.Edition, bool) { return handlers.Edition{}, false }
	})
	r.addStaff("陈静", staff.Viewer)
	b := r.browser()
	b.signIn("陈静")
	a := b.form("/desk/knowledge/hits", url.Values{"question": {"钱怎么领"}})
	assert.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	assert.Contains(t, a.body, "知识库正在装载")
}

func TestTheHitPageInABrowser(t *testing.T) {
	r := newRig(t)
	r.addStaff("陈静", staff.Editor)
	for _, s := range []pagetest.Size{phone, wide} {
		ctx := chromium.Tab(t, s)
		r.opens(t, ctx, "陈静", "/desk/knowledge/hits")
		pagetest.Picture(t, ctx, "knowledge-hits-empty-"+s.Name)
		pagetest.Do(t, ctx, chromedp.SendKeys("#question", "退役后一次性的钱怎么领"+kb.Enter))
		says(t, ctx, ".reply", "由部队发给一次性退役金")
		says(t, ctx, "#removed", "排除的 3 段")
		pagetest.Picture(t, ctx, "knowledge-hits-"+s.Name)
		pagetest.WholePicture(t, ctx, "knowledge-hits-whole-"+s.Name)
		assert.LessOrEqual(t,
			evaluate[int64](t, ctx, `document.documentElement.scrollWidth`), s.Width)
	}
}
