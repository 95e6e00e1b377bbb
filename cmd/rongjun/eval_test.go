package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/config"
	"rongjun/knowledge"
)

// scores are the figures below which the program must not fall, and the number of figures in replies
// that nothing carries, above which it must not rise.
type scores struct {
	Hit5        float64 `json:"hit@5"`
	Recall10    float64 `json:"recall@10"`
	Accuracy    float64 `json:"accuracy"`
	Unsupported int     `json:"unsupported"`
}

// floorFile records scores by the file of questions, for the guide alone and with the statutes.
const floorFile = "testdata/floors.json"

func floors(t testing.TB) map[string]scores {
	t.Helper()
	recorded := make(map[string]scores)
	data, err := os.ReadFile(floorFile)
	if *update && errors.Is(err, fs.ErrNotExist) {
		return recorded
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &recorded))
	return recorded
}

// holds compares a report with the recorded scores, or records it. What cites a text that is not in
// force, or another region's, is never allowed.
func holds(t *testing.T, name string, r eval.Report) {
	t.Helper()
	assert.Empty(t, r.OutOfForce)
	assert.Empty(t, r.Elsewhere)
	assert.Zero(t, r.Errors)
	all := floors(t)
	if *update {
		down := func(x float64) float64 { return math.Floor(x*100) / 100 }
		all[name] = scores{
			down(r.Retrieval.Hit5), down(r.Retrieval.Recall10), down(r.Decisions.Accuracy),
			len(r.Unsupported),
		}
		data, err := json.MarshalIndent(all, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(floorFile, append(data, '\n'), 0o644))
		return
	}
	floor, recorded := all[name]
	require.True(t, recorded, "no scores are recorded for %q: run with -update", name)
	assert.GreaterOrEqual(t, r.Retrieval.Hit5, floor.Hit5, "hit@5")
	assert.GreaterOrEqual(t, r.Retrieval.Recall10, floor.Recall10, "recall@10")
	assert.GreaterOrEqual(t, r.Decisions.Accuracy, floor.Accuracy, "accuracy")
	assert.LessOrEqual(t, len(r.Unsupported), floor.Unsupported, "unsupported: %v", r.Unsupported)
}

// measuring is a shelf with the guide and what is imported, on which questions are asked as of a fixed
// day.
type measuring struct {
	shelf    *shelf
	answerer bot.Answerer
}

func newMeasuring(t *testing.T, imports ...string) measuring {
	t.Helper()
	s := settings(t, func(s *config.Config) { s.Sample = config.No })
	shelf, err := newShelf(s, nil)
	require.NoError(t, err)
	shelf.guide, shelf.meaning.wanted.Embedder = shippedGuide(t), embedder(t)
	command := evalCommand{Import: imports}
	// Imported texts are found by words alone here: embedding them takes minutes.
	require.NoError(t, command.publish(t.Context(), shelf, newProgress(os.Stderr, "")))
	answerer, err := newAnswerer(s, shelf, newLog(s.Log, world{err: os.Stderr}), unhurried)
	require.NoError(t, err)
	return measuring{shelf, answerer}
}

