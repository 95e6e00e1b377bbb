// Package quant keeps rows of numbers in files as one byte a number: vectors and the weights of what is
// fitted. A row is its scale, the largest of its numbers by 127, and then each number by the scale,
// rounded; so a number comes back no further off than half the scale. Numbers are little-endian.
package quant

import (
	"encoding/binary"
	"math"
)

// scaleBytes is how long a number is that is kept as it is.
const scaleBytes = 4

// Size is how many bytes a row of n numbers takes.
func Size(n int) int { return scaleBytes + n }

// AppendRow appends a row of finite numbers to a file.
func AppendRow(file []byte, row []float32) []byte {
	var largest float64
	for _, x := range row {
		largest = max(largest, math.Abs(float64(x)))
	}
	scale := float32(largest / math.MaxInt8)
	file = AppendFloats(file, scale)
	for _, x := range row {
		n := 0.0
		if scale > 0 {
			n = math.Round(float64(x) / float64(scale))
		}
		file = append(file, byte(int8(max(-math.MaxInt8, min(n, math.MaxInt8)))))
	}
	return file
}

// Row reads a row that is as long as it says: Size(n) bytes for n numbers.
func Row(row string) []float32 {
	scale := Float(row)
	numbers := make([]float32, len(row)-scaleBytes)
	for i := range numbers {
		numbers[i] = scale * float32(int8(row[scaleBytes+i]))
	}
	return numbers
}

// AppendFloats appends numbers as they are, four bytes each.
func AppendFloats(file []byte, numbers ...float32) []byte {
	for _, x := range numbers {
		file = binary.LittleEndian.AppendUint32(file, math.Float32bits(x))
	}
	return file
}

// Float reads the number that a file begins with.
func Float(file string) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32([]byte(file[:scaleBytes])))
}

// Floats reads n numbers that a file begins with.
func Floats(file string, n int) []float32 {
	numbers := make([]float32, n)
	for i := range numbers {
		numbers[i] = Float(file[scaleBytes*i:])
	}
	return numbers
}
