package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

const (
	block     = 32
	blockSize = 2 + block/2 // a 16-bit scale and the nibbles
	rows      = 8
	alignment = 64
)

// target is the file as knowledge/embed reads it; format.go there describes it.
type target struct {
	buf bytes.Buffer
	src *source
	err error
}

// convert makes our file of the published one.
func convert(src *source) ([]byte, error) {
	pieces := kept(src.pieces)
	t := &target{src: src}
	t.header(pieces)
	t.pieces(pieces)
	t.words(pieces)
	t.places()
	t.copy("emb.ln.w", 4*src.width)
	t.copy("emb.ln.b", 4*src.width)
	for i := range src.layers {
		t.layer(fmt.Sprintf("l%d.", i))
	}
	if t.err != nil {
		return nil, fmt.Errorf("convert: %w", t.err)
	}
	return t.seal(), nil
}

func (t *target) header(pieces []piece) {
	lowest := float32(0)
	for _, p := range t.src.pieces {
		lowest = min(lowest, p.score)
	}
	t.buf.WriteString("RJE5")
	t.write(uint32(1), uint64(0), uint32(0))
	for _, size := range []int{
		t.src.width, t.src.layers, t.src.heads, t.src.inner, t.src.positions, len(pieces),
	} {
		t.write(uint32(size))
	}
	// An unknown character costs ten more than the least likely of all pieces, kept or not.
	t.write(lowest-10, t.src.epsilon)
	t.align()
}

// seal fills in what the header says of the whole.
func (t *target) seal() []byte {
	file := t.buf.Bytes()
	binary.LittleEndian.PutUint64(file[8:], uint64(len(file)))
	sum := crc32.Checksum(file[20:], crc32.MakeTable(crc32.Castagnoli))
	binary.LittleEndian.PutUint32(file[16:], sum)
	return file
}

func (t *target) write(values ...any) {
	for _, v := range values {
		if err := binary.Write(&t.buf, binary.LittleEndian, v); err != nil {
			t.err = err
		}
	}
}

// align ends a section.
func (t *target) align() {
	t.buf.Write(make([]byte, (alignment-t.buf.Len()%alignment)%alignment))
}

func (t *target) pieces(pieces []piece) {
	for _, p := range pieces {
		t.buf.WriteByte(byte(len(p.text)))
	}
	t.align()
	for _, p := range pieces {
		t.buf.WriteString(p.text)
	}
	t.align()
	for _, p := range pieces {
		t.write(p.score)
	}
	t.align()
}

// words writes the rows of the pieces, then those of begin, end and unknown.
func (t *target) words(pieces []piece) {
	row := t.src.width / block * blockSize
	table := t.src.tensors["emb.word"]
	if len(table) < len(t.src.pieces)*row {
		t.err = errSource
		return
	}
	extra := []piece{{row: beginSource}, {row: endSource}, {row: unknownSource}}
	for _, p := range append(pieces[:len(pieces):len(pieces)], extra...) {
		t.buf.Write(table[p.row*row : (p.row+1)*row])
	}
	t.align()
}

// places writes the position table with the token type, of which there is one, added.
func (t *target) places() {
	positions := t.tensor("emb.pos", 4*t.src.positions*t.src.width)
	kind := t.tensor("emb.type", 8*t.src.width)
	for i := 0; i < len(positions); i += 4 {
		t.write(float(positions[i:]) + float(kind[i%(4*t.src.width):]))
	}
	t.align()
}

func float(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }

// tensor gives the bytes of a tensor, or none and keeps the fault.
func (t *target) tensor(name string, size int) []byte {
	raw, err := t.src.tensor(name, size)
	if err != nil {
		t.err = err
	}
	return raw
}

// copy writes tensors of numbers as they are, one after the other, each of size bytes.
func (t *target) copy(name string, size int) {
	t.buf.Write(t.tensor(name, size))
	t.align()
}

func (t *target) layer(prefix string) {
	width, inner := t.src.width, t.src.inner
	t.product(width, width, prefix+"q", prefix+"k", prefix+"v")
	t.product(width, width, prefix+"ao")
	t.copy(prefix+"aln.w", 4*width)
	t.copy(prefix+"aln.b", 4*width)
	t.product(inner, width, prefix+"fi")
	t.product(width, inner, prefix+"fo")
	t.copy(prefix+"oln.w", 4*width)
	t.copy(prefix+"oln.b", 4*width)
}

// product writes matrices of the same size, one below the other, as one.
func (t *target) product(out, in int, names ...string) {
	for _, name := range names {
		t.buf.Write(t.tensor(name+".b", 4*out))
	}
	t.align()
	var nibbles bytes.Buffer
	for _, name := range names {
		raw := t.tensor(name+".w", out*in/block*blockSize)
		for stripe := 0; stripe < len(raw); stripe += rows * in / block * blockSize {
			for b := range in / block {
				t.stripeBlock(raw[stripe+b*blockSize:], in/block*blockSize, &nibbles)
			}
		}
	}
	t.align()
	t.buf.Write(nibbles.Bytes())
	t.align()
}

// stripeBlock writes the scales of eight rows' blocks, which stand stride apart, and adds their
// nibbles in the order of the kernels. The published blocks have the first half of the weights in
// the low nibbles and the second in the high ones, which is ours as well.
func (t *target) stripeBlock(raw []byte, stride int, nibbles *bytes.Buffer) {
	for r := range rows {
		t.buf.Write(raw[r*stride : r*stride+2])
	}
	for j := 0; j < block/2; j += 4 {
		for r := range rows {
			nibbles.Write(raw[r*stride+2+j : r*stride+2+j+4])
		}
	}
}
