package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/knowledge"
)

// replies waits until the running program answers with certain words.
func replies(t *testing.T, p *Program, question, words string, wanted bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		if p.shelf.edition.Load() == nil {
			return false
		}
		a, err := p.answerer.Answer(t.Context(), turnOf(question, knowledge.Date{}))
		return err == nil && strings.Contains(a.Reply.Text, words) == wanted
	}, patience, 20*time.Millisecond, "%q answered with %q: %v", question, words, wanted)
}

func TestARunningServeTakesOverWhatAnotherProcessPublishes(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	s := settings(t, nil)
	o.settings["RONGJUN_DATA"] = s.Data
	p, _ := running(t, s)
	const question = "优待证怎么办理？"
	replies(t, p, question, "优待证", true)
	a, err := p.answerer.Answer(t.Context(), turnOf(question, knowledge.Date{}))
	require.NoError(t, err)
	require.Equal(t, bot.DecideAnswer, a.Decision)
	entry := entryAnswering(t, a.Reply.Text)

	entry.Short += newWords
	published(t, o, entry)
	replies(t, p, question, newWords, true)

	_, err = p.store.Withdraw(t.Context(), knowledge.Withdrawal{
		Kind: knowledge.ItemEntry, Key: entry.ID, By: "王",
	})
	require.NoError(t, err)
	replies(t, p, question, newWords, false)

	dir := folder(t, map[string]string{"甲市优待办法.md": smallLaw})
	o.succeeds("import", dir)
	cite := knowledge.Citation{Doc: "甲市优待办法", Article: 2}
	require.Eventually(t, func() bool {
		text, ok := p.shelf.edition.Load().article(cite, day(2026, 11, 24))
		return ok && strings.Contains(text, "免费")
	}, patience, 20*time.Millisecond)
}
