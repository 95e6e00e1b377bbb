package main

import (
	"bytes"
	little "encoding/binary"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer/extent"
	"rongjun/bot/answer/kinds"
	"rongjun/bot/eval"
	"rongjun/knowledge"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// TestTheModelIsTaughtHowPeopleAsk measures what the embedder was taught on labelled questions that it
// was not taught: by meaning alone, the right entry must come first clearly more often than by plain
// vectors. With -lesson FOLDER it writes what there is to learn.
func TestTheModelIsTaughtHowPeopleAsk(t *testing.T) {
	f := newTeacher(t)
	if *lesson != "" {
		f.write(*lesson)
	}
	questions, err := eval.ReadFile(heldOfKinds)
	require.NoError(t, err)
	byPlain, byAsked, all := 0.0, 0.0, 0.0
	for _, q := range questions {
		right := f.answersTo(q)
		if len(right) == 0 || len(q.History) > 0 {
			continue
		}
		plain, asked, _, err := f.embedder.EmbedAsked(t.Context(), []string{f.text.Clean(q.Question)})
		require.NoError(t, err)
		all++
		if slices.Contains(right, f.nearest(plain[0])) {
			byPlain++
		}
		if slices.Contains(right, f.nearest(asked[0])) {
			byAsked++
		}
	}
	t.Logf("right entry first, of %.0f: %.3f plain, %.3f asked", all, byPlain/all, byAsked/all)
	assert.Greater(t, byAsked/all, byPlain/all+0.12)
}

// lesson is a folder: the lesson for teach.py and read.py of knowledge/embed/testdata is written there.
var lesson = flag.String("lesson", "", "write what the embedder is taught to this folder")

// write writes what teach.py and read.py read: the vectors of all that the guide answers (passages.f32, with the
// number of the entry of each in passages.json), and what entries are asked by (questions.jsonl): the
// guide's phrasings, the labelled questions that may be learned from, the questions in voices of the
// people who ask that knowledge/guide/testdata/asked.tsv holds, and messages of all kinds.
func (f *teacher) write(folder string) {
	keep := func(name string, data []byte) {
		require.NoError(f.t, os.WriteFile(filepath.Join(folder, name), data, 0o644))
	}
	var vectors, questions bytes.Buffer
	var entries []int
	for _, p := range f.passages {
		require.NoError(f.t, little.Write(&vectors, little.LittleEndian, p.vector))
		entries = append(entries, p.entry)
	}
	for _, q := range f.lesson() {
		require.NoError(f.t, json.NewEncoder(&questions).Encode(q))
	}
	of, err := json.Marshal(entries)
	require.NoError(f.t, err)
	keep("passages.f32", vectors.Bytes())
	keep("passages.json", of)
	keep("questions.jsonl", questions.Bytes())
}

// taughtQuestion is a line of questions.jsonl.
type taughtQuestion struct {
	Tokens []int32 `json:"tokens"`
	// Entries are the numbers of the entries that are right.
	Entries []int `json:"entries"`
	// Own is the number of the passage that says the very same, which would be found by anything; -1 for
	// none.
	Own int `json:"own"`
	// Open says whether the guide leaves open what is asked, nil where that is not known; Group is what the
	// message is: a question on our subjects, or another group of kinds.
	Open  *bool  `json:"open"`
	Group string `json:"group"`
	// Kind is its kind where that is known, a kind of package kinds.
	Kind string `json:"kind"`
	// Times is how often it counts in teaching how people ask: labelled questions are few, but longer, and
	// stray further. What counts 0 times is only read.
	Times int `json:"times"`
	// OpenWeight and KindWeight are how much it counts in teaching to read what is left open and what kind
	// of message it is.
	OpenWeight float64 `json:"openWeight"`
	KindWeight float64 `json:"kindWeight"`
}

// teacher holds what the embedder is taught by.
type teacher struct {
	t        testing.TB
	embedder index.Taught
	text     *text.Normaliser
	entries  []knowledge.Entry
	passages []taughtPassage
	// said tells which passage a text is, for each entry.
	said []map[string]int
}

// taughtPassage is a vector of something that the guide answers.
type taughtPassage struct {
	vector []float32
	entry  int
}

func newTeacher(t testing.TB) *teacher {
	t.Helper()
	n, err := text.New()
	require.NoError(t, err)
	vectors, err := guide.LoadVectors()
	require.NoError(t, err)
	f := &teacher{t: t, embedder: embedder(t), text: n, entries: shippedGuide(t).Entries}
	for i, e := range f.entries {
		said := make(map[string]int)
		for _, text := range index.EmbeddingTexts(n, e.Passage()) {
			v, known := vectors.Find(index.Hash(text))
			require.True(t, known, "entry %s has a text without a vector", e.ID)
			said[text] = len(f.passages)
			f.passages = append(f.passages, taughtPassage{v, i})
		}
		f.said = append(f.said, said)
	}
	return f
}

func (f *teacher) lesson() []taughtQuestion {
	model, err := embed.New()
	require.NoError(f.t, err)
	var all []taughtQuestion
	add := func(q taughtQuestion, said, label string) {
		if label == extent.Whole || label == extent.Part {
			open := label == extent.Part
			q.Open = &open
		} else {
			q.OpenWeight = 0
		}
		if q.Kind != "" {
			q.Group = kinds.Group(q.Kind)
		}
		q.Tokens = model.Lesson(f.text.Clean(said))
		all = append(all, q)
	}
	marks, err := extent.LoadMarks("")
	require.NoError(f.t, err)
	for i, e := range f.entries {
		for _, said := range append([]string{e.Question}, e.Phrasings...) {
			own, known := f.said[i][f.text.Fold(said)]
			require.True(f.t, known, said)
			label := ""
			if said != e.Question {
				label = marks.Label(e, said)
			}
			add(taughtQuestion{
				Entries: []int{i}, Own: own, Times: 1, Kind: "question", OpenWeight: 0.1, KindWeight: 0.2,
			}, said, label)
		}
	}
	questions, err := eval.ReadFile("../../bot/eval/testdata/questions.jsonl")
	require.NoError(f.t, err)
	for _, q := range questions {
		if len(q.History) == 0 {
			add(taughtQuestion{
				Entries: f.answersTo(q), Own: -1, Times: labelledTimes, Group: groupOf(q.Decision),
				OpenWeight: 1, KindWeight: 1,
			}, q.Question, string(q.Decision))
		}
	}
	for _, q := range askedOfGuide(f.t) {
		i := slices.IndexFunc(f.entries, func(e knowledge.Entry) bool { return e.ID == q.entry })
		require.NotEqual(f.t, -1, i, q.entry)
		asked := taughtQuestion{
			Entries: []int{i}, Own: -1, Times: 1, Kind: "question", OpenWeight: 0.3, KindWeight: 0.1,
		}
		if !strings.HasSuffix(q.kind, "?") {
			asked.Times, asked.OpenWeight, asked.KindWeight = labelledTimes, 0.5, 0.2
		}
		add(asked, q.said, strings.TrimSuffix(q.kind, "?"))
	}
	for label, said := range labelledLines(f.t, extentExamples) {
		weight := 1.0
		if label == extent.Part {
			weight = leftWeight
		}
		add(taughtQuestion{Own: -1, Times: 1, Kind: "question", OpenWeight: weight, KindWeight: 0.2}, said, label)
	}
	for kind, said := range labelledLines(f.t, kindExamples) {
		add(taughtQuestion{Own: -1, Times: 1, Kind: kind, KindWeight: 1}, said, "")
	}
	for kind, said := range labelledLines(f.t, kindBorders) {
		add(taughtQuestion{Own: -1, Kind: kind, KindWeight: 1}, said, "")
	}
	for said, group := range groupedCases(f.t) {
		add(taughtQuestion{Own: -1, Group: group, KindWeight: 1}, said, "")
	}
	return all
}

// labelledTimes is how often a labelled question counts beside others.
const labelledTimes = 2

// answersTo are the entries that rest on what a question is labelled with.
func (f *teacher) answersTo(q eval.Question) []int {
	var right []int
	for i, e := range f.entries {
		for _, c := range e.Cites[:min(len(e.Cites), 3)] {
			if slices.Contains(q.Relevant, c) {
				right = append(right, i)
				break
			}
		}
	}
	return right
}

func (f *teacher) nearest(v []float32) int {
	best, most := -1, float32(-1)
	for _, p := range f.passages {
		dot := float32(0)
		for i, x := range p.vector {
			dot += x * v[i]
		}
		if dot > most {
			best, most = p.entry, dot
		}
	}
	return best
}

// askedLine is a line of asked.tsv.
type askedLine struct{ entry, kind, said string }

// askedOfGuide are the questions in voices of the people who ask, each with the entry that it is for and
// whether that answers it (answer) or leaves it open (partial). A question mark behind that: readers were
// in doubt, or the question was written to sound like one of the other label. To find entries by, such a
// question is as good as any; to a model that goes by how questions sound it would be a riddle.
func askedOfGuide(t testing.TB) []askedLine {
	t.Helper()
	file, err := os.ReadFile("../../knowledge/guide/testdata/asked.tsv")
	require.NoError(t, err)
	var all []askedLine
	for line := range strings.Lines(string(file)) {
		parts := strings.Split(strings.TrimSpace(line), "\t")
		require.Len(t, parts, 3, line)
		all = append(all, askedLine{parts[0], parts[1], parts[2]})
	}
	return all
}
