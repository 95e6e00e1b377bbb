package eval_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
)

func TestATurnCarriesTheQuestionAsTheWorkerWouldHandItOver(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{"那我呢": says(bot.DecideAnswer, "好。")}}
	q := eval.Question{
		ID: "a", Question: "那我呢", Region: "浙江省", AsOf: knowledge.Date{Year: 2020, Month: 5, Day: 1},
		History: []eval.Earlier{{Role: "user", Content: "他有"}, {Role: "assistant", Content: "对"}},
	}
	run(t, s, q)
	turn := s.turns[0]
	assert.Equal(t, "那我呢", turn.Text())
	assert.True(t, turn.Conversation.Introduced)
	assert.Equal(t, bot.StateBot, turn.Conversation.State)
	assert.Equal(t, knowledge.Region("浙江省"), turn.Conversation.Contact.Region)
	assert.Equal(t, q.AsOf, turn.AsOf)
	assert.Equal(t, asked, turn.Now)
	require.Len(t, turn.History, 2)
	assert.Equal(t, bot.FromContact, turn.History[0].From)
	assert.Equal(t, bot.FromBot, turn.History[1].From)
	assert.Equal(t, "对", turn.History[1].Text)
}

func TestATurnCarriesOnlyTheNewestHistory(t *testing.T) {
	s := &script{}
	q := eval.Question{ID: "a", Question: "问"}
	for range bot.HistoryLimit + 3 {
		q.History = append(q.History, eval.Earlier{Role: "user", Content: "早"})
	}
	q.History = append(q.History, eval.Earlier{Role: "user", Content: "最后"})
	run(t, s, q)
	require.Len(t, s.turns[0].History, bot.HistoryLimit)
	assert.Equal(t, "最后", s.turns[0].History[bot.HistoryLimit-1].Text)
}

func TestAnAnswerIsWrittenAsTheContractSays(t *testing.T) {
	answer := found(says(bot.DecideAnswer, "可以。", cite("zj-again", 3), cite("zj", 3)),
		hit("entry:x", "词条", cite("new", 2)), bot.Hit{Passage: "place:y", Text: "某中心"})
	answer.Reply.Sources = answer.Reply.Sources[1:]
	answer.Reply.Sources[0].InForce = "2015年5月1日起施行"
	report := run(t, &script{answers: map[string]bot.Answer{"问": answer}},
		eval.Question{ID: "a", Question: "问"})
	var b bytes.Buffer
	report.Lines[0].MS = 12
	require.NoError(t, eval.Write(&b, report.Lines))
	assert.Equal(t, `{"id":"a","decision":"answer","hits":[`+
		`{"passage":"entry:x","text":"词条","cites":[{"doc":"new","article":2}],"score":1},`+
		`{"passage":"place:y","text":"某中心","cites":[],"score":0}],`+
		`"citations":[{"doc":"zj","article":3}],`+
		`"reply":"可以。\n\n依据：《浙江省条例》第三条（2015年5月1日起施行）","ms":12}`+"\n", b.String())

	lines, err := eval.ReadLines(&b)
	require.NoError(t, err)
	assert.Equal(t, report.Lines, lines)
}

func TestAnAliasIsWrittenAndScoredAsTheKey(t *testing.T) {
	answer := found(says(bot.DecideAnswer, "可以。", cite("zj", 3), cite("zj-again", 3)),
		hit("a", "文", cite("zj-again", 3), cite("zj", 3)))
	report := run(t, &script{answers: map[string]bot.Answer{"浙江的": answer}},
		eval.Question{ID: "a", Question: "浙江的", Relevant: []knowledge.Citation{cite("zj-again", 3)}})
	want := []knowledge.Citation{cite("zj", 3)}
	assert.Equal(t, want, report.Lines[0].Citations)
	assert.Equal(t, want, report.Lines[0].Hits[0].Cites)
	assert.InDelta(t, 1, report.Retrieval.Recall1, 0)
	assert.Equal(t, eval.Citations{Shown: 1, Right: 1, Precision: 1}, report.Citations)
}

func TestAFailedAnswerIsAnErrorAndTheRestGoesOn(t *testing.T) {
	s := &script{answers: map[string]bot.Answer{"二": says(bot.DecideNone, "不知道。")}}
	r := run(t, s, eval.Question{ID: "1", Question: "一", Decision: bot.DecideError},
		eval.Question{ID: "2", Question: "二", Decision: bot.DecidePartial})
	assert.Equal(t, 1, r.Errors)
	assert.Equal(t, bot.DecideError, r.Lines[0].Decision)
	assert.False(t, r.Outcomes[0].Right, "an error is always wrong")
	assert.True(t, r.Outcomes[1].Right)
}

func TestARunEndsWithItsContextAndWithItsListener(t *testing.T) {
	questions := []eval.Question{{ID: "1", Question: "一"}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := eval.Run(ctx, &script{}, questions, eval.Options{})
	require.ErrorIs(t, err, context.Canceled)

	full := errors.New("disk full")
	_, err = eval.Run(context.Background(), &script{}, questions, eval.Options{
		Each: func(l eval.Line) error {
			assert.Equal(t, "1", l.ID)
			return full
		},
	})
	require.ErrorIs(t, err, full)
}

func TestQuestionsAreReadWithWhatTheyLeaveOut(t *testing.T) {
	questions, err := eval.Read(strings.NewReader("\ufeff" +
		`{"id":"a","question":"问","note":"x","relevant":[{"doc":"d","article":2}],"decision":"ask"}` +
		"\n\n" + `{"question":"二","as_of":"2023-05-01","region":"浙江省"}`))
	require.NoError(t, err)
	require.Len(t, questions, 2)
	assert.Equal(t, []knowledge.Citation{cite("d", 2)}, questions[0].Relevant)
	assert.Equal(t, bot.DecideAsk, questions[0].Decision)
	assert.Equal(t, "3", questions[1].ID, "a line without an id goes by its number")
	assert.Equal(t, "2023-05-01", questions[1].AsOf.String())
}

func TestFaultsOfQuestionsAreToldWithTheirLines(t *testing.T) {
	_, err := eval.Read(strings.NewReader(`{"id":"a","question":"问"}
{"id":"a","question":"又问"}
{"id":"b"}
not json
{"id":"c","question":"问","decision":"maybe"}
{"id":"d","question":"问","history":[{"role":"system","content":"x"}]}
`))
	require.ErrorIs(t, err, bot.ErrInvalid)
	for _, want := range []string{
		`line 2: id "a" is taken by line 1`, "line 3: question is empty", "line 4: ",
		`line 5: decision "maybe"`, `line 6: role "system"`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

func TestMeasuringNeedsTheAnswersOfTheQuestions(t *testing.T) {
	questions := []eval.Question{{ID: "1", Question: "一"}}
	_, err := eval.Measure(questions, nil, eval.Options{})
	require.ErrorIs(t, err, bot.ErrInvalid)
	_, err = eval.Measure(questions, []eval.Line{{ID: "2"}}, eval.Options{})
	require.ErrorIs(t, err, bot.ErrInvalid)
}

func TestAnEmptyReportHasNoNullLists(t *testing.T) {
	r, err := eval.Run(context.Background(), &script{}, nil, eval.Options{})
	require.NoError(t, err)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"out_of_force":[],"elsewhere":[],"unsupported":[]`)
}
