package kinds

import (
	"cmp"
	"math"
	"slices"
)

// Sample is a labelled message.
type Sample struct {
	Kind string
	// Folded is the message in the form that rules read; Vector what it means.
	Folded string
	Vector []float32
	// Marks are what else is known of it, as many for every sample.
	Marks []float32
	// Weight is how much the sample counts; 0 means 1.
	Weight float64
}

// Taste is how a model is fitted.
type Taste struct {
	// Fitness is how much the samples count against small weights.
	Fitness float64
	// Levelling is how far rare kinds are weighed up to the common ones, from 0 to 1.
	Levelling float64
}

// ForKinds is the taste for kinds of messages; a fitness between 10 and 30 did as well.
var ForKinds = Taste{Fitness: 10, Levelling: 0.7}

// rounds is how many steps are taken; more change no share by a hundredth.
const rounds = 400

// Fit fits a model to samples, by accelerated descent: the same samples give the same model.
func Fit(samples []Sample, taste Taste) *Model {
	m := &Model{Marks: len(samples[0].Marks)}
	var vectors [][]float32
	for _, s := range samples {
		vectors = append(vectors, s.Vector)
		if !slices.Contains(m.Kinds, s.Kind) {
			m.Kinds = append(m.Kinds, s.Kind)
		}
	}
	slices.Sort(m.Kinds)
	m.Mean = Mean(vectors)
	f := newFit(m, samples, taste)
	m.Both = f.descend()
	f.forgetVectors(len(m.Mean))
	m.Words = f.descend()
	return m
}

// fit is what is known of the samples before the descent.
type fit struct {
	kinds  int
	label  []int
	weight []float64
	runs   [][]Run
	// rest are the vectors, each followed by the marks.
	rest  [][]float32
	decay float64
}

func newFit(m *Model, samples []Sample, taste Taste) *fit {
	f := &fit{kinds: len(m.Kinds), decay: 1 / (taste.Fitness * float64(len(samples)))}
	count := make([]float64, f.kinds)
	for _, s := range samples {
		k, _ := slices.BinarySearch(m.Kinds, s.Kind)
		f.label = append(f.label, k)
		f.runs = append(f.runs, RunsOf(s.Folded))
		f.rest = append(f.rest, append(Centred(s.Vector, m.Mean), s.Marks...))
		count[k]++
	}
	for i, k := range f.label {
		even := float64(len(samples)) / float64(f.kinds) / count[k]
		weight := math.Pow(even, taste.Levelling) / float64(len(samples))
		f.weight = append(f.weight, weight*cmp.Or(samples[i].Weight, 1))
	}
	return f
}

// forgetVectors leaves the marks alone of what follows the runs.
func (f *fit) forgetVectors(dims int) {
	for i, rest := range f.rest {
		f.rest[i] = rest[dims:]
	}
}

// descend finds the layer that reads the runs and the rest.
func (f *fit) descend() Layer {
	width := Runs + len(f.rest[0])
	zero := newLayer(f.kinds, width)
	at, last := zero, zero
	// No step is longer than the curvature of the loss allows: half the square of the features'
	// length, the weights of the samples adding up to about 1.
	step := 1 / ((runsWeight*runsWeight+1+f.longestRest())/2*f.total() + f.decay)
	momentum := 1.0
	for range rounds {
		next := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		ahead := at.plus((momentum-1)/next, at, last)
		slope := f.gradient(ahead)
		last, at = at, ahead.plus(-step, slope, zero)
		momentum = next
	}
	return at
}

// longestRest is the square of the length of the longest vector with its marks.
func (f *fit) longestRest() float64 {
	longest := 0.0
	for _, rest := range f.rest {
		sum := 0.0
		for _, v := range rest {
			sum += float64(v) * float64(v)
		}
		longest = max(longest, sum)
	}
	return longest
}

func (f *fit) total() float64 {
	sum := 0.0
	for _, w := range f.weight {
		sum += w
	}
	return sum
}

func (f *fit) gradient(l Layer) Layer {
	g := newLayer(f.kinds, Runs+len(f.rest[0]))
	for i, label := range f.label {
		rest := f.rest[i]
		shares := l.shares(f.runs[i], rest)
		shares[label]--
		for k, share := range shares {
			pull := float32(share * f.weight[i])
			g.Bias[k] += pull
			for _, r := range f.runs[i] {
				g.Rows[k][r.Feature] += pull * r.Value
			}
			for j, v := range rest {
				g.Rows[k][Runs+j] += pull * v
			}
		}
	}
	for k, row := range l.Rows {
		for j, w := range row {
			g.Rows[k][j] += float32(f.decay) * w
		}
	}
	return g
}

func newLayer(kinds, width int) Layer {
	l := Layer{Bias: make([]float32, kinds)}
	for range kinds {
		l.Rows = append(l.Rows, make([]float32, width))
	}
	return l
}

// plus is l with a share of the difference of two layers added.
func (l Layer) plus(share float64, a, b Layer) Layer {
	sum := func(to, a, b []float32) []float32 {
		out := make([]float32, len(to))
		for i := range to {
			out[i] = to[i] + float32(share)*(a[i]-b[i])
		}
		return out
	}
	next := Layer{Bias: sum(l.Bias, a.Bias, b.Bias)}
	for k := range l.Rows {
		next.Rows = append(next.Rows, sum(l.Rows[k], a.Rows[k], b.Rows[k]))
	}
	return next
}
