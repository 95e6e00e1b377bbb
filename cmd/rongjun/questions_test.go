package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

// byWordsAndMeaning are two answerers on the shipped guide: one searches by words alone, as the program
// does while it loads and under load, the other by meaning too.
func byWordsAndMeaning(t testing.TB) [2]*answer.Answerer {
	t.Helper()
	s := settings(t, func(s *config.Config) { s.Sample = config.Yes })
	var both [2]*answer.Answerer
	for i := range both {
		shelf, err := newShelf(s, nil)
		require.NoError(t, err)
		shelf.guide = shippedGuide(t)
		if i == 0 {
			shelf.meaning = nil
		}
		both[i], err = newAnswerer(s, shelf, newLog(s.Log, world{err: os.Stderr}), unhurried)
		require.NoError(t, err)
		require.NoError(t, shelf.publish(t.Context()))
		if i == 1 {
			require.NoError(t, shelf.deepen(t.Context(), func(int, int) {}))
		}
	}
	return both
}

func citationsOf(t *testing.T, a *answer.Answerer, question string) []string {
	t.Helper()
	got, err := a.Answer(t.Context(), turnOf(question, knowledge.Date{}))
	require.NoError(t, err)
	if got.Decision != bot.DecideAnswer && got.Decision != bot.DecidePartial {
		return nil
	}
	var lines []string
	for _, s := range got.Reply.Sources {
		lines = append(lines, s.Title+s.Article)
	}
	return lines
}

func TestTheFortyQuestionsAreAnsweredWithTheirCitations(t *testing.T) {
	t.Parallel()
	both := byWordsAndMeaning(t)
	if *update {
		chooseQuestions(t, both)
	}
	for _, q := range fortyQuestions(t) {
		for _, a := range both {
			assert.Contains(t, citationsOf(t, a, q.question), q.citation, q.question)
		}
	}
}

// chooseQuestions takes questions of the guide whose first citation is the same by words and by
// meaning, and no other question's.
func chooseQuestions(t *testing.T, both [2]*answer.Answerer) {
	t.Helper()
	g, err := guide.Load()
	require.NoError(t, err)
	seen := map[string]bool{}
	var lines []string
	for i := 0; i < len(g.Entries) && len(lines) < 40; i += 3 {
		question := g.Entries[i].Question
		words, meaning := citationsOf(t, both[0], question), citationsOf(t, both[1], question)
		if len(words) == 0 || len(meaning) == 0 || words[0] != meaning[0] || seen[words[0]] {
			continue
		}
		seen[words[0]] = true
		lines = append(lines, question+"\t"+words[0])
	}
	text := strings.Join(lines, "\n") + "\n"
	require.NoError(t, os.WriteFile("testdata/questions.txt", []byte(text), 0o644))
}
