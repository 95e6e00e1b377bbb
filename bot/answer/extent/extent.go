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

// taste is how the model is fitted: to small weights, for the examples are few.
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

// Fit fits a model's weights to samples whose marks Marks gave; it writes the file of a model.
func Fit(samples []kinds.Sample) []byte { return kinds.Fit(samples, taste).Write() }

// Evidence is what is known of a question beside its words.
type Evidence struct {
	// Side is the rule that applied, one of Sides, empty for none.
	Side string
	// Lead is the entry that answers; Hits are the first ones found, the best first.
	Lead knowledge.Entry
	Hits []Found
}

// Model reads questions. It does not change and may be used by many at once.
type Model struct {
	kinds *kinds.Model
	open  phrasings
}

// Load reads the model that is built into the program.
func Load() (*Model, error) {
	open, err := readOpen(openFile)
	if err != nil {
		return nil, err
	}
	k, err := kinds.Read(modelFile)
	if err != nil {
		return nil, fmt.Errorf("read extent: %w", err)
	}
	if k.Marks != len(Sides)+2 || !slices.Equal(k.Kinds, []string{Whole, Part}) {
		return nil, fmt.Errorf("read extent: %d marks, kinds %v: %w", k.Marks, k.Kinds, kinds.ErrFile)
	}
	return &Model{k, open}, nil
}

// LoadMarks reads what marks are made of, without a model fitted to them.
func LoadMarks() (*Model, error) {
	open, err := readOpen(openFile)
	return &Model{open: open}, err
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
	return m.kinds.Shares(folded, vector, m.Marks(e)...)[1]
}

// How much the marks weigh beside the words of a question. Measured on labelled questions by parts.
const (
	sideWeight  = 0.5
	shareWeight = 2
)

// Marks are the evidence as the model reads it: a number a side, then the shares left open of the
// leading entry and of those found.
func (m *Model) Marks(e Evidence) []float32 {
	marks := make([]float32, len(Sides)+2)
	if i := slices.Index(Sides, e.Side); i >= 0 {
		marks[i] = sideWeight
	}
	marks[len(Sides)] = float32(shareWeight * (m.open.share(e.Lead) - usual))
	marks[len(Sides)+1] = float32(shareWeight * (m.around(e.Hits) - usual))
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
