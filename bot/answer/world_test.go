package answer_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/knowledge"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// now is a Tuesday morning in China.
var now = time.Date(2026, time.November, 24, 9, 30, 0, 0, knowledge.China())

// world is the shipped guide in an index by words, with or without the sample city.
type world struct {
	guide      *guide.Guide
	normaliser *text.Normaliser
	index      *index.Index
	passages   []knowledge.Passage
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w, err := shippedWorld()
	require.NoError(t, err)
	return &w
}

// shippedWorld is made once for all tests; what it points to is never changed.
var shippedWorld = sync.OnceValues(func() (w world, err error) {
	if w.guide, err = guide.Load(); err != nil {
		return w, err
	}
	if w.normaliser, err = text.New(); err != nil {
		return w, err
	}
	for _, e := range w.guide.Entries {
		w.passages = append(w.passages, e.Passage())
	}
	w.index, err = index.Build(context.Background(), w.passages, index.Options{Normaliser: w.normaliser})
	return w, err
})

// byMeaning makes the world's answerer as the program has it: with the built-in embedder and the
// shipped vectors.
func (w *world) byMeaning(t testing.TB) *answer.Answerer {
	t.Helper()
	model, err := embed.New()
	require.NoError(t, err)
	shipped, err := guide.LoadVectors()
	require.NoError(t, err)
	w.index, err = index.Build(t.Context(), w.passages, index.Options{
		Normaliser: w.normaliser, Stored: shipped.Find,
	})
	require.NoError(t, err)
	return w.answerer(t, true, func(o *answer.Options) {
		o.Embedder, o.Near, o.Tells, o.Patience = model, answer.NearE5, model.Tells(), time.Minute
	})
}

// answerer makes an answerer over the world; change may set options.
func (w *world) answerer(t testing.TB, sample bool, change func(*answer.Options)) *answer.Answerer {
	t.Helper()
	o := answer.Options{
		Normaliser: w.normaliser,
		Library: func(today knowledge.Date) *answer.Library {
			l := &answer.Library{Index: w.index, Register: w.guide.Register, Entry: w.guide.Entry}
			if sample {
				l.Directory = w.guide.Sample(today)
			}
			return l
		},
	}
	if change != nil {
		change(&o)
	}
	a, err := answer.New(o)
	require.NoError(t, err)
	return a
}

// turnOf is a turn of one text message in a conversation that was introduced.
func turnOf(said string, history ...bot.Message) bot.Turn {
	return bot.Turn{
		Conversation: bot.Conversation{ID: 1, State: bot.StateBot, Introduced: true},
		Messages: []bot.Message{
			{ID: 1, From: bot.FromContact, Kind: bot.KindText, Text: said, At: now},
		},
		History: history,
		Now:     now,
	}
}
