package main

import (
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/answer/kinds"
	"rongjun/bot/eval"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

const (
	kindExamples = "../../bot/answer/kinds/testdata/examples.txt"
	kindBorders  = "../../bot/answer/kinds/testdata/borders.txt"
)

// heldOfKinds are sentences to measure the kinds on: none is fitted to.
const heldOfKinds = "../../bot/eval/testdata/questions.held.jsonl"

// rightOfKinds is the share of them whose kind must be told, with a vector and without.
const rightOfKinds, rightByWords = 0.95, 0.90

// TestKindsAreFittedToTheirExamples measures the shipped model on questions that are held back. After
// a change of the examples it is run with -update, which fits the model anew.
func TestKindsAreFittedToTheirExamples(t *testing.T) {
	t.Parallel()
	n, err := text.New()
	require.NoError(t, err)
	s := &sampler{t: t, embedder: embedder(t), text: n}
	if *update {
		fitted := s.fit()
		require.NoError(t, os.WriteFile("../../bot/answer/kinds/model.bin", fitted.Write(), 0o644))
		t.Log("right with vectors, without:", s.right(fitted, true), s.right(fitted, false))
		return
	}
	shipped, err := kinds.Load()
	require.NoError(t, err)
	assert.GreaterOrEqual(t, s.right(shipped, true), rightOfKinds, "with vectors")
	assert.GreaterOrEqual(t, s.right(shipped, false), rightByWords, "by words alone")
}

// rightAtBorders is the share of messages written to be hard whose group must be told by words alone.
const rightAtBorders = 0.70

func TestKindsOfMessagesThatSoundAlikeAreToldApart(t *testing.T) {
	t.Parallel()
	n, err := text.New()
	require.NoError(t, err)
	m, err := kinds.Load()
	require.NoError(t, err)
	right, all := 0.0, 0.0
	for kind, said := range labelledLines(t, kindBorders) {
		all++
		if kinds.Group(m.Best(m.Shares(n.Fold(said), nil))) == kinds.Group(kind) {
			right++
		}
	}
	t.Logf("right by words alone, of %.0f: %.3f", all, right/all)
	assert.GreaterOrEqual(t, right/all, rightAtBorders)
}

type sampler struct {
	t        *testing.T
	embedder index.Embedder
	text     *text.Normaliser
}

func (s *sampler) sample(kind, said string) kinds.Sample {
	vectors, err := s.embedder.EmbedQueries(s.t.Context(), []string{bot.Mask(s.text.Clean(said))})
	require.NoError(s.t, err)
	return kinds.Sample{Kind: kind, Folded: s.text.Fold(said), Vector: vectors[0]}
}

// fit fits to the examples, those of package extent and a part of what is asked of the guide too, and the guide first, then once more with the
// labelled questions and the answerer's cases, whose labels name groups of kinds: each gets the kind of
// its group that the first model finds likeliest.
func (s *sampler) fit() *kinds.Model {
	samples := s.examples()
	for _, e := range shippedGuide(s.t).Entries {
		for _, said := range append(e.Phrasings, e.Question) {
			samples = append(samples, s.sample("question", said))
		}
	}
	first := kinds.Fit(samples, kinds.ForKinds)
	for _, q := range s.questions("../../bot/eval/testdata/questions.jsonl") {
		samples = append(samples, s.labelled(first, q.Question, groupOf(q.Decision)))
	}
	for said, group := range groupedCases(s.t) {
		samples = append(samples, s.labelled(first, said, group))
	}
	return kinds.Fit(samples, kinds.ForKinds)
}

func (s *sampler) labelled(m *kinds.Model, said, group string) kinds.Sample {
	labelled := s.sample("", said)
	labelled.Kind = likeliest(m, labelled, group)
	return labelled
}

// groupedCases are the messages of the answerer's cases whose right decisions are all of one group, with
// the group.
func groupedCases(t testing.TB) iter.Seq2[string, string] {
	t.Helper()
	return func(yield func(said, group string) bool) {
		for said, decisions := range casesOf(t) {
			groups := make(map[string]bool)
			for _, d := range decisions {
				groups[caseGroup(bot.Decision(d))] = true
			}
			group := caseGroup(bot.Decision(decisions[0]))
			if len(groups) == 1 && group != "" && !yield(said, group) {
				return
			}
		}
	}
}

// casesOf are the messages of the answerer's cases with their right decisions. What needs earlier
// messages to be understood is left out, and so is talk.
func casesOf(t testing.TB) iter.Seq2[string, []string] {
	t.Helper()
	files, err := filepath.Glob("../../bot/answer/testdata/cases/*.txt")
	require.NoError(t, err)
	return func(yield func(said string, decisions []string) bool) {
		for _, name := range files {
			file, err := os.ReadFile(name)
			require.NoError(t, err)
			for _, block := range strings.Split(string(file), "\n\n") {
				said, decisions := readCase(block)
				ok := said != "" && len(decisions) > 0 && filepath.Base(name) != "talk.txt"
				if ok && !yield(said, decisions) {
					return
				}
			}
		}
	}
}

func readCase(block string) (said string, decisions []string) {
	for line := range strings.Lines(block) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch name {
		case "==":
			said = strings.ReplaceAll(value, `\n`, "\n")
		case "before:":
			return "", nil
		case "decision:":
			decisions = strings.Fields(value)
		}
	}
	return said, decisions
}

