package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/config"
)

func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}

func TestConfigPrintsEverySettingAndNoSecret(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	file := filepath.Join(t.TempDir(), "rongjun.yaml")
	require.NoError(t, os.WriteFile(file, []byte("turn:\n  per_minute: 9\n"), 0o600))
	o.settings["RONGJUN_LLM_KEY"] = "sk-hidden"
	text := o.succeeds("config", "--config", file)
	assert.Contains(t, text, "现在是 9")
	assert.Contains(t, text, "默认 720h\n", "what is as it was is told once")
	assert.NotContains(t, text, "720h0m0s")
	rows := decoded[[]settingRow](t, o.succeeds("config", "--json", "--config", file))
	var c config.Config
	require.Len(t, rows, len(c.Settings()))
	for _, r := range rows {
		assert.Contains(t, text, r.Path+"\n    "+r.Meaning)
		assert.Contains(t, text, "环境变量 "+r.Environment)
		if r.Path == "turn.quiet" {
			assert.Equal(t, "1500ms", r.Default)
			assert.Equal(t, "30ms", r.Value)
		}
	}
	assert.NotContains(t, text, "hidden")
	assert.NoDirExists(t, o.data())
}

func TestTheHelpIsInChinese(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	for _, args := range [][]string{{"--help"}, {"ask", "--help"}, {"staff", "add", "--help"}} {
		text := o.succeeds(args...)
		assert.Contains(t, text, "用法：rongjun ")
		assert.NotRegexp(t, "Usage|Flags:|Commands:|Arguments:|Show|Run ", text)
	}
}

func TestVersionTellsWhatWasBuilt(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	v := decoded[map[string]string](t, o.succeeds("version", "--json"))
	assert.NotEmpty(t, v["version"])
	assert.Contains(t, v["go"], "go1.")
	assert.Contains(t, o.succeeds("version"), "rongjun "+v["version"])
}

func TestAskAnswersWithoutAServerOrADatabase(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	text := o.succeeds("ask", "优待证怎么办理？")
	assert.Contains(t, text, "依据：《中华人民共和国退役军人保障法》")
	a := decoded[askAnswer](t, o.succeeds("ask", "--json", "优待证怎么办理？"))
	assert.Equal(t, bot.DecideAnswer, a.Decision)
	assert.Contains(t, text, a.Reply)
	assert.NotEmpty(t, a.Sources)
	assert.NotEmpty(t, a.Choices)
	assert.NotEmpty(t, a.Trace.Hits)
	assert.NoDirExists(t, o.data())
}

func TestAskAsOfADayBeforeALawCitesItNot(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	cited := func(day string) bool {
		a := decoded[askAnswer](t, o.succeeds("ask", "--json", "--as-of", day, "优待证怎么办理？"))
		for _, s := range a.Sources {
			if s.Title == "《中华人民共和国退役军人保障法》" {
				return true
			}
		}
		return false
	}
	assert.False(t, cited("2020-12-31"))
	assert.True(t, cited("2021-01-01"))
}

func TestAskOfADirectoryNamesTheSampleAsSample(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	a := decoded[askAnswer](t, o.succeeds("ask", "--json", "最近的服务站在哪", "--region", "样例省/样例市"))
	assert.Equal(t, bot.DecideDirectory, a.Decision)
	assert.Contains(t, a.Reply, "样例")
	o.settings["RONGJUN_SAMPLE"] = "false"
	assert.NotContains(t, o.succeeds("ask", "最近的服务站在哪"), "样例")
}
