package adapter

import (
	"errors"
	"math"

	"github.com/viterin/vek/vek32"
)

// Adapter is a matrix for the vectors of one embedder's questions. It does not change once made.
type Adapter struct {
	// Embedder names what makes the vectors that it is for.
	Embedder string
	// rows are the matrix, a row for each number of the question's vector.
	rows [][]float32
	// columns are the same matrix, a column for each number of the adapted vector, side by side.
	columns []float32
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
	n := len(vector)
	adapted := make([]float32, n)
	for j := range adapted {
		adapted[j] = vek32.Dot(vector, a.columns[j*n:(j+1)*n])
	}
	normalise(adapted)
	return adapted
}

// arranged has its columns made of its rows, as Apply wants them.
func (a *Adapter) arranged() *Adapter {
	n := len(a.rows)
	a.columns = make([]float32, n*n)
	for i, row := range a.rows {
		for j, w := range row {
			a.columns[j*n+i] = w
		}
	}
	return a
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
