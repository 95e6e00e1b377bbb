package index

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"rongjun/knowledge"
	"rongjun/knowledge/text"
)

// Query is a question as of a day and for a region.
type Query struct {
	Text string
	// History holds what the same person said before, the oldest first.
	History []string
	Region  knowledge.Region
	AsOf    knowledge.Date
	// Vector is the question's vector by the embedder that the index was built with; nil: words
	// alone decide.
	Vector []float32
	// Asked is the question's vector by an embedder that was taught how people ask. It is compared
	// with the entries of the guide in the place of Vector; nil: Vector is.
	Asked []float32
	// Own asks only for passages of texts that no entry of the guide rests on.
	Own bool
	// N is how many hits are wanted at most; 0 stands for 20.
	N int
}

const (
	defaultN = 20
	// maxQuestion bounds the characters read of a question; of a longer one its beginning and its
	// end are read, for people tell a story first and ask last.
	maxQuestion = 1000
	// maxHistory bounds the earlier turns that are read, the latest ones.
	maxHistory = 3
)

// The weights of terms that the question itself does not contain.
const (
	expansionWeight = 0.45
	historyWeight   = 0.35
	historyDecay    = 0.5
)

type weighted struct {
	term   string
	weight float64
}

// terms gathers the weighted terms of a search, in the order in which they were said, so that the
// sums come out the same every time.
type terms struct {
	list   []weighted
	number map[string]int
}

func (t *terms) add(n *text.Normaliser, s string, weight float64) {
	for _, term := range n.Terms(s) {
		w := weight * n.Weight(term)
		at, known := t.number[term]
		switch {
		case w == 0:
		case !known:
			t.number[term] = len(t.list)
			t.list = append(t.list, weighted{term, w})
		default:
			t.list[at].weight = max(t.list[at].weight, w)
		}
	}
}

// termsOf reads the question, what the texts call the things it names, and earlier turns.
func termsOf(n *text.Normaliser, q Query) []weighted {
	t := &terms{number: make(map[string]int)}
	add := func(s string, weight float64) {
		s = n.Clean(shorten(s))
		t.add(n, s, weight)
		for _, e := range n.Expand(s) {
			for _, means := range e.Means {
				t.add(n, means, weight*expansionWeight)
			}
		}
	}
	add(q.Text, 1)
	weight := historyWeight
	for _, line := range slices.Backward(q.lastLines()) {
		add(line, weight)
		weight *= historyDecay
	}
	return t.list
}

// lastLines are the earlier turns that are read.
func (q Query) lastLines() []string {
	return q.History[max(0, len(q.History)-maxHistory):]
}

// key is the same for two queries of one index only where they find the same: it holds all that a
// search reads, each text with its length before it.
func (q Query) key() string {
	key := make([]byte, 0, 512+4*(len(q.Vector)+len(q.Asked)))
	key = binary.AppendVarint(key, int64(dayNumber(q.AsOf)))
	key = binary.AppendVarint(key, int64(q.N))
	key = strconv.AppendBool(key, q.Own)
	key = appendText(key, string(q.Region))
	key = appendText(key, shorten(q.Text))
	for _, line := range q.lastLines() {
		key = appendText(key, shorten(line))
	}
	// What ends the lines is no length; what follows is all the vectors.
	key = binary.AppendVarint(key, -1)
	key = appendVector(key, q.Vector)
	return string(appendVector(key, q.Asked))
}

// appendVector appends a vector with its length before it, -1 where there is none.
func appendVector(key []byte, v []float32) []byte {
	if v == nil {
		return binary.AppendVarint(key, -1)
	}
	key = binary.AppendVarint(key, int64(len(v)))
	for _, x := range v {
		key = binary.LittleEndian.AppendUint32(key, math.Float32bits(x))
	}
	return key
}

func appendText(key []byte, s string) []byte {
	return append(binary.AppendVarint(key, int64(len(s))), s...)
}

func shorten(s string) string {
	runes := []rune(s)
	if len(runes) <= maxQuestion {
		return s
	}
	half := maxQuestion / 2
	return string(runes[:half]) + " " + string(runes[len(runes)-half:])
}
