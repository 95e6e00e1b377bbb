package quant_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"rongjun/knowledge/quant"
)

// finite are numbers of all sizes, both signs and zero.
var finite = rapid.Float32Range(-1e30, 1e30)

func TestEachNumberComesBackWithinHalfTheScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOf(finite).Draw(t, "row")
		before := rapid.SliceOf(rapid.Byte()).Draw(t, "before")
		file := quant.AppendRow(append([]byte{}, before...), row)
		if string(file[:len(before)]) != string(before) {
			t.Fatal("what stood there before has changed")
		}
		kept := string(file[len(before):])
		if len(kept) != quant.Size(len(row)) {
			t.Fatalf("%d bytes for %d numbers", len(kept), len(row))
		}
		read := quant.Row(kept)
		if len(read) != len(row) {
			t.Fatalf("%d numbers of %d", len(read), len(row))
		}
		half := float64(quant.Float(kept)) * (0.5 + 1e-5)
		for i, x := range row {
			if off := math.Abs(float64(read[i]) - float64(x)); off > half+math.SmallestNonzeroFloat32*128 {
				t.Fatalf("%g came back as %g, further off than %g", x, read[i], half)
			}
		}
	})
}

// What was read and is written again stays as it is, so that a file which is made anew in part changes
// only there.
func TestWhatIsReadIsWrittenAsTheSameNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := quant.AppendRow(nil, rapid.SliceOfN(finite, 1, 50).Draw(t, "row"))
		again := quant.AppendRow(nil, quant.Row(string(first)))
		if string(again[4:]) != string(first[4:]) {
			t.Fatalf("% x became % x", first, again)
		}
	})
}

func TestTheLargestNumberAndZeroAreExact(t *testing.T) {
	t.Parallel()
	row := quant.Row(string(quant.AppendRow(nil, []float32{-254, 0, 127, 1})))
	assert.Equal(t, []float32{-254, 0, 128, 2}, row)
	assert.Equal(t, []float32{0, 0}, quant.Row(string(quant.AppendRow(nil, []float32{0, 0}))))
	assert.Empty(t, quant.Row(string(quant.AppendRow(nil, nil))))
}

func TestPlainNumbersComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(finite).Draw(t, "numbers")
		read := quant.Floats(string(quant.AppendFloats(nil, numbers...)), len(numbers))
		for i, x := range numbers {
			if read[i] != x {
				t.Fatalf("%g came back as %g", x, read[i])
			}
		}
	})
}
