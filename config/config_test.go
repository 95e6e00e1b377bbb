package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func nothing(string) (string, bool) { return "", false }

func environment(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := pairs[name]; return v, ok }
}

func write(t *testing.T, yaml string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rongjun.yaml")
	require.NoError(t, os.WriteFile(file, []byte(yaml), 0o600))
	return file
}

func TestWithNothingSetTheDefaultsHold(t *testing.T) {
	c, err := Load("", nothing)
	require.NoError(t, err)
	assert.Equal(t, "./data", c.Data)
	assert.Equal(t, "127.0.0.1:8080", c.Listen)
	assert.Equal(t, 1500*time.Millisecond, c.Turn.Quiet)
	assert.Equal(t, 6, c.Turn.PerMinute)
	assert.Equal(t, 20*time.Second, c.LLM.Timeout)
	assert.Equal(t, Automatic, c.Sample)
	assert.Equal(t, slog.LevelInfo, c.Log.Level)
	assert.False(t, c.LLM.On())
}

func TestTheEnvironmentGoesBeforeTheFile(t *testing.T) {
	file := write(t, `
listen: 127.0.0.1:9000
turn:
  quiet: 2s
  per_minute: 100
trusted_proxies: [10.0.0.0/8, 127.0.0.0/8]
sample: false
`)
	c, err := Load(file, environment(map[string]string{"RONGJUN_TURN_QUIET": "10ms"}))
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:9000", c.Listen)
	assert.Equal(t, 10*time.Millisecond, c.Turn.Quiet)
	assert.Equal(t, 100, c.Turn.PerMinute)
	assert.Equal(t, []string{"10.0.0.0/8", "127.0.0.0/8"}, c.TrustedProxies)
	assert.Equal(t, No, c.Sample)
}

func TestHoursAreReadAndWritten(t *testing.T) {
	for written, want := range map[string]Hours{
		"22:00-07:30": {22 * time.Hour, 7*time.Hour + 30*time.Minute},
		"12:00-13:05": {12 * time.Hour, 13*time.Hour + 5*time.Minute},
		"none":        {},
	} {
		c, err := Load("", environment(map[string]string{"RONGJUN_WECOM_NOTICE_QUIET": written}))
		require.NoError(t, err)
		assert.Equal(t, want, c.WeCom.NoticeQuiet)
		for _, s := range c.Settings() {
			if s.Path == "wecom.notice_quiet" {
				assert.Equal(t, written, s.Written())
			}
		}
	}
	for _, wrong := range []string{"22:00", "25:00-07:00", "夜里", "22-7"} {
		_, err := Load("", environment(map[string]string{"RONGJUN_WECOM_NOTICE_QUIET": wrong}))
		require.ErrorContains(t, err, "应写成 22:00-07:30")
	}
}

func TestAllFaultsAreToldAtOnceWithFileAndLine(t *testing.T) {
	file := write(t, `listen: nowhere
lissten: 127.0.0.1:1
turn:
  quiet: soon
  per_minute: -3
llm:
  base_url: ftp://x
wecom:
  corp_id: ww1
  aes_key: short
data: {a: 1}
log: loud
embeddings:
  base_url: http://127.0.0.1:9
public_url: nowhere
`)
	_, err := Load(file, environment(map[string]string{"RONGJUN_LOG_LEVEL": "loud"}))
	var faults Faults
	require.ErrorAs(t, err, &faults)
	for _, want := range []string{
		"第 2 行：没有“lissten”这项设置", "第 4 行：turn.quiet", "第 5 行：turn.per_minute",
		"第 7 行：llm.base_url", "第 1 行：listen：“nowhere”", "第 9 行：wecom.agent_id",
		"第 9 行：wecom.secret", "第 9 行：wecom.token", "第 10 行：wecom.aes_key：应当正好 43 个字符",
		"没有“data.a”这项设置", "第 12 行：“log”下面应当是一组设置", "第 14 行：embeddings.model：",
		"第 15 行：public_url：", "环境变量 RONGJUN_LOG_LEVEL",
	} {
		assert.Contains(t, err.Error(), want)
	}
	for _, line := range faults {
		assert.NotContains(t, line, "\n")
	}
}

func TestAFaultOfSeveralSettingsNamesTheEnvironmentToo(t *testing.T) {
	_, err := Load("", environment(map[string]string{
		"RONGJUN_LISTEN": "here", "RONGJUN_WECHAT_APP_ID": "wx1", "RONGJUN_WECHAT_MODE": "loud",
	}))
	require.ErrorContains(t, err, "环境变量 RONGJUN_LISTEN：listen：“here”")
	require.ErrorContains(t, err, "环境变量 RONGJUN_WECHAT_MODE：wechat.mode：")
	require.ErrorContains(t, err, "环境变量 RONGJUN_WECHAT_APP_ID：wechat.aes_key：需要填写")
}

func TestAMissingOrBrokenFileIsToldInWords(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nothing)
	require.ErrorContains(t, err, "不存在")
	for yaml, want := range map[string]string{
		"a: [1,\n b: }": "第 1 行第 4 列不是合法的 YAML", "hello": "应当是“名称: 值”", "- a\n- b": "应当是“名称: 值”",
		"region: \xd5\xe3\xbd\xad": "UTF-8",
	} {
		_, err = Load(write(t, yaml), nothing)
		require.ErrorContains(t, err, want)
	}
}

func TestFilesOfOtherEditorsAreRead(t *testing.T) {
	c, err := Load(write(t, "\uFEFFlisten: 127.0.0.1:9000\r\nregion: 浙江省\r\n"), nothing)
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:9000", c.Listen)
	assert.Equal(t, "浙江省", c.Region)
}

func TestASecretCannotBePrinted(t *testing.T) {
	c, err := Load("", environment(map[string]string{
		"RONGJUN_LLM_KEY": "sk-hidden", "RONGJUN_DATABASE_URL": "postgres://u:hidden@h/d",
	}))
	require.NoError(t, err)
	assert.Equal(t, "sk-hidden", c.LLM.Key.Reveal())
	asJSON, err := json.Marshal(c)
	require.NoError(t, err)
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("c", "key", c.LLM.Key, "c", c)
	for _, shown := range []string{
		fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), string(asJSON), logged.String(),
	} {
		assert.NotContains(t, shown, "hidden")
	}
	for _, s := range c.Settings() {
		assert.NotContains(t, s.Written(), "hidden")
	}
}

func TestEverySettingHasAMeaningAndAName(t *testing.T) {
	var c Config
	names := map[string]bool{}
	for _, s := range c.Settings() {
		assert.True(t, strings.HasSuffix(s.Meaning, "。"), s.Path)
		assert.False(t, names[s.Environment()], s.Path)
		names[s.Environment()] = true
	}
	assert.True(t, names["RONGJUN_WECOM_DUPLICATE_CODES"])
}

func TestAWrongDatabaseAddressIsToldWithoutItsPassword(t *testing.T) {
	for _, address := range []string{
		"mysql://u:hidden@h/d", "postgres://u:hid%zzden@h/d", "postgres://u:hidden@h:99999/d",
		"host=h password=hidden",
	} {
		_, err := Load("", environment(map[string]string{"RONGJUN_DATABASE_URL": address}))
		require.ErrorContains(t, err, "database.url：", address)
		assert.NotContains(t, err.Error(), "hid")
	}
}
