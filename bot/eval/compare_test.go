package eval_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
)

func TestComparingSaysWhatGotBetterAndWorse(t *testing.T) {
	before := eval.Report{Outcomes: []eval.Outcome{
		{ID: "same", Right: true, Got: "answer", Rank: 1},
		{ID: "better", Got: "none", Rank: 0},
		{ID: "worse", Right: true, Got: "answer", Rank: 2, Found10: 2},
		{ID: "both", Got: "answer", Rank: 1, Unsupported: []string{"5%"}},
		{ID: "gone"},
	}}
	before.Decisions.Accuracy = 0.5
	after := eval.Report{Outcomes: []eval.Outcome{
		{ID: "same", Right: true, Got: "answer", Rank: 4},
		{ID: "better", Right: true, Got: "partial", Rank: 5, Found10: 1},
		{ID: "worse", Got: "error", Rank: 6, Found10: 1},
		{ID: "both", Got: "answer", Rank: 1, OutOfForce: []knowledge.Citation{cite("old", 1)}},
		{ID: "new"},
	}}
	after.Decisions.Accuracy = 0.75
	c := eval.Compare(before, after)
	assert.Equal(t, []eval.Change{
		{ID: "better", What: []string{"判断 none→partial", "首条名次 没找到→5", "前十条找到 0→1"}},
		{ID: "both", What: []string{"无出处的数字 1→0"}},
	}, c.Better)
	assert.Equal(t, []eval.Change{
		{ID: "worse", What: []string{"判断 answer→error", "首条名次 2→6", "前十条找到 2→1"}},
		{ID: "both", What: []string{"失效引用 0→1"}},
	}, c.Worse)
	assert.Equal(t, []string{"new", "gone"}, c.Missing)

	var b bytes.Buffer
	require.NoError(t, c.WriteText(&b))
	assert.Contains(t, b.String(), "判断正确                 0.500     0.750\n")
	assert.Contains(t, b.String(), "\n变差 2 条\n  worse  判断 answer→error；首条名次 2→6；")
	assert.Contains(t, b.String(), "只在一份结果里的问题 2 条：new、gone")
}

func TestAReportOfEarlierAnswersIsTheReportOfTheirRun(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{
		"一": found(says(bot.DecideAnswer, "给88%。", cite("old", 1)), hit("a", "", cite("new", 1))),
	}}
	questions := []eval.Question{{
		ID: "1", Question: "一", Decision: "answer", Relevant: []knowledge.Citation{cite("new", 1)},
	}}
	r := run(t, s, questions...)
	var b bytes.Buffer
	require.NoError(t, eval.Write(&b, r.Lines))
	lines, err := eval.ReadLines(&b)
	require.NoError(t, err)
	again, err := eval.Measure(questions, lines, eval.Options{Register: laws, At: asked})
	require.NoError(t, err)
	assert.Equal(t, r, again)
	assert.Empty(t, eval.Compare(r, again).Better)
	assert.Empty(t, eval.Compare(r, again).Worse)
}
