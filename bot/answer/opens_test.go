package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
)

func TestAPlaceThatIsNamedIsShownOnTheMapWhereItsRecordSaysWhereItLies(t *testing.T) {
	r := reply(t, turnOf("样例市示范区的退役军人服务中心在哪里")).Reply
	require.Len(t, r.Items, 1, "the first of the records alone")
	place := r.Items[0].Place
	require.NotNil(t, place)
	name := strings.TrimPrefix(place.Name, "【样例】")
	assert.NotEqual(t, name, place.Name, "a sample says that it is one")
	assert.Contains(t, r.Text, name)
	assert.Contains(t, r.Text, place.Address)
	assert.NotZero(t, place.Latitude)
	assert.Empty(t, reply(t, turnOf("优待证丢了怎么办")).Reply.Items)
}

// choiceOf is the act of the choice that begins with some words, empty for none.
func choiceOf(r bot.Reply, words string) string {
	for _, c := range r.Choices {
		if strings.HasPrefix(c.Text, words) {
			return c.Act
		}
	}
	return ""
}

func TestTheOfficialPagesOfAnAnswerAreOneTapAway(t *testing.T) {
	w := newWorld(t)
	a := w.answerer(t, true, nil)
	first, err := a.Answer(t.Context(), turnOf("优待证丢了怎么办"))
	require.NoError(t, err)
	act := choiceOf(first.Reply, "看依据的原文")
	require.NotEmpty(t, act)
	assert.Equal(t, "handover", first.Reply.Choices[len(first.Reply.Choices)-1].Act)

	shown, err := a.Answer(t.Context(), tap(act))
	require.NoError(t, err)
	assert.Equal(t, bot.DecideAnswer, shown.Decision)
	require.NotEmpty(t, shown.Reply.Items)
	assert.LessOrEqual(t, len(shown.Reply.Items), 2)
	for _, i := range shown.Reply.Items {
		require.NotNil(t, i.Page)
		assert.True(t, strings.HasPrefix(i.Page.URL, "https://"), i.Page.URL)
		titles := ""
		for _, s := range shown.Reply.Sources {
			titles += s.Title
		}
		assert.Contains(t, titles, i.Page.Title, "it is a source of the answer")
	}
	stale, err := a.Answer(t.Context(), tap("source:no-such-entry"))
	require.NoError(t, err)
	assert.Equal(t, bot.DecideAsk, stale.Decision)
	assert.Empty(t, stale.Reply.Items)
}

func TestTheMiniProgramIsOfferedOnlyWhereThereIsOne(t *testing.T) {
	w := newWorld(t)
	mini := &bot.MiniProgram{AppID: "wx1", Path: "pages/index.html", Title: "办事大厅"}
	a := w.answerer(t, true, func(o *answer.Options) { o.Mini = mini })
	got, err := a.Answer(t.Context(), turnOf("优待证在哪里办，要带什么"))
	require.NoError(t, err)
	act := choiceOf(got.Reply, "打开小程序“办事大厅”")
	require.NotEmpty(t, act)
	shown, err := a.Answer(t.Context(), tap(act))
	require.NoError(t, err)
	assert.Equal(t, []bot.Item{{Mini: mini}}, shown.Reply.Items)

	without := w.answerer(t, true, nil)
	got, err = without.Answer(t.Context(), turnOf("优待证在哪里办，要带什么"))
	require.NoError(t, err)
	assert.Empty(t, choiceOf(got.Reply, "打开小程序"))
	shown, err = without.Answer(t.Context(), tap(act))
	require.NoError(t, err)
	assert.Empty(t, shown.Reply.Items)
}
