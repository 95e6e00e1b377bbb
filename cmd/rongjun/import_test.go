package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
)

const smallLaw = `# 甲市优待办法

（2024年1月2日甲市人民政府发布）

第一条 为了优待退役军人，制定本办法。

第二条 持优待证乘坐甲市公共汽车免费。

第三条 本办法自2024年3月1日起施行。
`

// folder writes files into a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return dir
}

func outcomes(r importReport) map[string]string {
	all := make(map[string]string)
	for _, f := range r.Files {
		all[filepath.Base(f.Path)] = f.Outcome
	}
	return all
}

func TestAFolderIsImportedAndABadFileStopsNothing(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	dir := folder(t, map[string]string{
		"甲市优待办法.md": smallLaw, "空.md": "", "附图.png": "x", "README.md": "说明", "sub/a/甲市优待办法.md": "别的",
		"sub/另名.md": smallLaw,
	})
	d := o.runs("import", "--json", "--region", "乙省/甲市", dir)
	assert.Equal(t, exitFault, d.code)
	assert.Contains(t, oneSentence(t, d.err), "有 2 个文件没有导入")
	r := decoded[importReport](t, d.out)
	require.Len(t, r.Files, 5)
	assert.Equal(t, "new", r.Files[0].Outcome)
	assert.Equal(t, "甲市优待办法", r.Files[0].Key)
	assert.Equal(t, 3, r.Files[0].Articles)
	for i, want := range []string{"new", "failed", "skipped", "new", "failed"} {
		assert.Equal(t, want, r.Files[i].Outcome, r.Files[i].Path)
		assert.Equal(t, want != "new", r.Files[i].Reason != "", r.Files[i].Path)
	}
	assert.Equal(t, "甲市优待办法", r.Files[3].SameAs)
	text := o.runs("import", "--region", "乙省/甲市", dir).out
	assert.Contains(t, text, "没有变化　甲市优待办法（3 条）\n")
	assert.Contains(t, text, "与“甲市优待办法”是同一份文本")
}

func TestAFileIsANoOpUntilItChanges(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	file := filepath.Join(folder(t, map[string]string{"办法.md": smallLaw}), "办法.md")
	imports := func(want string, args ...string) {
		t.Helper()
		r := decoded[importReport](t, o.succeeds(append([]string{"import", "--json", file}, args...)...))
		assert.Equal(t, map[string]string{"办法.md": want}, outcomes(r))
	}
	imports("new", "--dry-run")
	assert.NoDirExists(t, o.data(), "a dry run makes nothing")
	imports("new")
	imports("unchanged", "--dry-run")
	imports("unchanged")
	require.NoError(t, os.WriteFile(file, []byte(smallLaw+"\n附件：表\n\n一行。\n"), 0o600))
	imports("changed", "--dry-run")
	imports("changed")
	imports("unchanged")
}

func TestWhatAnImportLeavesOpenIsListed(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	dir := folder(t, map[string]string{"某办法.md": "# 某办法\n\n第一条 甲。\n\n第二条 乙。\n"})
	text := o.succeeds("import", dir)
	assert.Contains(t, text, "缺日期：\n  某办法：")
	assert.Contains(t, text, "拿不准，请编辑核对：\n  某办法：")
	found := decoded[struct {
		Entries, Documents int
		Findings           []finding
	}](t, o.succeeds("import", "--check", "--json"))
	assert.Equal(t, 1, found.Documents)
	assert.Positive(t, found.Entries)
	kinds := make(map[knowledge.FindingKind]bool)
	for _, f := range found.Findings {
		kinds[f.Kind] = true
	}
	assert.True(t, kinds[knowledge.NoDates] && kinds[knowledge.Unsure])
}

func TestImportRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	for _, args := range [][]string{{"import"}, {"import", "--check", "a.md"}} {
		d := o.runs(args...)
		assert.Equal(t, exitUsage, d.code)
		oneSentence(t, d.err)
	}
	assert.Contains(t, o.fails("import", "/nowhere/a.md"), "/nowhere/a.md")
}

// newWords are what a changed entry says and a shipped one does not.
const newWords = "这是新发布的答案。"

// published makes a changed entry stand, as an editor and a second person would.
func published(t testing.TB, o *operator, entry knowledge.Entry) {
	t.Helper()
	c := &commands{}
	s, err := c.settings(world{lookup: o.lookup})
	require.NoError(t, err)
	db, err := openStore(t.Context(), s)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	r, err := db.SaveDraft(t.Context(), knowledge.Draft{
		Kind: knowledge.ItemEntry, Key: entry.ID, Author: "王", Entry: &entry,
	})
	require.NoError(t, err)
	_, err = db.Publish(t.Context(), r.ID, "李")
	require.NoError(t, err)
}

func TestAskAnswersFromWhatIsPublishedInTheDataFolder(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	before := o.succeeds("ask", "退役军人优待证怎么申请")
	entry := entryAnswering(t, before)
	require.NotContains(t, before, newWords)
	entry.Short += newWords
	published(t, o, entry)
	assert.Contains(t, o.succeeds("ask", "退役军人优待证怎么申请"), newWords)
}

func TestAskQuotesTheNoticeOfAPlaceToWhoLivesThere(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	file := filepath.Join(t.TempDir(), "优待金办法.md")
	require.NoError(t, os.WriteFile(file, []byte(`---
title: 样例市义务兵家庭优待金发放办法
level: 市
region: 样例省/样例市
effective: 2025-01-01
---
# 样例市义务兵家庭优待金发放办法
第一条 本市批准入伍的义务兵家庭，优待金标准为每年31000元。
第二条 优待金于每年8月1日前一次发到家庭指定的银行账户。
`), 0o644))
	o.succeeds("import", file)
	const asked, quoted = "义务兵家庭优待金一年多少钱？", "优待金标准为每年31000元"
	assert.NotContains(t, o.succeeds("ask", asked), quoted)
	there := o.succeeds("ask", asked, "--region", "样例省/样例市/样例区")
	assert.Contains(t, there, quoted)
	assert.Contains(t, there, "《样例市义务兵家庭优待金发放办法》第一条（2025年1月1日起施行）")
}

func TestARegionNobodyKnowsIsToldNotTakenForNoPlace(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	const words = "不认识地区“火星”：请写全名，如 浙江省/杭州市/西湖区。"
	assert.Contains(t, o.fails("ask", "优待证丢了怎么办", "--region", "火星"), words)
	assert.Contains(t, o.fails("import", t.TempDir(), "--region", "火星"), words)
	o.settings["RONGJUN_REGION"] = "火星"
	assert.Contains(t, o.fails("ask", "优待证丢了怎么办"), words)
}

// entryAnswering is the shipped entry whose short answer stands in a reply.
func entryAnswering(t testing.TB, reply string) knowledge.Entry {
	t.Helper()
	for _, e := range shippedGuide(t).Entries {
		if strings.Contains(reply, e.Short) {
			return e
		}
	}
	require.Fail(t, "no entry answers", reply)
	return knowledge.Entry{}
}
