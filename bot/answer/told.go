package answer

import (
	"fmt"
	"math"
	"slices"

	"rongjun/bot"
	"rongjun/bot/answer/kinds"
)

// told says where among the numbers that the embedder tells of a question stand those of the kinds, in
// the order of kinds.Model, and the one that says that what is asked is left open.
type told struct {
	kinds []int
	open  int
}

// toldOpen is the name of the number that says that what is asked is left open.
const toldOpen = "open"

// toldWeight is how much what is told counts beside what words and the plain vector say, of the kinds and
// of what is left open: half to one did as well on messages of which neither had been learned.
const toldWeight = 0.55

// newTold finds the numbers by their names. Without names nothing is told.
func newTold(names, ofKinds []string) (told, error) {
	var t told
	if len(names) == 0 {
		return t, nil
	}
	at := func(name string) (int, error) {
		if i := slices.Index(names, name); i >= 0 {
			return i, nil
		}
		return 0, fmt.Errorf("embedder tells nothing of %q: %w", name, bot.ErrInvalid)
	}
	for _, k := range ofKinds {
		i, err := at(k)
		if err != nil {
			return told{}, err
		}
		t.kinds = append(t.kinds, i)
	}
	var err error
	t.open, err = at(toldOpen)
	return t, err
}

// withKinds are the shares of the kinds by what was read and by what is told, the mean of both, weighted,
// being taken of their logarithms.
func (t told) withKinds(shares []float64, numbers []float32) []float64 {
	if len(t.kinds) == 0 || len(numbers) == 0 {
		return shares
	}
	scores := make([]float64, len(shares))
	for k, share := range shares {
		scores[k] = (math.Log(share) + toldWeight*float64(numbers[t.kinds[k]])) / (1 + toldWeight)
	}
	return kinds.Softmax(scores)
}

// withOpen is the share left open in the same way.
func (t told) withOpen(share float64, numbers []float32) float64 {
	if len(t.kinds) == 0 || len(numbers) == 0 {
		return share
	}
	score := (math.Log(share/(1-share)) + toldWeight*float64(numbers[t.open])) / (1 + toldWeight)
	return 1 / (1 + math.Exp(-score))
}
