package eval_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

// mostShared is how much of a question's trigrams one phrasing of the guide may have.
const mostShared = 0.6

var shippedFiles = []string{"testdata/questions.jsonl", "testdata/questions.held.jsonl"}

func shipped(t *testing.T) []eval.Question {
	t.Helper()
	var all []eval.Question
	for _, file := range shippedFiles {
		questions, err := eval.ReadFile(file)
		require.NoError(t, err)
		all = append(all, questions...)
	}
	return all
}

func TestThereAreEnoughQuestionsOfEveryKindAndAThirdIsHeldBack(t *testing.T) {
	kinds := make(map[string]float64)
	all := shipped(t)
	for _, q := range all {
		kinds[q.Kind]++
	}
	require.GreaterOrEqual(t, len(all), 320)
	for kind, want := range map[string]float64{
		"core": 0.56, "out_of_scope": 0.13, "person": 0.12, "directory": 0.08, "version_trap": 0.12,
	} {
		assert.InDelta(t, want, kinds[kind]/float64(len(all)), 0.02, kind)
	}
	held, err := eval.ReadFile(shippedFiles[1])
	require.NoError(t, err)
	assert.GreaterOrEqual(t, float64(len(held))/float64(len(all)), 0.33)
}

func TestNoQuestionIsAPhrasingOfTheGuide(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	var phrasings []string
	for _, e := range g.Entries {
		phrasings = append(append(phrasings, e.Question), e.Phrasings...)
	}
	has := make(map[string][]int)
	for i, p := range phrasings {
		for tri := range trigrams(p) {
			has[tri] = append(has[tri], i)
		}
	}
	for _, q := range shipped(t) {
		own := trigrams(q.Question)
		count := make(map[int]int)
		for tri := range own {
			for _, i := range has[tri] {
				count[i]++
			}
		}
		for i, n := range count {
			assert.LessOrEqual(t, float64(n)/float64(len(own)), mostShared,
				"%s %q is too near to %q", q.ID, q.Question, phrasings[i])
		}
	}
}

// trigrams are all runs of three letters or digits of a text without what stands between them; a
// shorter text is its own.
func trigrams(s string) map[string]bool {
	var letters []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, unicode.ToLower(r))
		}
	}
	all := make(map[string]bool)
	for i := range max(1, len(letters)-2) {
		all[string(letters[i:min(i+3, len(letters))])] = true
	}
	return all
}

func TestQuestionsAreLabelledWithWhatHoldsToday(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	today := knowledge.DateOf(asked)
	seen := make(map[string]string)
	for _, q := range shipped(t) {
		assert.Empty(t, seen[q.ID], "id %s is taken", q.ID)
		assert.Empty(t, seen[q.Question], "%s is asked twice", q.ID)
		seen[q.ID], seen[q.Question] = q.Question, q.ID
		assert.NotEmpty(t, q.Decision, q.ID)
		if q.Decision == bot.DecideAnswer || q.Decision == bot.DecidePartial {
			assert.NotEmpty(t, q.Relevant, q.ID)
		}
		for _, c := range q.Relevant {
			e, err := g.Register.Lookup(c.Doc)
			require.NoError(t, err, q.ID)
			assert.Equal(t, e.Key, c.Doc, q.ID)
			assert.True(t, e.InForce(today), "%s is labelled with %s", q.ID, c)
			assert.True(t, e.Region.Covers(q.Region), "%s is labelled with %s", q.ID, c)
		}
	}
}

func TestLabelledArticlesExist(t *testing.T) {
	folder := os.Getenv("RONGJUN_TEST_LAWS")
	if folder == "" {
		t.Skip("RONGJUN_TEST_LAWS does not name the folder of the statutes")
	}
	texts := make(map[string]string)
	for _, q := range shipped(t) {
		for _, c := range q.Relevant {
			if texts[c.Doc] == "" {
				texts[c.Doc] = statute(t, folder, c.Doc)
			}
			assert.True(t, c.Article == 0 || hasArticle(texts[c.Doc], c.Article), "%s: %s", q.ID, c)
		}
	}
}

// statute reads a text from the folder of the statutes or one of its folders.
func statute(t *testing.T, folder, key string) string {
	t.Helper()
	for _, at := range []string{".", "adjacent", "local"} {
		if data, err := os.ReadFile(filepath.Join(folder, at, key+".md")); err == nil {
			return string(data)
		}
	}
	require.Fail(t, "no such statute", key)
	return ""
}

// hasArticle knows both shapes in which the texts begin an article.
func hasArticle(text string, article int) bool {
	name := knowledge.ArticleName(article)
	return strings.Contains(text, "\n"+name) || strings.Contains(text, "\n- **"+name+"**")
}