// caseGroup is what one decision of a case says of the kind. A question back says nothing by itself.
func caseGroup(d bot.Decision) string {
	switch d {
	case bot.DecideCrisis:
		return "handover"
	case bot.DecideNone, bot.DecideRule:
		return "question"
	case bot.DecideAsk:
		return ""
	}
	return groupOf(d)
}

func (s *sampler) examples() []kinds.Sample {
	var samples []kinds.Sample
	for kind, said := range labelledLines(s.t, kindExamples) {
		samples = append(samples, s.sample(kind, said))
	}
	for _, said := range labelledLines(s.t, extentExamples) {
		samples = append(samples, s.sample("question", said))
	}
	for _, q := range askedOfGuide(s.t) {
		if !strings.HasSuffix(q.kind, "?") && partOf(q.said) == 0 {
			samples = append(samples, s.sample("question", q.said))
		}
	}
	return samples
}

// labelledLines are the lines of a file, each with the name of the section "== name" that it stands in.
func labelledLines(t testing.TB, name string) iter.Seq2[string, string] {
	t.Helper()
	file, err := os.ReadFile(name)
	require.NoError(t, err)
	return func(yield func(section, line string) bool) {
		section := ""
		for line := range strings.Lines(string(file)) {
			line = strings.TrimSpace(line)
			name, begins := strings.CutPrefix(line, "== ")
			switch {
			case line == "" || line[0] == '#':
			case begins:
				section = name
			case !yield(section, line):
				return
			}
		}
	}
}

func (s *sampler) questions(file string) []eval.Question {
	questions, err := eval.ReadFile(file)
	require.NoError(s.t, err)
	return questions
}

// right is the share of the held questions of which the model tells the group.
func (s *sampler) right(m *kinds.Model, meaning bool) float64 {
	right, all := 0.0, s.questions(heldOfKinds)
	for _, q := range all {
		held := kinds.Sample{Folded: s.text.Fold(q.Question)}
		if meaning {
			held = s.sample("", q.Question)
		}
		if kinds.Group(m.Best(m.Shares(held.Folded, held.Vector))) == groupOf(q.Decision) {
			right++
		}
	}
	return right / float64(len(all))
}

// groupOf is what a labelled decision says of the kind.
func groupOf(d bot.Decision) string {
	switch d {
	case bot.DecideAnswer, bot.DecidePartial:
		return "question"
	case bot.DecideHandover, bot.DecideDirectory:
		return string(d)
	}
	return "decline"
}

func likeliest(m *kinds.Model, s kinds.Sample, group string) string {
	best, most := "", -1.0
	for k, share := range m.Shares(s.Folded, s.Vector) {
		if kinds.Group(m.Kinds[k]) == group && share > most {
			best, most = m.Kinds[k], share
		}
	}
	return best
}
