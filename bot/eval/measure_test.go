package eval_test

import (
	"bytes"
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
)

// Three questions with relevant articles and one without. The articles found, in the order of ranks:
//
//	一: new1 new2 new3 (new4 is the fourth of its hit) new5; relevant new1, new4. First rank 1.
//	二: new9 new8 new7 | new6 new5 new4 | new3; relevant new3, in seventh place after the repeated
//	    new9 is left out.
//	三: nothing found; relevant new1.
//
// recall@1 = (1/2 + 0 + 0) / 3, recall@5 the same, recall@10 = (1/2 + 1 + 0) / 3,
// hit@5 = 1/3, MRR = (1 + 1/7 + 0) / 3.
func TestRetrievalIsScoredOverDistinctArticles(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{
		"一": found(says(bot.DecideAnswer, "甲"),
			hit("a", "", cite("new", 1), cite("new", 2), cite("new", 3), cite("new", 4)),
			hit("b", "", cite("new", 5))),
		"二": found(says(bot.DecideAnswer, "乙"),
			hit("a", "", cite("new", 9), cite("new", 8), cite("new", 7)),
			hit("b", "", cite("new", 9)), bot.Hit{Passage: "place:x"},
			hit("c", "", cite("new", 6), cite("new", 5), cite("new", 4)),
			hit("d", "", cite("new", 3))),
		"三": says(bot.DecideAnswer, "丙"),
		"四": found(says(bot.DecideAnswer, "丁"), hit("a", "", cite("new", 1))),
	}}
	r := run(t, s,
		eval.Question{ID: "1", Question: "一", Relevant: []knowledge.Citation{
			cite("new", 1), cite("new", 4), cite("new", 4),
		}},
		eval.Question{ID: "2", Question: "二", Relevant: []knowledge.Citation{cite("new", 3)}},
		eval.Question{ID: "3", Question: "三", Relevant: []knowledge.Citation{cite("new", 1)}},
		eval.Question{ID: "4", Question: "四"})
	assert.Equal(t, 3, r.Retrieval.Scored)
	assert.InDelta(t, 1.0/6, r.Retrieval.Recall1, 1e-9)
	assert.InDelta(t, 1.0/6, r.Retrieval.Recall5, 1e-9)
	assert.InDelta(t, 1.5/3, r.Retrieval.Recall10, 1e-9)
	assert.InDelta(t, 1.0/3, r.Retrieval.Hit5, 1e-9)
	assert.InDelta(t, (1+1.0/7)/3, r.Retrieval.MRR, 1e-9)
	assert.Equal(t, []int{1, 7, 0, 0}, ranks(r))
}

func ranks(r eval.Report) []int {
	var all []int
	for _, o := range r.Outcomes {
		all = append(all, o.Rank)
	}
	return all
}

func TestDecisionsFoldAsTheContractSays(t *testing.T) {
	for _, c := range []struct{ got, label, folded bot.Decision }{
		{bot.DecideCrisis, bot.DecideHandover, bot.DecideHandover},
		{bot.DecideSensitive, bot.DecideDecline, bot.DecideDecline},
		{bot.DecideRule, bot.DecideAnswer, bot.DecideAnswer},
		{bot.DecideNone, bot.DecidePartial, bot.DecidePartial},
		{bot.DecideAsk, bot.DecideDirectory, bot.DecideDirectory},
		{bot.DecideAsk, bot.DecidePartial, bot.DecidePartial},
		{bot.DecideAsk, bot.DecideAnswer, bot.DecidePartial},
		{bot.DecideError, bot.DecideAnswer, bot.DecideError},
		{bot.DecideAnswer, bot.DecideAnswer, bot.DecideAnswer},
	} {
		assert.Equal(t, c.folded, eval.Fold(c.got, c.label), "%s for %s", c.got, c.label)
	}
}

// Of five labelled questions three are right: a crisis for handover, an ask for directory, an answer.
// A label is folded like a decision. The sixth has no label.
func TestDecisionsAreCountedByLabel(t *testing.T) {
	answers := map[string]bot.Answer{}
	var questions []eval.Question
	for i, d := range [][2]bot.Decision{
		{bot.DecideCrisis, bot.DecideHandover},
		{bot.DecideAsk, bot.DecideDirectory},
		{bot.DecideAnswer, bot.DecideRule},
		{bot.DecideAnswer, bot.DecidePartial},
		{bot.DecidePartial, bot.DecideAnswer},
		{bot.DecideDecline, ""},
	} {
		text := strconv.Itoa(i)
		answers[text] = says(d[0], "答")
		questions = append(questions, eval.Question{ID: text, Question: text, Decision: d[1]})
	}
	r := run(t, &script{answers: answers}, questions...)
	assert.Equal(t, 5, r.Decisions.Scored)
	assert.Equal(t, 3, r.Decisions.Right)
	assert.InDelta(t, 0.6, r.Decisions.Accuracy, 1e-9)
	assert.Equal(t, map[bot.Decision]map[bot.Decision]int{
		bot.DecideHandover:  {bot.DecideHandover: 1},
		bot.DecideDirectory: {bot.DecideDirectory: 1},
		bot.DecideAnswer:    {bot.DecideAnswer: 1, bot.DecidePartial: 1},
		bot.DecidePartial:   {bot.DecideAnswer: 1},
	}, r.Decisions.Confusion)
}

