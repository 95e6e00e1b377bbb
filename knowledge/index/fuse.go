package index

import "math"

// The weights of fusion, in deviations of the candidates' scores.
const (
	meaningWeight = 1.5
	// entryWeight favours the guide's entries, which were written to be answers, over statutes.
	entryWeight = 0.3
)

// standardise brings the known values to mean 0 and deviation 1. An unknown one becomes 0, neither
// for nor against its passage.
func standardise(values []float64, known []bool) []float64 {
	mean, n := 0.0, 0.0
	for i, v := range values {
		if known[i] {
			mean, n = mean+v, n+1
		}
	}
	mean /= max(n, 1)
	variance := 0.0
	for i, v := range values {
		if known[i] {
			variance += (v - mean) * (v - mean)
		}
	}
	deviation := math.Sqrt(variance / max(n, 1))
	z := make([]float64, len(values))
	for i, v := range values {
		if known[i] && deviation > 0 {
			z[i] = (v - mean) / deviation
		}
	}
	return z
}
