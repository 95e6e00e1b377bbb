package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// errTaught marks a file that neither testdata/teach.py nor testdata/read.py wrote.
var errTaught = errors.New("not a file of teach.py or read.py")

// lesson is the file of teach.py, little-endian: the layers, the width and the inner width as 32-bit
// numbers, scale and shift, then 32-bit floats: what each layer's products gained (weights a row for each
// output, then the bias) and its norms, in the order of target.layer, and the matrix behind them.
type lesson struct {
	layers, width, inner int
	scale, shift         float32
	rest                 io.Reader
	err                  error
}

func readLesson(data []byte) (*lesson, error) {
	r := bytes.NewReader(data)
	var head struct {
		Layers, Width, Inner int32
		Scale, Shift         float32
	}
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, fmt.Errorf("read lesson: %w", errTaught)
	}
	l := &lesson{int(head.Layers), int(head.Width), int(head.Inner), head.Scale, head.Shift, r, nil}
	if err := l.holds(r.Len(), l.width*l.width); err != nil {
		return nil, err
	}
	return l, nil
}

// holds checks that so many bytes are those of the layers and of so many numbers behind them.
func (l *lesson) holds(bytes, behind int) error {
	layer := 4*l.width*l.width + 2*l.width*l.inner + 9*l.width + l.inner
	if want := 4 * (l.layers*layer + behind); want != bytes || l.layers < 0 {
		return fmt.Errorf("read lesson: %d bytes of numbers, want %d: %w", bytes, want, errTaught)
	}
	return nil
}

func (l *lesson) floats(n int) []float32 {
	v := make([]float32, n)
	if err := binary.Read(l.rest, binary.LittleEndian, v); err != nil {
		l.err = err
	}
	return v
}

// convertTaught makes knowledge/embed's file of what was taught; taught.go there describes it.
func convertTaught(l *lesson) ([]byte, error) {
	t := &target{}
	t.buf.WriteString("RJT1")
	t.write(uint32(1), uint64(0), uint32(0), uint32(l.layers), uint32(l.width), l.scale, l.shift)
	t.align()
	t.learned(l)
	t.halves(l.floats(l.width * l.width))
	if err := errors.Join(t.err, l.err); err != nil {
		return nil, fmt.Errorf("convert what was taught: %w", err)
	}
	return t.seal(), nil
}

func (t *target) learned(l *lesson) {
	for range l.layers {
		t.dense(l, 3*l.width, l.width)
		t.dense(l, l.width, l.width)
		t.norm(l)
		t.dense(l, l.inner, l.width)
		t.dense(l, l.width, l.inner)
		t.norm(l)
	}
}

func (t *target) halves(all []float32) {
	for _, v := range all {
		t.write(halfOf(v))
	}
	t.align()
}

func (t *target) norm(l *lesson) {
	for range 2 {
		t.write(l.floats(l.width))
		t.align()
	}
}

// dense writes a product of 32-bit weights with 4-bit ones, in blocks as the published file has them.
func (t *target) dense(l *lesson, out, in int) {
	weights := l.floats(out * in)
	t.write(l.floats(out))
	t.align()
	var blocks, nibbles bytes.Buffer
	for ; len(weights) > 0; weights = weights[block:] {
		blocks.Write(packBlock(weights[:block]))
	}
	raw := blocks.Bytes()
	for stripe := 0; stripe < len(raw); stripe += rows * in / block * blockSize {
		for b := range in / block {
			t.stripeBlock(raw[stripe+b*blockSize:], in/block*blockSize, &nibbles)
		}
	}
	t.align()
	t.buf.Write(nibbles.Bytes())
	t.align()
}

// packBlock rounds the weights of a block to 4 bits with the scale, of some about the largest weight's,
// that loses least.
func packBlock(weights []float32) []byte {
	largest := float32(0)
	for _, w := range weights {
		if abs(w) > abs(largest) {
			largest = w
		}
	}
	best, least := halfOf(0), math.Inf(1)
	for step := range 13 {
		scale := halfOf(largest / -8 * (1 - 0.025*float32(step)))
		if lost := loss(weights, widen(scale)); lost < least {
			best, least = scale, lost
		}
	}
	packed := binary.LittleEndian.AppendUint16(nil, best)
	for i := range block / 2 {
		low, high := nibble(weights[i], widen(best)), nibble(weights[block/2+i], widen(best))
		packed = append(packed, low|high<<4)
	}
	return packed
}

func loss(weights []float32, scale float32) float64 {
	sum := 0.0
	for _, w := range weights {
		d := float64(w - float32(int(nibble(w, scale))-8)*scale)
		sum += d * d
	}
	return sum
}

func nibble(w, scale float32) byte {
	if scale == 0 {
		return 8
	}
	return byte(min(15, max(0, math.RoundToEven(float64(w/scale))+8)))
}

func abs(v float32) float32 { return float32(math.Abs(float64(v))) }

// halfOf rounds to a 16-bit float; what is below its smallest normal number is 0.
func halfOf(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits >> 16 & 0x8000)
	rounded := bits&0x7fffffff + 0x0fff + bits>>13&1
	switch exponent := int(rounded>>23) - 112; {
	case exponent <= 0:
		return sign
	case exponent > 30:
		return sign | 0x7bff // the largest
	default:
		return sign | uint16(exponent<<10) | uint16(rounded>>13&0x3ff)
	}
}

// widen is the 32-bit float of a 16-bit one that halfOf gave.
func widen(h uint16) float32 {
	rest := math.Float32frombits(uint32(h&0x7fff) << 13)
	return math.Float32frombits(uint32(h&0x8000)<<16 | math.Float32bits(rest*0x1p112))
}
