package extent

import (
	_ "embed" // for model.bin
	"fmt"
	"math"
	"slices"

	"rongjun/bot/answer/kinds"
	"rongjun/knowledge"
)

// model.bin is made by `go test ./cmd/rongjun -run TestExtentIsFittedToItsExamples -update`.
//
//go:embed model.bin
var modelFile string

// The two kinds of the model.
const (
	Whole = "answer"
	Part  = "partial"
)

// taste is how the model is fitted: to small weights.
var taste = kinds.Taste{Fitness: 3}

// Sides are the rules by which package answer sees that something is left open, by name.
var Sides = []string{
	"answer", "amount", "charge", "number", "condition", "local", "procedure", "word",
}

// Found is an entry that a search found, with its score there.
type Found struct {
	Entry knowledge.Entry
	Score float64
}

// Fit fits a model's weights to samples whose marks Marks gave; it writes the file of a model. Where
// there is no vector, nothing is known of questions nearby, so what reads words alone is fitted without.
func Fit(samples []kinds.Sample) []byte {
	fitted := kinds.Fit(samples, taste)
	samples = slices.Clone(samples)
	for i, s := range samples {
		samples[i].Marks = slices.Clone(s.Marks)
		samples[i].Marks[len(Sides)+2] = 0
	}
	fitted.Words = kinds.Fit(samples, taste).Words
	return fitted.Write()
}

// Evidence is what is known of a question beside its words.
type Evidence struct {
	// Side is the rule that applied, one of Sides, empty for none.
	Side string
	// Lead is the entry that answers; Hits are the first ones found, the best first.
	Lead knowledge.Entry
	Hits []Found
	// Apart leaves aside the very question among those known: to fit to it, it must not find itself.
	Apart bool
}

// Model reads questions. It does not change and may be used by many at once.
type Model struct {
	kinds *kinds.Model
	open  phrasings
	known *known
}

// Load reads the model that is built into the program.
func Load() (*Model, error) {
	m, err := LoadMarks(askedFile)
	if err != nil {
		return nil, err
	}
	if m.kinds, err = kinds.Read(modelFile); err != nil {
		return nil, fmt.Errorf("read extent: %w", err)
	}
	if m.kinds.Marks != marksCount || !slices.Equal(m.kinds.Kinds, []string{Whole, Part}) {
		return nil, fmt.Errorf("read extent: %d marks, kinds %v: %w", m.kinds.Marks, m.kinds.Kinds, kinds.ErrFile)
	}
	return m, nil
}

// LoadMarks reads what marks are made of, without a model fitted to them: the file of known questions
// is one that Learn wrote, empty for none.
func LoadMarks(asked string) (*Model, error) {
	open, err := readOpen(openFile)
	if err != nil || asked == "" {
		return &Model{open: open}, err
	}
	k, err := readKnown(asked)
	return &Model{open: open, known: k}, err
}

// Label is what the guide's own phrasing asks of its entry, Whole or Part, or "" where it is in doubt.
func (m *Model) Label(e knowledge.Entry, phrasing string) string {
	switch m.open[e.ID][phrasing] {
	case left:
		return Part
	case doubt:
		return ""
	}
	return Whole
}

// LeftOpen is the share, 0 to 1, that what a question asks is left open. Without a vector the words of
// the question decide with the marks.
func (m *Model) LeftOpen(folded string, vector []float32, e Evidence) float64 {
	return m.kinds.Shares(folded, vector, m.Marks(vector, e)...)[1]
}

// How much the marks weigh beside the words of a question. Measured on labelled questions by parts.
const (
	sideWeight  = 1
	shareWeight = 2
)

// marksCount is how many marks there are.
var marksCount = len(Sides) + 3

// Marks are the evidence as the model reads it: a number a side, then the shares left open of the
// leading entry, of those found, and of the known questions nearest to this one.
func (m *Model) Marks(vector []float32, e Evidence) []float32 {
	marks := make([]float32, marksCount)
	if i := slices.Index(Sides, e.Side); i >= 0 {
		marks[i] = sideWeight
	}
	marks[len(Sides)] = float32(shareWeight * (m.open.share(e.Lead) - usual))
	marks[len(Sides)+1] = float32(shareWeight * (m.around(e.Hits) - usual))
	marks[len(Sides)+2] = float32(shareWeight * (m.known.nearby(vector, e.Hits, e.Apart) - usualNear))
	return marks
}

// around is the share left open of the entries found, of which those with the best scores weigh most.
func (m *Model) around(hits []Found) float64 {
	if len(hits) == 0 {
		return usual
	}
	sum, total := 0.0, 0.0
	for _, h := range hits {
		weight := math.Exp(h.Score - hits[0].Score)
		sum += weight * m.open.share(h.Entry)
		total += weight
	}
	return sum / total
}
