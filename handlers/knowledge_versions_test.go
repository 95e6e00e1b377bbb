package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
)

func TestAnEditThatWasOvertakenIsToldAndKept(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	old := formOf(t, wang.get(lumpSum).body)
	other := drafted(t, li.edits(lumpSum, "short", "李敏写的。"))
	old.Set("short", "王芳写的。")
	told := wang.form(lumpSum, old)
	assert.Equal(t, http.StatusConflict, told.StatusCode)
	assert.Contains(t, told.body, "李敏在")
	assert.Contains(t, told.body, "保存了一份草稿")
	knowing := formOf(t, told.body)
	assert.Equal(t, "王芳写的。", knowing.Get("short"))

	require.Equal(t, http.StatusSeeOther, wang.form(other+"/approve", nil).StatusCode)
	told = wang.form(lumpSum, knowing)
	assert.Equal(t, http.StatusConflict, told.StatusCode)
	assert.Contains(t, told.body, "发布了另一版")
	draft := drafted(t, wang.form(lumpSum, formOf(t, told.body)))
	assert.Equal(t, draft, drafted(t, wang.form(lumpSum, formOf(t, told.body))), "sent twice, saved once")
	require.Equal(t, http.StatusSeeOther, li.form(draft+"/approve", nil).StatusCode)
	assert.Equal(t, "王芳写的。", r.edition().Entries[0].Short)
}

func TestADraftOfWhatWasReplacedSinceIsNotPublished(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	first := drafted(t, wang.edits(lumpSum, "short", "甲。"))
	second := drafted(t, li.edits(lumpSum, "short", "乙。"))
	require.Equal(t, http.StatusSeeOther, wang.form(second+"/approve", nil).StatusCode)
	page := li.get(first)
	assert.Contains(t, page.body, "不能直接发布")
	assert.NotContains(t, page.body, "批准并发布")
	a := li.form(first+"/approve", nil)
	assert.Equal(t, http.StatusConflict, a.StatusCode)
	assert.Contains(t, a.body, "请在新版本上再改一遍")

	bare := li.form(first+"/reject", url.Values{"reason": {" "}})
	assert.Equal(t, http.StatusBadRequest, bare.StatusCode)
	assert.Contains(t, bare.body, "请写明为什么退回")
	back := li.form(first+"/reject", url.Values{"reason": {"已有新版"}})
	require.Equal(t, http.StatusSeeOther, back.StatusCode)
	assert.Contains(t, wang.get(lumpSum).body, "李敏退回：已有新版")
}

func TestWhatIsWithdrawnCanBeBroughtBack(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	bare := wang.form("/desk/knowledge/withdraw", url.Values{"kind": {"entry"}, "key": {"lump-sum"}})
	assert.Equal(t, http.StatusBadRequest, bare.StatusCode)
	gone := wang.form("/desk/knowledge/withdraw", url.Values{
		"kind": {"entry"}, "key": {"lump-sum"}, "reason": {"数目错了"},
	})
	require.Equal(t, http.StatusSeeOther, gone.StatusCode, gone.body)
	assert.Equal(t, "card", r.edition().Entries[0].ID)
	page := wang.get(gone.Header.Get("Location"))
	assert.Contains(t, page.body, "已下架")
	assert.Contains(t, page.body, "数目错了")
	assert.NotContains(t, page.body, "马上下架")
	assert.Contains(t, wang.get("/desk/knowledge?state=withdrawn").body, "退役后一次性的钱怎么领？")

	back := drafted(t, wang.edits(lumpSum+"&from=0"))
	require.Equal(t, http.StatusSeeOther, li.form(back+"/approve", nil).StatusCode)
	assert.Equal(t, shipped()[0], r.edition().Entries[0])
}

func TestAnyTwoVersionsAreComparedAndAnOldOneRestored(t *testing.T) {
	r := newRig(t)
	wang, li := editors(r)
	for _, short := range []string{"第一版。", "第二版。"} {
		draft := drafted(t, wang.edits(lumpSum, "short", short))
		require.Equal(t, http.StatusSeeOther, li.form(draft+"/approve", nil).StatusCode)
	}
	history, err := r.store.History(t.Context(), knowledge.ItemEntry, "lump-sum")
	require.NoError(t, err)
	first := itoa(history[1].ID)
	compared := li.get("/desk/knowledge/compare?kind=entry&key=lump-sum&a=" +
		itoa(history[0].ID) + "&b=" + first)
	assert.Contains(t, compared.body, "第<del>一</del><ins>二</ins>版。")
	shippedToo := li.get("/desk/knowledge/compare?kind=entry&key=lump-sum&a=0&b=" + first)
	assert.Contains(t, shippedToo.body, "随程序发布的内容")
	missing := li.get("/desk/knowledge/compare?kind=entry&key=card&a=0&b=" + first)
	assert.Equal(t, http.StatusNotFound, missing.StatusCode, "a revision of another item")

	draft := drafted(t, wang.edits(lumpSum+"&from="+first))
	assert.Contains(t, li.get(draft).body, "恢复到：")
	require.Equal(t, http.StatusSeeOther, li.form(draft+"/approve", nil).StatusCode)
	assert.Equal(t, "第一版。", r.edition().Entries[0].Short)
}
