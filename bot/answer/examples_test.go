package answer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

// fixed finds one passage, as near as it says.
type fixed struct {
	id   string
	near float64
}

func (f fixed) Search(context.Context, index.Query) (index.Result, error) {
	p := knowledge.Passage{ID: f.id}
	return index.Result{Hits: []index.Hit{{Passage: p, Meaning: f.near}}}, nil
}

// nearly is the guide's index with every passage as near as it says.
type nearly struct {
	*index.Index
	near float64
}

func (n nearly) Search(ctx context.Context, q index.Query) (index.Result, error) {
	q.Vector = nil
	r, err := n.Index.Search(ctx, q)
	for i := range r.Hits {
		r.Hits[i].Meaning = n.near
	}
	return r, err
}

func heard(t *testing.T, said string, example fixed, guideNear float64) bot.Answer {
	t.Helper()
	w := newWorld(t)
	a := w.answerer(t, false, func(o *answer.Options) {
		o.Embedder, o.Examples = vectors{}, example
		library := o.Library
		o.Library = func(today knowledge.Date) *answer.Library {
			l := library(today)
			l.Index = nearly{w.index, guideNear}
			return l
		}
	})
	got, err := a.Answer(context.Background(), turnOf(said))
	require.NoError(t, err)
	return got
}

// vectors gives some vector for each text.
type vectors struct{}

func (vectors) EmbedQueries(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i := range out {
		out[i] = []float32{1}
	}
	return out, nil
}

// unheard is said in words that no rule has.
const unheard = "天亮之前我打算把一切都放下了，战友们保重"

func TestWhatNoRuleHearsIsHeardByAnExampleNearerThanTheGuide(t *testing.T) {
	for name, c := range map[string]struct {
		example  fixed
		guide    float64
		decision bot.Decision
	}{
		"distress":             {fixed{"kind:crisis", 0.93}, 0.90, bot.DecideCrisis},
		"a person":             {fixed{"kind:person", 0.92}, 0.90, bot.DecideHandover},
		"an own case":          {fixed{"kind:own-file", 0.92}, 0.90, bot.DecideHandover},
		"somebody else's data": {fixed{"kind:privacy", 0.92}, 0.90, bot.DecideSensitive},
		"not our matter":       {fixed{"kind:civil-law", 0.92}, 0.90, bot.DecideDecline},
		"a place":              {fixed{"kind:directory", 0.92}, 0.90, bot.DecideAsk},
	} {
		t.Run(name, func(t *testing.T) {
			got := heard(t, unheard, c.example, c.guide)
			assert.Equal(t, c.decision, got.Decision, got.Trace.Why)
		})
	}
}

func TestTheGuideWinsOverExamplesThatAreNoNearer(t *testing.T) {
	const said = "立了三等功，一次性退役金增发多少"
	for _, example := range []fixed{
		{"kind:crisis", 0.90}, {"kind:own-file", 0.90}, {"kind:crisis", 0.80}, {"kind:unknown", 0.99},
	} {
		got := heard(t, said, example, 0.94)
		assert.Equal(t, bot.DecideAnswer, got.Decision, "%v: %s", example, got.Trace.Why)
	}
}

func TestEveryExampleNamesAKind(t *testing.T) {
	passages, err := answer.Examples()
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(passages), 12)
	for _, p := range passages {
		assert.GreaterOrEqual(t, len(p.Phrasings), 6, p.ID)
	}
}