// 一 shows two citations of which one is relevant, 二 one that is; 三 has no relevant articles and is
// left out. Precision is 2 of 3.
func TestCitationsAreScoredWhereArticlesAreRelevant(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{
		"一": says(bot.DecideAnswer, "甲", cite("new", 1), cite("new", 2), cite("new", 1)),
		"二": says(bot.DecideAnswer, "乙", cite("new", 3)),
		"三": says(bot.DecideAnswer, "丙", cite("new", 4)),
	}}
	r := run(t, s,
		eval.Question{ID: "1", Question: "一", Relevant: []knowledge.Citation{cite("new", 1)}},
		eval.Question{ID: "2", Question: "二", Relevant: []knowledge.Citation{cite("new", 3)}},
		eval.Question{ID: "3", Question: "三"})
	assert.Equal(t, 3, r.Citations.Shown)
	assert.Equal(t, 2, r.Citations.Right)
	assert.InDelta(t, 2.0/3, r.Citations.Precision, 1e-9)
}

func TestCitationsCountAsOutOfForceOnTheDayOfTheQuestion(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{
		"旧": says(bot.DecideAnswer, "甲", cite("old", 1)),
		"新": says(bot.DecideAnswer, "乙", cite("new", 1)),
		"外": says(bot.DecideAnswer, "丙", cite("unknown", 1)),
	}}
	then := knowledge.Date{Year: 2019, Month: 7, Day: 1}
	r := run(t, s,
		eval.Question{ID: "1", Question: "旧"}, eval.Question{ID: "2", Question: "新"},
		eval.Question{ID: "3", Question: "外"})
	assert.Equal(t, []eval.Finding{{ID: "1", What: "old#1"}}, r.OutOfForce)
	r = run(t, s, eval.Question{ID: "1", Question: "旧", AsOf: then},
		eval.Question{ID: "2", Question: "新", AsOf: then})
	assert.Equal(t, []eval.Finding{{ID: "2", What: "new#1"}}, r.OutOfForce)
}

func TestAnotherRegionsRuleIsFoundUnlessItWasAskedFor(t *testing.T) {
	zj := says(bot.DecideAnswer, "甲", cite("zj", 1))
	s := &script{answers: map[string]bot.Answer{"坐车": zj, "浙江坐车": zj}}
	r := run(t, s,
		eval.Question{ID: "1", Question: "坐车"},
		eval.Question{ID: "2", Question: "坐车", Region: "江苏省"},
		eval.Question{ID: "3", Question: "坐车", Region: "浙江省/杭州市"},
		eval.Question{ID: "4", Question: "浙江坐车"})
	assert.Equal(t, []eval.Finding{{ID: "1", What: "zj#1"}, {ID: "2", What: "zj#1"}}, r.Elsewhere)
}

// Answer n takes n milliseconds. Of 1..20 the 10th value is p50 and the 19th p95.
func TestTimesAreRankedByNearestRank(t *testing.T) {
	c := &clock{now: asked}
	s := &script{clock: c}
	var questions []eval.Question
	for i := range 20 {
		questions = append(questions, eval.Question{ID: strconv.Itoa(i), Question: "问"})
	}
	r, err := eval.Run(context.Background(), s, questions, eval.Options{Now: c.Now})
	require.NoError(t, err)
	assert.Equal(t, eval.Latency{P50: 10, P95: 19}, r.Latency)
	assert.Equal(t, asked, s.turns[19].Now, "all are asked at one time")
}

func TestKindsAreScoredEach(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{
		"一": found(says(bot.DecideAnswer, "甲"), hit("a", "", cite("new", 1))),
		"二": says(bot.DecideDecline, "乙"),
	}}
	relevant := []knowledge.Citation{cite("new", 1)}
	r := run(t, s,
		eval.Question{ID: "1", Kind: "core", Question: "一", Relevant: relevant, Decision: "answer"},
		eval.Question{ID: "2", Kind: "core", Question: "二", Relevant: relevant, Decision: "answer"},
		eval.Question{ID: "3", Kind: "away", Question: "二", Decision: "decline"})
	assert.Equal(t, []eval.Kind{
		{Name: "away", Questions: 1, Scored: 1, Right: 1},
		{Name: "core", Questions: 2, Scored: 2, Right: 1, Wanted: 2, Found: 1},
	}, r.Kinds)
}

func TestTheReportIsReadableByOperators(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{
		"一": found(says(bot.DecideAnswer, "给88%。", cite("old", 1)), hit("a", "", cite("new", 1))),
		"二": says(bot.DecideDecline, "乙"),
	}}
	r := run(t, s,
		eval.Question{
			ID: "q1", Kind: "core", Question: "一", Decision: "answer",
			Relevant: []knowledge.Citation{cite("new", 1)},
		},
		eval.Question{ID: "q2", Question: "二", Decision: "partial"})
	r.Latency = eval.Latency{P50: 3, P95: 4.5}
	var b bytes.Buffer
	require.NoError(t, r.WriteText(&b))
	assert.Equal(t, `问题                2 条，其中没能回答 0 条
召回@1 / @5 / @10   1.000 / 1.000 / 1.000（1 条有相关条文）
命中@5              1.000
首条排名倒数均值    1.000
判断正确            0.500（1 / 2）
引用准确            0.000（0 / 1）
失效引用            1
外地引用            0
无出处的数字        1
用时 p50 / p95      3.0 / 4.5 毫秒

类别                    问题      判断正确        命中@5
（未分类）                 1           0/1           0/0
core                       1           1/1           1/1

应为＼实为         answer    partial   handover    decline  directory      error
answer                  1          0          0          0          0          0
partial                 0          0          0          1          0          0

引用了当时不在施行的条文：
  q1  old#1

没有出处的数字：
  q1  88%
`, b.String())
}
