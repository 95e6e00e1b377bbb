package main

import (
	"hash/fnv"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	extentAsked    = "../../bot/answer/extent/asked.bin"
	extentExamples = "../../bot/answer/extent/testdata/examples.txt"
	// manyWeight is how much a phrasing of the guide, or one of the many questions of its entries, counts
	// beside a labelled question.
	manyWeight = 0.1
	// leftWeight and manyLeftWeight are how much what is left open counts, of the examples and of the many
	// questions: of those it is two in five and one in three, of what people ask one in five.
	leftWeight, manyLeftWeight = 0.5, 0.7
	// guideParts is how many parts the guide's phrasings are taken apart into. A phrasing is looked up
	// without its part, or it would find itself.
	guideParts = 4
)

// TestExtentIsFittedToItsExamples holds that the shipped files fit each other. After a change of the
// guide, of open.txt, of what is asked of the guide or of the examples it is run with -update, which fits
// the model anew; that takes some ten minutes, for every question is searched for.
func TestExtentIsFittedToItsExamples(t *testing.T) {
	if !*update {
		_, err := extent.Load()
		require.NoError(t, err)
		return
	}
	f := &extentFit{t: t}
	f.gather()
	f.measure()
	var known []extent.Known
	for _, q := range f.asked {
		if q.entry != "" && q.found {
			known = append(known, extent.Known{Entry: q.entry, Open: q.label == extent.Part, Vector: q.measured.Vector})
		}
	}
	file := extent.Learn(known)
	marks, err := extent.LoadMarks(string(file))
	require.NoError(t, err)
	var samples []kinds.Sample
	for _, q := range f.asked {
		if m := q.measured; q.found && q.weight > 0 {
			m.Evidence.Apart = true
			samples = append(samples, kinds.Sample{
				Kind: q.label, Folded: m.Folded, Vector: m.Vector, Marks: marks.Marks(m.Vector, m.Evidence),
				Weight: q.weight,
			})
		}
	}
	require.NoError(t, os.WriteFile(extentAsked, file, 0o644))
	require.NoError(t, os.WriteFile(extentModel, extent.Fit(samples), 0o644))
}

// extentFit is what the model is fitted to.
type extentFit struct {
	t     *testing.T
	asked []extentAskedLine
}

// extentAskedLine is a question with what is known of it: the label, the entry where it is one of the many
// asked of the guide, how much it counts, 0 for not at all, and by which answerer it is measured.
type extentAskedLine struct {
	label, entry, said string
	weight             float64
	by                 *answer.Answerer
	measured           answer.Measured
	found              bool
}

// gather lists the questions. What is asked of the guide, but is in doubt or made to sound like what has
// the other label, is only known, for others to be near to.
func (f *extentFit) gather() {
	labels, err := extent.LoadMarks("")
	require.NoError(f.t, err)
	var parts [guideParts]*answer.Answerer
	for i := range parts {
		parts[i] = f.answerer(i)
	}
	for _, e := range shippedGuide(f.t).Entries {
		for _, said := range e.Phrasings {
			if label := labels.Label(e, said); label != "" {
				f.asked = append(f.asked, extentAskedLine{label: label, entry: e.ID, said: said, weight: manyWeight, by: parts[partOf(said)]})
			}
		}
	}
	whole := f.answerer(-1)
	for label, said := range labelledLines(f.t, extentExamples) {
		weight := 1.0
		if label == extent.Part {
			weight = leftWeight
		}
		f.asked = append(f.asked, extentAskedLine{label: label, said: said, weight: weight, by: whole})
	}
	for _, q := range askedOfGuide(f.t) {
		label, only := strings.CutSuffix(q.kind, "?")
		weight := manyWeight
		switch {
		case only:
			weight = 0
		case label == extent.Part:
			weight *= manyLeftWeight
		}
		f.asked = append(f.asked, extentAskedLine{label: label, entry: q.entry, said: q.said, weight: weight, by: whole})
	}
	questions, err := eval.ReadFile("../../bot/eval/testdata/questions.jsonl")
	require.NoError(f.t, err)
	for _, q := range questions {
		if len(q.History) == 0 && (q.Decision == bot.DecideAnswer || q.Decision == bot.DecidePartial) {
			f.asked = append(f.asked, extentAskedLine{label: string(q.Decision), said: q.Question, weight: 1, by: whole})
		}
	}
	for said, decisions := range casesOf(f.t) {
		if label := decisions[0]; len(decisions) == 1 && (label == extent.Whole || label == extent.Part) {
			f.asked = append(f.asked, extentAskedLine{label: label, said: said, weight: 1, by: whole})
		}
	}
}

// measure searches for every question, on all processors.
func (f *extentFit) measure() {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(f.asked); i = next.Add(1) - 1 {
				q := &f.asked[i]
				var err error
				q.measured, q.found, err = q.by.Measure(f.t.Context(), turnOf(q.said, knowledge.Date{}))
				assert.NoError(f.t, err)
			}
		})
	}
	workers.Wait()
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
