package main

import (
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/bot/answer/extent"
	"rongjun/bot/answer/kinds"
	"rongjun/bot/eval"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

const (
	extentModel    = "../../bot/answer/extent/model.bin"
	extentExamples = "../../bot/answer/extent/testdata/examples.txt"
	// phrasingWeight is how much a phrasing of the guide counts beside a question: they are many, and
	// short.
	phrasingWeight = 0.15
	// leftWeight is how much an example of what is left open counts: of the examples they are two in
	// five, of what people ask one in five.
	leftWeight = 0.5
	// guideParts is how many parts the guide's phrasings are taken apart into. A phrasing is looked up
	// without its part, or it would find itself.
	guideParts = 4
)

// TestExtentIsFittedToItsExamples holds that the shipped file fits the shipped marks. After a change of
// the guide, of open.txt or of the examples it is run with -update, which fits the model anew; that
// takes some minutes, for every example is searched for.
func TestExtentIsFittedToItsExamples(t *testing.T) {
	if !*update {
		_, err := extent.Load()
		require.NoError(t, err)
		return
	}
	marks, err := extent.LoadMarks()
	require.NoError(t, err)
	f := &extentFit{t: t, marks: marks}
	for _, e := range shippedGuide(t).Entries {
		for _, said := range e.Phrasings {
			f.phrasing(e, said)
		}
	}
	f.part = f.answerer(-1)
	for kind, said := range labelledLines(t, extentExamples) {
		weight := 1.0
		if kind == extent.Part {
			weight = leftWeight
		}
		f.add(kind, said, weight)
	}
	for _, q := range askedOfGuide(t) {
		switch q.kind { // what only its writer judged made the model no better
		case extent.Whole:
			f.add(q.kind, q.said, 1)
		case extent.Part:
			f.add(q.kind, q.said, leftWeight)
		}
	}
	questions, err := eval.ReadFile("../../bot/eval/testdata/questions.jsonl")
	require.NoError(t, err)
	for _, q := range questions {
		if len(q.History) == 0 && (q.Decision == bot.DecideAnswer || q.Decision == bot.DecidePartial) {
			f.add(string(q.Decision), q.Question, 1)
		}
	}
	for said, decisions := range casesOf(t) {
		if kind := decisions[0]; len(decisions) == 1 && (kind == extent.Whole || kind == extent.Part) {
			f.add(kind, said, 1)
		}
	}
	require.NoError(t, os.WriteFile(extentModel, extent.Fit(f.samples), 0o644))
}

type extentFit struct {
	t       *testing.T
	marks   *extent.Model
	parts   [guideParts]*answer.Answerer
	part    *answer.Answerer
	samples []kinds.Sample
}

// answerer is one on the guide without one part of its phrasings; on all of it for no part.
func (f *extentFit) answerer(without int) *answer.Answerer {
	s := settings(f.t, func(s *config.Config) { s.Sample = config.No })
	shelf, err := newShelf(s, nil)
	require.NoError(f.t, err)
	shelf.guide, err = guide.Load()
	require.NoError(f.t, err)
	for i := range shelf.guide.Entries {
		e := &shelf.guide.Entries[i]
		e.Phrasings = slices.DeleteFunc(e.Phrasings, func(said string) bool { return partOf(said) == without })
	}
	require.NoError(f.t, shelf.publish(f.t.Context()))
	a, err := newAnswerer(s, shelf, newLog(s.Log, world{err: os.Stderr}), unhurried)
	require.NoError(f.t, err)
	return a
}

func (f *extentFit) phrasing(e knowledge.Entry, said string) {
	part := partOf(said)
	if f.parts[part] == nil {
		f.parts[part] = f.answerer(part)
	}
	if label := f.marks.Label(e, said); label != "" {
		f.part = f.parts[part]
		f.add(label, said, phrasingWeight)
	}
}

func (f *extentFit) add(kind, said string, weight float64) {
	m, found, err := f.part.Measure(f.t.Context(), turnOf(said, knowledge.Date{}))
	require.NoError(f.t, err)
	if found {
		f.samples = append(f.samples, kinds.Sample{
			Kind: kind, Folded: m.Folded, Vector: m.Vector, Marks: f.marks.Marks(m.Evidence), Weight: weight,
		})
	}
}

func partOf(said string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(said))
	return int(h.Sum32()>>8) % guideParts
}

// TestWhatIsLeftOpenNamesPhrasingsOfTheGuide finds lines of open.txt that entries no longer have.
func TestWhatIsLeftOpenNamesPhrasingsOfTheGuide(t *testing.T) {
	g := shippedGuide(t)
	for id, said := range labelledLines(t, "../../bot/answer/extent/open.txt") {
		e, known := g.Entry(id)
		if assert.True(t, known, id) {
			assert.Contains(t, e.Phrasings, strings.TrimPrefix(said, "~"), id)
		}
	}
}
