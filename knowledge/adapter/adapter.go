package adapter

import (
	"errors"
	"math"
)

// Adapter is a matrix for the vectors of one embedder's questions. It does not change once made.
type Adapter struct {
	// Embedder names what makes the vectors that it is for.
	Embedder string
	// rows are the matrix, a row for each number of the question's vector.
	rows [][]float32
	// scale and shift bring the cosines of adapted vectors to the range of plain ones.
	scale, shift float64
}

// ErrFile marks a file that is no adapter.
var ErrFile = errors.New("no adapter")

// Apply gives the adapted vector, of length 1. A vector of another length than the embedder's is
// returned as it is.
func (a *Adapter) Apply(vector []float32) []float32 {
	if len(vector) != len(a.rows) {
		return vector
	}
	adapted := make([]float32, len(vector))
	for i, row := range a.rows {
		for j, w := range row {
			adapted[j] += vector[i] * w
		}
	}
	normalise(adapted)
	return adapted
}

// Cosine gives the cosine of plain vectors that stands for as much as one of an adapted vector does,
// so that hits found through an adapter can stand beside others.
func (a *Adapter) Cosine(adapted float64) float64 { return a.scale*adapted + a.shift }

func normalise(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	length := float32(math.Sqrt(sum))
	for i := range v {
		v[i] /= length
	}
}
