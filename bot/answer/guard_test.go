package answer_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/bot"
	"rongjun/knowledge/figure"
)

// carriers are the texts that may carry a figure of a reply: what the cited entries and records
// say, the sources as shown, the numbers of the crisis words, and the contact's own words.
func carriers(w *world, said string, got bot.Answer) []string {
	texts := []string{"110 120 12356", said}
	for _, s := range got.Reply.Sources {
		texts = append(texts, s.Line())
	}
	for _, h := range got.Trace.Hits {
		if e, known := w.guide.Entry(strings.TrimPrefix(h.Passage, "entry:")); known {
			texts = append(texts, e.Question)
		}
		texts = append(texts, h.Text)
	}
	return texts
}

func TestNoReplyStatesAFigureThatNothingCarries(t *testing.T) {
	w := newWorld(t)
	a := w.answerer(t, true, nil)
	var phrasings []string
	for _, e := range w.guide.Entries {
		phrasings = append(phrasings, e.Phrasings...)
	}
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SampledFrom(phrasings).Draw(t, "first")
		if rapid.Bool().Draw(t, "two") {
			said += "？另外" + rapid.SampledFrom(phrasings).Draw(t, "second")
		}
		got, err := a.Answer(context.Background(), turnOf(said))
		if err != nil {
			t.Fatal(err)
		}
		if missing := figure.Missing(got.Reply.Text, carriers(w, said, got)...); len(missing) > 0 {
			t.Fatalf("%s\n%s\nnot carried: %v", said, got.Reply.Text, missing)
		}
		if got.Trace.Fault != "" {
			t.Fatalf("%s: the guard found %s in our own text", said, got.Trace.Fault)
		}
		if n := utf8.RuneCountInString(got.Reply.Text); n > 620 {
			t.Fatalf("%s: %d characters are too many", said, n)
		}
	})
}

func TestEveryEntryCanBeSaidWhole(t *testing.T) {
	w := newWorld(t)
	a := w.answerer(t, false, nil)
	for _, e := range w.guide.Entries {
		got, err := a.Answer(context.Background(), tap("entry:"+e.ID))
		require.NoError(t, err)
		assert.Empty(t, got.Trace.Fault, e.ID)
		assert.True(t, strings.HasPrefix(got.Reply.Text, e.Short), "%s begins with its answer", e.ID)
		assert.Len(t, got.Reply.Sources, len(e.Cites), e.ID)
	}
}
