package kinds

import (
	"math"
	"slices"
)

// Sample is a labelled message.
type Sample struct {
	Kind string
	// Folded is the message in the form that rules read; Vector what it means.
	Folded string
	Vector []float32
}

const (
	// fitness is how much the samples count against small weights; between 10 and 30 did as well.
	fitness = 10
	// levelling is how far rare kinds are weighed up to the common ones, from 0 to 1.
	levelling = 0.7
	// rounds is how many steps are taken; more change no share by a hundredth.
	rounds = 400
)

// Fit fits a model to samples, by accelerated descent: the same samples give the same model.
func Fit(samples []Sample) *Model {
	m := &Model{}
	for _, s := range samples {
		if !slices.Contains(m.Kinds, s.Kind) {
			m.Kinds = append(m.Kinds, s.Kind)
		}
	}
	slices.Sort(m.Kinds)
	m.Mean = meanOf(samples)
	f := newFit(m, samples)
	m.Both = f.descend(len(m.Mean))
	m.Words = f.descend(0)
	return m
}

func meanOf(samples []Sample) []float32 {
	mean := make([]float32, len(samples[0].Vector))
	for _, s := range samples {
		for i, v := range s.Vector {
			mean[i] += v / float32(len(samples))
		}
	}
	return mean
}

// fit is what is known of the samples before the descent.
type fit struct {
	kinds   int
	label   []int
	weight  []float64
	runs    [][]Run
	vectors [][]float32
}

func newFit(m *Model, samples []Sample) *fit {
	f := &fit{kinds: len(m.Kinds)}
	count := make([]float64, f.kinds)
	for _, s := range samples {
		k, _ := slices.BinarySearch(m.Kinds, s.Kind)
		f.label = append(f.label, k)
		f.runs = append(f.runs, RunsOf(s.Folded))
		f.vectors = append(f.vectors, Centred(s.Vector, m.Mean))
		count[k]++
	}
	for _, k := range f.label {
		even := float64(len(samples)) / float64(f.kinds) / count[k]
		f.weight = append(f.weight, math.Pow(even, levelling)/float64(len(samples)))
	}
	return f
}

// descend finds the layer that reads the runs and the first dims numbers of the vectors.
func (f *fit) descend(dims int) Layer {
	width := Runs + dims
	zero := newLayer(f.kinds, width)
	at, last := zero, zero
	decay := 1 / (fitness * float64(len(f.label)))
	// No step is longer than the curvature of the loss allows: half the square of the features'
	// length, the weights of the samples adding up to about 1.
	step := 1 / ((runsWeight*runsWeight+2)/2*f.total() + decay)
	momentum := 1.0
	for range rounds {
		next := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		ahead := at.plus((momentum-1)/next, at, last)
		slope := f.gradient(ahead, dims, decay)
		last, at = at, ahead.plus(-step, slope, zero)
		momentum = next
	}
	return at
}

func (f *fit) total() float64 {
	sum := 0.0
	for _, w := range f.weight {
		sum += w
	}
	return sum
}

func (f *fit) gradient(l Layer, dims int, decay float64) Layer {
	g := newLayer(f.kinds, Runs+dims)
	for i, label := range f.label {
		vector := f.vectors[i][:dims]
		shares := l.shares(f.runs[i], vector)
		shares[label]--
		for k, share := range shares {
			pull := float32(share * f.weight[i])
			g.Bias[k] += pull
			for _, r := range f.runs[i] {
				g.Rows[k][r.Feature] += pull * r.Value
			}
			for j, v := range vector {
				g.Rows[k][Runs+j] += pull * v
			}
		}
	}
	for k, row := range l.Rows {
		for j, w := range row {
			g.Rows[k][j] += float32(decay) * w
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
