package eval_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge"
)

// script is an Answerer that says what was written for a question, and fails where nothing was.
type script struct {
	answers map[string]bot.Answer
	turns   []bot.Turn
	clock   *clock
}

func (s *script) Answer(_ context.Context, t bot.Turn) (bot.Answer, error) {
	s.turns = append(s.turns, t)
	if s.clock != nil {
		// The n-th answer takes n milliseconds.
		s.clock.now = s.clock.now.Add(time.Duration(len(s.turns)) * time.Millisecond)
	}
	answer, ok := s.answers[t.Text()]
	if !ok {
		return bot.Answer{}, errors.New("nothing written")
	}
	return answer, nil
}

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// asked is when all questions of these tests are asked.
var asked = time.Date(2026, 11, 24, 10, 30, 0, 0, knowledge.China())

// register knows a text in force, the one it replaced, and one of Zhejiang with two names.
type register map[string]knowledge.Enactment

func (r register) Lookup(key string) (knowledge.Enactment, error) {
	for _, e := range r {
		if e.Key == key || len(e.Aliases) > 0 && e.Aliases[0] == key {
			return e, nil
		}
	}
	return knowledge.Enactment{}, fmt.Errorf("enactment %q: %w", key, knowledge.ErrNotFound)
}

var laws = register{
	"new": {
		Key: "new", Title: "安置条例", Issuer: "国务院",
		Effective: knowledge.Date{Year: 2024, Month: 9, Day: 1}, Replaces: []string{"old"},
	},
	"old": {
		Key: "old", Title: "旧安置条例", Effective: knowledge.Date{Year: 2011, Month: 11, Day: 1},
		Repealed: knowledge.Date{Year: 2024, Month: 9, Day: 1}, ReplacedBy: []string{"new"},
	},
	"zj": {Key: "zj", Aliases: []string{"zj-again"}, Title: "浙江省条例", Region: "浙江省"},
}

func cite(doc string, article int) knowledge.Citation {
	return knowledge.Citation{Doc: doc, Article: article}
}

func hit(passage, text string, cites ...knowledge.Citation) bot.Hit {
	return bot.Hit{Passage: passage, Text: text, Cites: cites, Score: 1}
}

// says is an answer with a text and its sources.
func says(d bot.Decision, text string, cites ...knowledge.Citation) bot.Answer {
	a := bot.Answer{Decision: d, Reply: bot.Reply{Text: text}}
	for _, c := range cites {
		a.Reply.Sources = append(a.Reply.Sources, bot.Source{
			Title: "《" + laws[c.Doc].Title + "》", Article: knowledge.ArticleName(c.Article), Cite: c,
		})
	}
	return a
}

func found(a bot.Answer, hits ...bot.Hit) bot.Answer {
	a.Trace.Hits = hits
	return a
}

func run(t *testing.T, s *script, questions ...eval.Question) eval.Report {
	t.Helper()
	r, err := eval.Run(context.Background(), s, questions, eval.Options{
		Register: laws, At: asked,
	})
	require.NoError(t, err)
	return r
}
