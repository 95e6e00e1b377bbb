package answer

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/text"
)

func TestAPatternNeedsWhatEveryMatchHas(t *testing.T) {
	for source, c := range map[string]struct{ has, lacks string }{
		"退役金":             {"退役金", "退役費"},
		"(跳|坠)楼":          {"坠楼", "登楼"},
		"[多几]少":           {"几少", "老少"},
		"人(工|员)?":         {"人", "工"},
		"(活着){2}":         {"活着活着", "死着"},
		"(?:a|bc*)+[0-9]": {"b7", "b"},
	} {
		p, err := newPattern(source)
		require.NoError(t, err)
		assert.NotEmpty(t, p.needs, source)
		assert.True(t, p.mayMatch(charactersOf(c.has)), source)
		assert.False(t, p.mayMatch(charactersOf(c.lacks)), source)
	}
}

func TestAPatternThatNeedsNothingIsAlwaysTried(t *testing.T) {
	for _, source := range []string{`^[\p{P}\s]*$`, "a|", "(?i)abc", "[^是]", "(吗|x{0,3})", "."} {
		p, err := newPattern(source)
		require.NoError(t, err)
		assert.True(t, p.mayMatch(charactersOf("退")), source)
	}
}

func TestNoRuleIsMissedForTheCharactersThatItNeeds(t *testing.T) {
	rs, err := loadRules()
	require.NoError(t, err)
	n, err := text.New()
	require.NoError(t, err)
	file, err := os.Open("../eval/testdata/questions.jsonl")
	require.NoError(t, err)
	defer file.Close()
	matches := 0
	for s := bufio.NewScanner(file); s.Scan(); {
		var q struct{ Question string }
		require.NoError(t, json.Unmarshal(s.Bytes(), &q))
		folded := n.Fold(q.Question)
		held := charactersOf(folded)
		for name, r := range rs {
			for _, p := range append(r.patterns, r.exceptions...) {
				if !p.mayMatch(held) && !assert.False(t, p.MatchString(folded), "%s: %s", name, folded) {
					return
				}
				if p.mayMatch(held) {
					matches++
				}
			}
		}
	}
	assert.Positive(t, matches)
}
