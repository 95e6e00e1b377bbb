package kinds

import (
	"hash/fnv"
	"math"
)

const (
	// Runs is how many features runs of characters are spread over.
	Runs = 1 << 14
	// longest is the longest run that counts.
	longest = 3
	// runsWeight is the length of the part of a message's features that its runs make; the part that
	// its vector makes has length 1. Anything between 2 and 3 did as well.
	runsWeight = 2.5
)

// Run is one feature of how a message is written.
type Run struct {
	Feature int32
	Value   float32
}

// RunsOf gives the runs of a folded message, together of length runsWeight. Runs of the same hash are
// one feature.
func RunsOf(folded string) []Run {
	runes := []rune(folded)
	var runs []Run
	at := make(map[int32]int, longest*len(runes))
	for i := range runes {
		for n := 1; n <= longest && i+n <= len(runes); n++ {
			f := featureOf(string(runes[i : i+n]))
			j, known := at[f]
			if !known {
				j = len(runs)
				at[f] = j
				runs = append(runs, Run{Feature: f})
			}
			runs[j].Value++
		}
	}
	sum := 0.0
	for _, r := range runs {
		sum += float64(r.Value) * float64(r.Value)
	}
	if sum > 0 {
		scale := float32(runsWeight / math.Sqrt(sum))
		for i := range runs {
			runs[i].Value *= scale
		}
	}
	return runs
}

func featureOf(run string) int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(run))
	return int32(h.Sum32() % Runs)
}

// Mean is the mean of vectors of one length.
func Mean(vectors [][]float32) []float32 {
	mean := make([]float32, len(vectors[0]))
	for _, vector := range vectors {
		for i, v := range vector {
			mean[i] += v / float32(len(vectors))
		}
	}
	return mean
}

// Centred is a vector relative to the mean of all messages, of length 1: what messages have in common
// says nothing of their kind.
func Centred(vector, mean []float32) []float32 {
	out := make([]float32, len(vector))
	for i, v := range vector {
		out[i] = v - mean[i]
	}
	return Unit(out)
}

// Unit makes a vector one of length 1, unless it has no length, and gives it back.
func Unit(vector []float32) []float32 {
	sum := 0.0
	for _, v := range vector {
		sum += float64(v) * float64(v)
	}
	if sum > 0 {
		scale := float32(1 / math.Sqrt(sum))
		for i := range vector {
			vector[i] *= scale
		}
	}
	return vector
}
