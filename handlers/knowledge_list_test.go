package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/staff"
	"rongjun/handlers"
	"rongjun/knowledge"
)

func TestTheCatalogueIsFiltered(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	r.stands(t, knowledge.Entry{
		ID: "medal", Topic: "立功", Question: "立功受奖有什么？", Phrasings: []string{"三等功给多少"},
		Short: "看条例。", Cites: []knowledge.Citation{{Doc: placement, Article: 22}},
		Review: knowledge.DateOf(time.Now().AddDate(0, 0, 10)),
	})
	drafted(t, wang.edits("/desk/knowledge/entry?id=card", "short", "改。"))
	_, err := r.store.Import(t.Context(), notice("办法(2020)", "某某办法", "话。"), "办法.txt")
	require.NoError(t, err)
	const all = "lump-sum card medal 办法(2020)"
	for query, want := range map[string]string{
		"":                                all,
		"kind=entry":                      "lump-sum card medal",
		"kind=document":                   "办法(2020)",
		"text=" + url.QueryEscape("三等功"):  "medal",
		"text=" + url.QueryEscape("立功 三"): "medal",
		"text=" + url.QueryEscape("某某办"):  "办法(2020)",
		"text=%3Cb%3E":                    "",
		"topic=" + url.QueryEscape("优待证"): "card",
		"state=shipped":                   "lump-sum card",
		"state=published":                 "medal 办法(2020)",
		"state=draft":                     "card",
		"state=due":                       "medal",
		"state=undated":                   "办法(2020)",
		"state=withdrawn":                 "",
		"state=nonsense&page=99":          all,
	} {
		page := wang.get("/desk/knowledge?" + query)
		require.Equal(t, http.StatusOK, page.StatusCode, query)
		_, list, _ := strings.Cut(page.body, `class="catalogue"`)
		var found []string
		for _, key := range strings.Fields(all) {
			if strings.Contains(list, "<span>"+key+"</span>") {
				found = append(found, key)
			}
		}
		assert.ElementsMatch(t, strings.Fields(want), found, query)
		assert.NotContains(t, page.body, "<b>")
	}
}

func TestALongCatalogueComesInPages(t *testing.T) {
	r := newRig(t, func(o *handlers.Options) {
		edition := o.Knowledge.Edition
		o.Knowledge.Edition = func() (handlers.Edition, bool) {
			e, ok := edition()
			for i := range 100 {
				e.Entries = append(e.Entries, knowledge.Entry{
					ID: fmt.Sprintf("x-%03d", i), Question: "问题",
				})
			}
			return e, ok
		}
	})
	r.addStaff("陈静", staff.Viewer)
	b := r.browser()
	b.signIn("陈静")
	first := b.get("/desk/knowledge?kind=entry")
	assert.Contains(t, first.body, "共 102 项，第 1 / 3 页")
	assert.NotContains(t, first.body, `rel="prev"`)
	last := b.get("/desk/knowledge?kind=entry&page=3")
	assert.Contains(t, last.body, "x-099")
	assert.NotContains(t, last.body, `rel="next"`)
	assert.Contains(t, last.body, "kind=entry&amp;page=2")
}

func TestWhatIsToBeLookedAtIsListed(t *testing.T) {
	r := newRig(t)
	wang, _ := editors(r)
	entry := shipped()[1]
	entry.Cites = append(entry.Cites, knowledge.Citation{Doc: oldRule, Article: 1})
	entry.Review = knowledge.DateOf(time.Now().AddDate(0, 0, -3))
	r.stands(t, entry)
	soon := notice("新办法", "新办法", "话。")
	soon.Effective = knowledge.DateOf(time.Now().AddDate(0, 0, 200))
	_, err := r.store.Import(t.Context(), soon, "新办法.txt")
	require.NoError(t, err)
	page := wang.get("/desk/knowledge/review").body
	assert.Contains(t, page, "当日不在施行")
	assert.Contains(t, page, "过了")
	assert.Contains(t, page, `href="/desk/knowledge/entry?id=card"`)
	assert.NotContains(t, page, soon.Effective.Chinese())
	year := wang.get("/desk/knowledge/review?days=365").body
	assert.Contains(t, year, soon.Effective.Chinese()+"起施行。</p>")
}

func TestThePagesSayHowFarTheIndexIs(t *testing.T) {
	r := newRig(t, func(o *handlers.Options) {
		o.Ready = func(context.Context) handlers.Readiness {
			return handlers.Readiness{Ready: true, Parts: map[string]handlers.Status{
				"index": {State: handlers.Works, Reason: "正在按意思编排，已完成 32／4000"},
			}}
		}
	})
	r.addStaff("陈静", staff.Viewer)
	b := r.browser()
	b.signIn("陈静")
	for _, path := range []string{"/desk/knowledge", "/desk/knowledge/hits"} {
		assert.Contains(t, b.get(path).body, "已完成 32／4000")
	}
}
