package eval_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
)

// articles are the texts at hand in these tests.
func articles(c knowledge.Citation) (string, bool) {
	text, ok := map[knowledge.Citation]string{
		cite("new", 1): "增发5%。", cite("old", 1): "增发10%。",
	}[c]
	return text, ok
}

func TestAFigureIsCarriedByWhatTheContractCounts(t *testing.T) {
	entry := hit("entry:x", "30日内报到，给7%。", cite("new", 1), cite("new", 2))
	place := bot.Hit{Passage: "place:x", Text: "电话：0571-1234567"}
	for name, c := range map[string]struct {
		answer bot.Answer
		want   []string
	}{
		"the text of a cited article":  {says("answer", "增发5%。", cite("new", 1)), nil},
		"an article that is not cited": {says("answer", "增发5%。"), []string{"5%"}},
		"an article out of force":      {says("answer", "增发10%。", cite("old", 1)), []string{"10%"}},
		"the entry where no text is":   {found(says("answer", "30日。", cite("new", 2)), entry), nil},
		"the entry beside a text at hand": {
			found(says("answer", "7%。", cite("new", 1)), entry), []string{"7%"},
		},
		"an entry found but not cited": {found(says("answer", "30日。"), entry), []string{"30日"}},
		"the register's dates":         {says("answer", "2024年9月1日起。", cite("new", 2)), nil},
		"a register's date not cited":  {says("answer", "2024年9月1日起。"), []string{"2024年9月1日"}},
		"a directory record":           {found(says("directory", "打0571-1234567。"), place), nil},
		"the contact's own words":      {says("answer", "您说的12年。"), nil},
		"the contact's earlier words":  {says("answer", "您说的3级。"), nil},
		"our own earlier words":        {says("answer", "40%。"), []string{"40%"}},
		"the numbers of crisis":        {says("crisis", "打110、120或12356。"), nil},
		"the desk's clock":             {says("answer", "现在是2026年11月24日10:30。"), nil},
		"numbers of articles":          {says("answer", "第二十二条（一）。"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			q := eval.Question{ID: "a", Question: "我当了12年", History: []eval.Earlier{
				{Role: "user", Content: "我是3级"}, {Role: "assistant", Content: "40%"},
			}}
			s := &script{answers: map[string]bot.Answer{q.Question: c.answer}}
			r, err := eval.Run(context.Background(), s, []eval.Question{q}, eval.Options{
				Register: laws, Article: articles, At: asked,
			})
			require.NoError(t, err)
			assert.Equal(t, c.want, r.Outcomes[0].Unsupported)
			assert.Len(t, r.Unsupported, len(c.want))
		})
	}
}
