package answer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

// wanted is one case of testdata/cases; testdata/README.txt tells the form.
type wanted struct {
	message string
	fields  map[string][]string
}

func readCases(t *testing.T, file string) []wanted {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var cases []wanted
	for number, line := range strings.Split(string(raw), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if message, found := strings.CutPrefix(line, "== "); found {
			message = strings.ReplaceAll(message, `\n`, "\n")
			cases = append(cases, wanted{message, make(map[string][]string)})
			continue
		}
		name, value, found := strings.Cut(line, ": ")
		require.True(t, found, "%s:%d: want \"name: value\"", file, number+1)
		fields := cases[len(cases)-1].fields
		fields[name] = append(fields[name], value)
	}
	return cases
}

func TestMessagesGetTheRightKindOfAnswer(t *testing.T) {
	a := newWorld(t).byMeaning(t)
	files, err := filepath.Glob("testdata/cases/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	total := 0
	for _, file := range files {
		kind := strings.TrimSuffix(filepath.Base(file), ".txt")
		for i, c := range readCases(t, file) {
			total++
			t.Run(fmt.Sprintf("%s/%02d", kind, i+1), func(t *testing.T) {
				t.Parallel()
				var history []bot.Message
				for _, said := range c.fields["before"] {
					history = append(history, bot.Message{From: bot.FromContact, Text: said})
				}
				got, err := a.Answer(context.Background(), turnOf(c.message, history...))
				require.NoError(t, err)
				c.check(t, got)
			})
		}
	}
	assert.GreaterOrEqual(t, total, 80)
}

func (c wanted) check(t *testing.T, got bot.Answer) {
	t.Helper()
	about := fmt.Sprintf("%s\nwhy %s\n%s", c.message, got.Trace.Why, got.Reply.Text)
	for _, decisions := range c.fields["decision"] {
		assert.Contains(t, strings.Fields(decisions), string(got.Decision), about)
	}
	for _, entries := range c.fields["entry"] {
		first := ""
		for _, h := range got.Trace.Hits {
			if id, found := strings.CutPrefix(h.Passage, "entry:"); found {
				first = id
				break
			}
		}
		assert.Contains(t, strings.Fields(entries), first, about)
	}
	for _, why := range c.fields["why"] {
		assert.True(t, strings.HasPrefix(got.Trace.Why, why), about)
	}
	for _, region := range c.fields["region"] {
		assert.Equal(t, region, string(got.Region), about)
	}
	for _, words := range c.fields["has"] {
		assert.Contains(t, got.Reply.Text, words, about)
	}
	for _, words := range c.fields["not"] {
		assert.NotContains(t, got.Reply.Text, words, about)
	}
	assert.Empty(t, got.Trace.Fault, about)
}
