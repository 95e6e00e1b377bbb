package kinds

import (
	_ "embed" // for model.bin
	"errors"
	"math"
)

// model.bin is made by `go test ./cmd/rongjun -run TestKindsAreFittedToTheirExamples -update`.
//
//go:embed model.bin
var shipped string

// ErrFile says that a file is no model.
var ErrFile = errors.New("not a model of kinds")

// Model gives the shares of the kinds in a message. It does not change and may be used by many at
// once.
type Model struct {
	// Kinds are the names, in the order of the shares.
	Kinds []string
	// Mean is the mean vector of the messages it was fitted to.
	Mean []float32
	// Marks is how many marks go with a message.
	Marks int
	// Both reads runs, vector and marks; Words runs and marks, where there is no vector.
	Both, Words Layer
}

// Layer is the weights of one way of reading: a row a kind, of the features of runs, then of the
// vector's numbers, then of the marks, and what is added.
type Layer struct {
	Rows [][]float32
	Bias []float32
}

// Load reads the model that is built into the program.
func Load() (*Model, error) { return Read(shipped) }

// Shares gives the share of each kind in a message, together 1. A vector of another length than the
// model was fitted to counts as none.
func (m *Model) Shares(folded string, vector []float32, marks ...float32) []float64 {
	runs := RunsOf(folded)
	if len(vector) != len(m.Mean) {
		return m.Words.shares(runs, marks)
	}
	return m.Both.shares(runs, append(Centred(vector, m.Mean), marks...))
}

// shares reads the runs and what follows them: the vector, the marks.
func (l Layer) shares(runs []Run, rest []float32) []float64 {
	scores := make([]float64, len(l.Rows))
	for k, row := range l.Rows {
		score := float64(l.Bias[k])
		for _, r := range runs {
			score += float64(row[r.Feature] * r.Value)
		}
		for i, v := range rest {
			score += float64(row[Runs+i] * v)
		}
		scores[k] = score
	}
	return Softmax(scores)
}

// Softmax turns scores into shares, in place.
func Softmax(scores []float64) []float64 {
	largest, sum := math.Inf(-1), 0.0
	for _, s := range scores {
		largest = max(largest, s)
	}
	for i, s := range scores {
		scores[i] = math.Exp(s - largest)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
	return scores
}

// Best is the likeliest kind of the likeliest group: what is for a person, what is not ours, a place,
// a question. Kinds of a group are told apart only after the group, for what follows from them is
// alike.
func (m *Model) Best(shares []float64) string {
	groups := make(map[string]float64)
	for k, share := range shares {
		groups[Group(m.Kinds[k])] += share
	}
	best := -1
	for k, share := range shares {
		mine := groups[Group(m.Kinds[k])]
		if best < 0 || mine > groups[Group(m.Kinds[best])] ||
			Group(m.Kinds[k]) == Group(m.Kinds[best]) && share > shares[best] {
			best = k
		}
	}
	return m.Kinds[best]
}

// Group is what a kind leads to: "handover", "directory", "question", or "decline" for all that is
// not ours to answer.
func Group(kind string) string {
	switch kind {
	case "crisis", "care", "person", "own-file":
		return "handover"
	case "directory", "question":
		return kind
	}
	return "decline"
}
