package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/store"
)

// elsewhere is the same operator with another data folder, which is not there yet.
func (o *operator) elsewhere(t *testing.T) *operator {
	t.Helper()
	return newOperator(t)
}

func TestABackupTakenWhileServingGivesTheSameBack(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	s := o.serves(t)
	require.Equal(t, exitDone, o.hires("wang", "staff").code)
	v := newVisitor(t, s.url)
	v.say("优待证怎么办理？")
	page := v.watch("")
	page.next("bot")
	v.say("转人工")
	page.next("bot")
	file := filepath.Join(t.TempDir(), "copy.db")
	assert.Contains(t, o.succeeds("backup", file), file)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	v.say("这句话在备份之后")
	page.next("contact")

	other := o.elsewhere(t)
	other.succeeds("restore", file)
	assert.Equal(t, o.succeeds("staff", "list", "--json"), other.succeeds("staff", "list", "--json"))
	again := other.serves(t)
	assert.Empty(t, again.password, "the accounts came along")
	token := strings.Fields(o.succeeds("staff", "token", "wang"))[0]
	otherToken := strings.Fields(other.succeeds("staff", "token", "wang"))[0]
	const path = "/api/v1/conversations/1"
	restored := v.at(again.url).call(http.MethodGet, path, otherToken).body
	assert.NotContains(t, restored, "备份之后")
	type transcript struct {
		State    string
		Messages []struct{ ID, From, Text, Time string }
	}
	was := decoded[transcript](t, v.call(http.MethodGet, path, token).body)
	is := decoded[transcript](t, restored)
	require.NotEmpty(t, is.Messages)
	assert.Equal(t, was.State, is.State)
	assert.Equal(t, was.Messages[:len(is.Messages)], is.Messages)
	assert.Contains(t, v.at(again.url).get("/").body, "优待证怎么办理？", "the contact is known")
	desk := newVisitor(t, again.url)
	assert.Equal(t, "/desk", desk.signIn("wang", deskPassword).header.Get("Location"))
}

func TestARestoreFillsEmptyFoldersOnly(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	once(t, o)
	file := filepath.Join(t.TempDir(), "copy.db")
	o.succeeds("backup", file)
	before := content(t, o.data())
	assert.Contains(t, o.fails("restore", file), "不是空的")
	assert.Equal(t, before, content(t, o.data()))
	assert.Contains(t, o.fails("backup", file), "已经存在")

	other := o.elsewhere(t)
	require.NoError(t, os.Mkdir(other.data(), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(other.data(), "letter.txt"), nil, 0o600))
	assert.Contains(t, other.fails("restore", file), "不是空的")
	require.NoError(t, os.Remove(filepath.Join(other.data(), "letter.txt")))
	other.succeeds("restore", file)
}

func TestADamagedBackupIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	once(t, o)
	file := filepath.Join(t.TempDir(), "copy.db")
	o.succeeds("backup", file)
	good, err := os.ReadFile(file)
	require.NoError(t, err)
	overwritten := append([]byte{}, good...)
	for i := len(good) / 2; i < len(good)/2+8192; i++ {
		overwritten[i] = 0xA5
	}
	for name, bytes := range map[string][]byte{
		"cut": good[:len(good)/2], "overwritten": overwritten, "empty": nil,
		"no database": []byte(strings.Repeat("Dear diary, ", 1000)),
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.db")
			require.NoError(t, os.WriteFile(bad, bytes, 0o600))
			other := o.elsewhere(t)
			other.t = t
			assert.Contains(t, other.fails("restore", bad), "已损坏，或者不是数据库备份")
			assert.NoFileExists(t, filepath.Join(other.data(), store.FileName))
		})
	}
	assert.Contains(t, o.elsewhere(t).fails("restore", file+".gone"), "没有这个备份文件")
}

func TestABackupOfNothingMakesNothing(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	assert.Contains(t, o.fails("backup", filepath.Join(t.TempDir(), "copy.db")), "没有数据库")
	assert.NoDirExists(t, o.data())
	once(t, o)
	o.fails("backup", filepath.Join(t.TempDir(), "missing", "copy.db"))
}

func TestPostgreSQLIsBackedUpWithItsOwnTools(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.settings["RONGJUN_DATABASE_URL"] = "postgres://u@127.0.0.1:1/d"
	assert.Contains(t, o.fails("backup", "copy.db"), "pg_dump")
	assert.Contains(t, o.fails("restore", "copy.db"), "pg_restore")
}
