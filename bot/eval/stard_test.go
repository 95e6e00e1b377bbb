package eval_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

// stardFolder writes a small set in the files of STARD: article i is about topic i.
func stardFolder(t testing.TB, questions ...string) string {
	t.Helper()
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "corpus.jsonl.gz"))
	require.NoError(t, err)
	zipped := gzip.NewWriter(file)
	topics := []rune("牛羊马猪狗鸡鸭鹅兔鼠")
	for i, topic := range topics {
		_, err := fmt.Fprintf(zipped, `{"id":"%d","name":"动物法第%d条","content":"养%[3]c的人应当给%[3]c办证。"}`+"\n",
			i, i+1, topic)
		require.NoError(t, err)
	}
	require.NoError(t, zipped.Close())
	require.NoError(t, file.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "train.jsonl"),
		[]byte(strings.Join(questions, "\n")+"\n"), 0o600))
	return dir
}

func TestASampleOfStardHoldsWhatQuestionsNameAndIsDrawnTheSameAgain(t *testing.T) {
	dir := stardFolder(t, `{"id":"a","question":"养羊要办证吗","relevant":["1"]}`,
		`{"id":"b","question":"鼠呢","relevant":["9","0"]}`)
	whole, err := eval.ReadStard(dir)
	require.NoError(t, err)
	require.Len(t, whole.Articles, 10)
	require.Len(t, whole.Questions, 2)
	assert.Equal(t, eval.StardArticle{ID: "1", Name: "动物法第2条", Content: "养羊的人应当给羊办证。"}, whole.Articles[1])

	drawn := func(n int, seed uint64) []string {
		var ids []string
		for _, a := range whole.Sample(n, seed).Articles {
			ids = append(ids, a.ID)
		}
		return ids
	}
	assert.Equal(t, []string{"0", "1", "9"}, drawn(0, 1))
	assert.Len(t, drawn(6, 1), 6)
	assert.Equal(t, drawn(6, 1), drawn(6, 1))
	assert.Subset(t, drawn(6, 1), []string{"0", "1", "9"})
	assert.NotEqual(t, drawn(6, 1), drawn(6, 2))
	assert.ElementsMatch(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, drawn(99, 1))
}

func TestStardIsRefusedWhereAnArticleIsMissing(t *testing.T) {
	_, err := eval.ReadStard(stardFolder(t, `{"id":"a","question":"羊","relevant":["77"]}`))
	require.ErrorIs(t, err, bot.ErrInvalid)
	_, err = eval.ReadStard(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStardSetsPlainWordsBesideOurs(t *testing.T) {
	set, err := eval.ReadStard(stardFolder(t, `{"id":"a","question":"養羊","relevant":["1"]}`,
		`{"id":"b","question":"兔","relevant":["8"]}`))
	require.NoError(t, err)
	x, err := index.Build(context.Background(), set.Passages(), index.Options{})
	require.NoError(t, err)
	asked := 0
	r, err := eval.RunStard(t.Context(), set, x, make([][]float32, 2),
		knowledge.Date{Year: 2026, Month: time.November, Day: 24}, func(done, _ int) { asked = done })
	require.NoError(t, err)
	assert.Equal(t, 2, asked)
	assert.Equal(t, 10, r.Articles)
	assert.Equal(t, 2, r.Tuned.Both.Questions)
	assert.Zero(t, r.Reported.Both.Questions)
	assert.Equal(t, 1.0, r.Tuned.Plain.Recall1)
	assert.Equal(t, 1.0, r.Tuned.Both.Recall1)
	assert.Equal(t, 1.0, r.Tuned.Ratio)
	var text strings.Builder
	require.NoError(t, r.WriteText(&text))
	assert.Contains(t, text.String(), "召回@10 是 BM25 的 1.000 倍")
}

func TestScoresOfStardCountSharesAndRanks(t *testing.T) {
	questions := []eval.StardQuestion{{Relevant: []string{"x", "y"}}, {Relevant: []string{"z"}}}
	s := eval.ScoreStard(questions, [][]string{{"a", "x", "b", "c", "d", "y"}, {"q"}})
	assert.Equal(t, eval.StardScore{
		Questions: 2, Recall1: 0, Recall5: 0.25, Recall10: 0.5, Recall100: 0.5, MRR: 0.25,
	}, s)
}
