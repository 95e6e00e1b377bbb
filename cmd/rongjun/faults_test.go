package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/store"
)

// taken is an address on which somebody listens already.
func taken(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, l.Close()) })
	return l.Addr().String()
}

// statement changes a database file behind the program's back.
func statement(t *testing.T, dir, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), query)
	require.NoError(t, err)
}

// content is what all files of a folder hold but the lock, as one hash.
func content(t *testing.T, dir string) string {
	t.Helper()
	sum := sha256.New()
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "serve.lock" || strings.HasSuffix(e.Name(), "-shm") {
			return err
		}
		b, err := os.ReadFile(path)
		_, _ = sum.Write(append([]byte(e.Name()), b...))
		return err
	}))
	return hex.EncodeToString(sum.Sum(nil))
}

// once is a data folder that a program has served and left.
func once(t *testing.T, o *operator) {
	t.Helper()
	require.Equal(t, exitDone, o.serves(t).end())
}

func TestAStartThatCannotBeSaysWhyInOneSentenceAndDamagesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(*testing.T, *operator)
		says    string
	}{
		"port in use": {func(t *testing.T, o *operator) {
			once(t, o)
			o.settings["RONGJUN_LISTEN"] = taken(t)
		}, "端口已被占用"},
		"address of another machine": {func(_ *testing.T, o *operator) {
			o.settings["RONGJUN_LISTEN"] = "203.0.113.1:8080"
		}, "网络地址用不了"},
		"a file in place of the folder": {func(t *testing.T, o *operator) {
			require.NoError(t, os.WriteFile(o.data(), []byte("my thesis"), 0o600))
		}, "不是文件夹"},
		"folder that cannot be written": {func(_ *testing.T, o *operator) {
			o.settings["RONGJUN_DATA"] = "/sys/rongjun" // not even root makes a folder there
		}, "没有权限"},
		"folder already served": {func(t *testing.T, o *operator) {
			o.serves(t)
		}, "正由另一个 rongjun serve 使用"},
		"database of a newer program": {func(t *testing.T, o *operator) {
			once(t, o)
			statement(t, o.data(), `INSERT INTO goose_db_version (version_id, is_applied)
				VALUES (99999, 1)`)
		}, "更新版本的程序"},
		"database file that is no database": {func(t *testing.T, o *operator) {
			require.NoError(t, os.Mkdir(o.data(), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(o.data(), store.FileName),
				[]byte(strings.Repeat("Dear diary, ", 1000)), 0o600))
		}, "已损坏，或者不是本程序的数据库"},
		"database that is away": {func(_ *testing.T, o *operator) {
			o.settings["RONGJUN_DATABASE_URL"] = "postgres://u:hidden@127.0.0.1:1/d"
		}, "数据库现在连不上"},
		"key that decodes to nothing": {func(_ *testing.T, o *operator) {
			for name, value := range map[string]string{
				"CORP_ID": "ww1", "AGENT_ID": "7", "SECRET": "hidden", "TOKEN": "t",
				"AES_KEY": strings.Repeat("?", 43),
			} {
				o.settings["RONGJUN_WECOM_"+name] = value
			}
		}, "wecom.aes_key 不正确"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOperator(t)
			c.prepare(t, o)
			before := "nothing"
			info, err := os.Stat(o.data())
			if isFolder := err == nil && info.IsDir(); isFolder {
				before = content(t, o.data())
			}
			said := o.fails("serve")
			assert.Contains(t, said, c.says)
			assert.NotContains(t, said, "hidden")
			if before != "nothing" {
				assert.Equal(t, before, content(t, o.data()), "the data changed")
			}
		})
	}
}

func TestTheOneThatServesGoesOnWhenASecondIsRefused(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	first := o.serves(t)
	o.fails("serve")
	v := newVisitor(t, first.url)
	v.say("优待证怎么办理？")
	assert.Contains(t, v.watch("").next("bot").Text, "优待证")
}

func TestAllFaultsOfTheSettingsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	file := filepath.Join(t.TempDir(), "rongjun.yaml")
	require.NoError(t, os.WriteFile(file, []byte("lisen: 127.0.0.1:80\nturn:\n  quiet: bald\n"), 0o600))
	o.settings["RONGJUN_LOG_LEVEL"] = "loud"
	d := o.runs("serve", "--config", file)
	assert.Equal(t, exitFault, d.code)
	said := strings.Split(strings.TrimSpace(d.err), "\n")
	require.Len(t, said, 3, d.err)
	assert.Equal(t, file+" 第 1 行：没有“lisen”这项设置", said[0])
	assert.Contains(t, said[1], file+" 第 3 行：turn.quiet：")
	assert.Contains(t, said[2], "环境变量 RONGJUN_LOG_LEVEL：")
	assert.NoDirExists(t, o.data(), "nothing was begun")
}

func TestWrongUsageEndsWithTwo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{},
		{"dance"},
		{"serv"},
		{"staff"},
		{"serve", "--loud"},
		{"eval", "--seed", "abc"},
		{"eval", "--seed"},
		{"ask"},
		{"ask", " "},
		{"ask", "x", "--as-of", "yesterday"},
		{"ask", "x", "--as-of", "2026-02-30"},
		{"staff", "add", "li", "--role", "boss", "--password-stdin"},
		{"staff", "add", "li", "--role", "staff"},
		{"backup"},
		{"restore"},
	} {
		o := newOperator(t)
		d := o.runs(args...)
		assert.Equal(t, exitUsage, d.code, args)
		assert.Empty(t, d.out, args)
		assert.Regexp(t, `\p{Han}{2}`, d.err, args)
		assert.NotRegexp(t, `(?i)expect|unexpected|unknown|missing|must|mean`, d.err, args)
		assert.NoDirExists(t, o.data(), args)
	}
}
