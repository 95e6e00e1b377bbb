package adapter

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/viterin/vek/vek32"
)

// Passage is a vector of something that answers, of length 1. Several may be of one answer.
type Passage struct {
	Vector []float32
	// Answer names what it is part of.
	Answer int
}

// Pair is a question with what answers it.
type Pair struct {
	// Vector is the question's, of length 1.
	Vector []float32
	// Answers are those that are right.
	Answers []int
	// Own is the number of the passage that says the very same, which would be found by anything; -1
	// for none.
	Own int
}

// How the matrix is fitted. Measured on labelled questions that were not fitted to.
const (
	// warmth is the difference of cosines that makes one passage e times likelier than another.
	warmth = 0.012
	// rounds is how often every pair is looked at, batch how many are looked at between two steps.
	rounds, batch = 14, 256
	// stride is the length of the first steps; the last ones are a twentieth.
	stride, lastStride = 0.001, 0.05
	// holding pulls the matrix towards leaving vectors as they are.
	holding = 0.0003
	// trifle is the share of a passage below which it says nothing of which way to go.
	trifle = 1e-5
)

// Fit fits an adapter so that each question's right passages stand out among all of them. The same
// pairs give the same adapter.
func Fit(embedder string, passages []Passage, pairs []Pair) *Adapter {
	dims := len(passages[0].Vector)
	f := &fit{passages: passages, pairs: pairs, adapter: &Adapter{Embedder: embedder, scale: 1}}
	for i := range dims {
		row := make([]float32, dims)
		row[i] = 1
		f.adapter.rows = append(f.adapter.rows, row)
	}
	f.descend()
	f.calibrate()
	return f.adapter.arranged()
}

// fit is the state of a fitting, by Adam (Kingma and Ba, 2015).
type fit struct {
	passages []Passage
	pairs    []Pair
	adapter  *Adapter
	slope    [][]float32
	// first and second are the running means of the slope and of its square.
	first, second [][]float32
	steps         int
}

func (f *fit) descend() {
	f.slope, f.first, f.second = f.blank(), f.blank(), f.blank()
	dice := rand.New(rand.NewPCG(1, 1))
	order := make([]int, len(f.pairs))
	for i := range order {
		order[i] = i
	}
	all := float64(rounds * ((len(order) + batch - 1) / batch))
	for range rounds {
		dice.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for some := range slices.Chunk(order, batch) {
			for _, p := range some {
				f.pull(f.pairs[p], 1/float32(len(some)))
			}
			f.step(stride * (lastStride + (1-lastStride)*(1-float64(f.steps)/all)))
		}
	}
}

func (f *fit) blank() [][]float32 {
	m := make([][]float32, len(f.adapter.rows))
	for i := range m {
		m[i] = make([]float32, len(m))
	}
	return m
}

// pull adds to the slope what one pair wants: towards its right passages, away from the others, each
// by its share.
func (f *fit) pull(p Pair, weight float32) {
	turned, length := f.turned(p.Vector)
	shares, right := f.shares(p, turned)
	want := make([]float32, len(turned))
	for i, share := range shares {
		pull := share
		if slices.Contains(p.Answers, f.passages[i].Answer) {
			pull -= share / right
		}
		if math.Abs(pull) > trifle {
			scaled := vek32.MulNumber(f.passages[i].Vector, float32(pull/warmth))
			vek32.Add_Inplace(want, scaled)
		}
	}
	along := vek32.Dot(want, turned)
	for j := range want {
		want[j] = (want[j] - along*turned[j]) / length * weight
	}
	for i, x := range p.Vector {
		row := f.slope[i]
		for j, w := range want {
			row[j] += x * w
		}
	}
}

func (f *fit) turned(v []float32) (unit []float32, length float32) {
	turned := make([]float32, len(v))
	for i, row := range f.adapter.rows {
		vek32.Add_Inplace(turned, vek32.MulNumber(row, v[i]))
	}
	length = float32(math.Sqrt(float64(vek32.Dot(turned, turned))))
	return vek32.DivNumber(turned, length), length
}

// shares gives each passage's share by its nearness, 0 for the question's own, and what the right ones
// have together.
func (f *fit) shares(p Pair, turned []float32) (shares []float64, right float64) {
	shares = make([]float64, len(f.passages))
	nearest := math.Inf(-1)
	for i, passage := range f.passages {
		shares[i] = float64(vek32.Dot(turned, passage.Vector)) / warmth
		if i == p.Own {
			shares[i] = math.Inf(-1)
		}
		nearest = max(nearest, shares[i])
	}
	sum := 0.0
	for i := range shares {
		shares[i] = math.Exp(shares[i] - nearest)
		sum += shares[i]
	}
	right = 1e-9
	for i := range shares {
		shares[i] /= sum
		if slices.Contains(p.Answers, f.passages[i].Answer) {
			right += shares[i]
		}
	}
	return shares, right
}

// step goes one step down the slope, and forgets it.
func (f *fit) step(size float64) {
	const keep, keepSquare, least = 0.9, 0.999, 1e-8
	f.steps++
	n := float64(f.steps)
	for i, row := range f.adapter.rows {
		for j := range row {
			slope := f.slope[i][j] + holding*(row[j]-one(i, j))
			f.slope[i][j] = 0
			f.first[i][j] = keep*f.first[i][j] + (1-keep)*slope
			f.second[i][j] = keepSquare*f.second[i][j] + (1-keepSquare)*slope*slope
			mean := float64(f.first[i][j]) / (1 - math.Pow(keep, n))
			square := float64(f.second[i][j]) / (1 - math.Pow(keepSquare, n))
			row[j] -= float32(size * mean / (math.Sqrt(square) + least))
		}
	}
}

// looked is how many of the nearest passages of a question are compared in calibrating: about as many
// as a search ranks.
const looked = 100

// calibrate finds how cosines of adapted vectors go with plain ones: by the mean and the spread of
// those of the nearest passages, over all questions.
func (f *fit) calibrate() {
	var plain, adapted spread
	for _, p := range f.pairs {
		turned, _ := f.turned(p.Vector)
		plain.add(f.nearest(p.Vector, p.Own))
		adapted.add(f.nearest(turned, p.Own))
	}
	f.adapter.scale = plain.deviation() / adapted.deviation()
	f.adapter.shift = plain.mean() - f.adapter.scale*adapted.mean()
}

func (f *fit) nearest(v []float32, own int) []float64 {
	cosines := make([]float64, 0, len(f.passages))
	for i, p := range f.passages {
		if i != own {
			cosines = append(cosines, float64(vek32.Dot(v, p.Vector)))
		}
	}
	slices.Sort(cosines)
	return cosines[max(0, len(cosines)-looked):]
}

// spread reckons a mean and the mean of the deviations within groups.
type spread struct{ sum, within, groups float64 }

func (s *spread) add(values []float64) {
	mean, square := 0.0, 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		square += (v - mean) * (v - mean) / float64(len(values))
	}
	s.sum, s.within, s.groups = s.sum+mean, s.within+math.Sqrt(square), s.groups+1
}

func (s *spread) mean() float64      { return s.sum / s.groups }
func (s *spread) deviation() float64 { return s.within / s.groups }