func (m measuring) ask(t *testing.T, file string) eval.Report {
	t.Helper()
	questions, err := eval.ReadFile(filepath.Join("../../bot/eval/testdata", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the questions are not there: %v", err)
	}
	require.NoError(t, err)
	at := time.Date(2026, time.November, 24, 10, 0, 0, 0, knowledge.China())
	r, err := eval.Run(t.Context(), m.answerer, questions, measured(m.shelf, at))
	require.NoError(t, err)
	return r
}

// questionFiles are the questions to tune on and those held back.
var questionFiles = []string{"questions.jsonl", "questions.held.jsonl"}

func TestAnswersOfTheGuideAloneStayAsGoodAsRecorded(t *testing.T) {
	t.Parallel()
	m := newMeasuring(t)
	for _, file := range questionFiles {
		t.Run(file, func(t *testing.T) { holds(t, file, m.ask(t, file)) })
	}
}

func TestAnswersWithTheStatutesStayAsGoodAsRecorded(t *testing.T) {
	t.Parallel()
	laws := os.Getenv("RONGJUN_TEST_LAWS")
	if laws == "" {
		t.Skip("RONGJUN_TEST_LAWS does not name the folder of the statutes")
	}
	m := newMeasuring(t, laws)
	for _, file := range questionFiles {
		t.Run(file, func(t *testing.T) { holds(t, file+" with statutes", m.ask(t, file)) })
	}
}

// ownQuestions are asked of the notices of a city that does not exist, beside the guide.
const ownQuestions = "own/questions.jsonl"

func TestAnswersFromImportedNoticesStayAsGoodAsRecorded(t *testing.T) {
	t.Parallel()
	m := newMeasuring(t, "../../bot/eval/testdata/own/notices")
	require.NoError(t, m.shelf.deepen(t.Context(), quietly))
	holds(t, ownQuestions, m.ask(t, ownQuestions))
}

const threeQuestions = `{"id":"a","question":"优待证怎么办理？","decision":"answer",` +
	`"relevant":[{"doc":"中华人民共和国退役军人保障法(2020)","article":15}]}
{"id":"b","question":"帮我写一首诗","decision":"decline"}

{"question":"甲市坐公共汽车要钱吗"}
`

func TestEvalWritesALineForEachQuestionAndComparesWithEarlierOnes(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	dir := folder(t, map[string]string{"q.jsonl": threeQuestions, "laws/甲市优待办法.md": smallLaw})
	questions, out := filepath.Join(dir, "q.jsonl"), filepath.Join(dir, "out.jsonl")
	text := o.succeeds("eval", "--questions", questions, "--out", out)
	assert.Contains(t, text, "3 条，其中没能回答 0 条")
	assert.NoDirExists(t, o.data(), "an evaluation makes no database")
	file, err := os.Open(out)
	require.NoError(t, err)
	defer file.Close()
	lines, err := eval.ReadLines(file)
	require.NoError(t, err)
	require.Len(t, lines, 3)
	assert.Equal(t, []string{"a", "b", "4"}, []string{lines[0].ID, lines[1].ID, lines[2].ID})
	assert.GreaterOrEqual(t, len(lines[0].Hits), 20)

	again := filepath.Join(dir, "again.jsonl")
	told := decoded[struct {
		Questions  int
		Comparison eval.Comparison
	}](t, o.succeeds("eval", "--json", "--questions", questions, "--out", again, "--compare", out,
		"--import", filepath.Join(dir, "laws")))
	assert.Equal(t, 3, told.Questions)
	assert.NotEmpty(t, told.Comparison.Scores)
	assert.Empty(t, told.Comparison.Missing)
	data, err := os.ReadFile(again)
	require.NoError(t, err)
	assert.Contains(t, string(data), "甲市优待办法#2")
}

func TestEvalTellsWhatIsWrongWithItsFiles(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	dir := folder(t, map[string]string{"bad.jsonl": "{}\n\nnothing\n", "q.jsonl": threeQuestions})
	bad, good := filepath.Join(dir, "bad.jsonl"), filepath.Join(dir, "q.jsonl")
	out := filepath.Join(dir, "out.jsonl")
	assert.Contains(t, o.fails("eval", "--questions", bad, "--out", out), "第 1、3 行有误")
	assert.Contains(t, o.fails("eval", "--questions", good, "--out", out, "--compare", bad), "第 3 行有误")
	assert.Contains(t, o.fails("eval", "--questions", dir+"/none", "--out", out), "没有这个问题文件")
	assert.Contains(t, o.fails("eval", "--questions", good, "--out", dir+"/no/out"), "写不了")
	assert.Equal(t, exitUsage, o.runs("eval").code)
}
