package extent

import (
	"cmp"
	_ "embed" // for asked.bin
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/viterin/vek/vek32"

	"rongjun/bot/answer/kinds"
	"rongjun/knowledge/quant"
)

// asked.bin is made with model.bin, of the questions in knowledge/guide/testdata/asked.tsv and of the
// guide's phrasings.
//
//go:embed asked.bin
var askedFile string

// ErrFile says that a file does not hold questions whose answers are known.
var ErrFile = errors.New("not a file of known questions")

// Known is a question of which it is known whether its entry leaves it open.
type Known struct {
	Entry  string
	Open   bool
	Vector []float32
}

// known are such questions, by entry. Questions of one entry that are near each other mostly ask for
// the same thing of it.
type known struct {
	mean []float32
	// axes are the directions in which questions differ most, of length 1 each and square to each other.
	axes [][]float32
	of   map[string][]knownQuestion
}

// knownQuestion has a row of package quant: where the question lies along the axes, of length 1.
type knownQuestion struct {
	open bool
	row  string
}

const (
	// axesKept is how many axes are kept: with 64 as much was told right as with all 384, which make six
	// times the file.
	axesKept = 64
	// nearest is how many known questions are looked at, and reach the difference of cosines over which
	// one counts less by e. Anything around them did as well.
	nearest = 24
	reach   = 0.1
	// same is the cosine from which a known question is the very question asked.
	same = 0.999
	// usualNear is about the share of the known questions that is left open.
	usualNear = 0.25
)

// nearby is the share left open of the known questions of the entries found that are nearest to what is
// asked; the usual share where nothing is known. apart leaves aside the question itself.
func (k *known) nearby(vector []float32, found []Found, apart bool) float64 {
	if k == nil || len(vector) == 0 || len(vector) != len(k.mean) {
		return usualNear
	}
	at := k.place(vector)
	type near struct {
		open   bool
		cosine float64
	}
	var all []near
	for _, f := range found {
		for _, q := range k.of[f.Entry.ID] {
			if c := float64(vek32.Dot(at, quant.Row(q.row))); !apart || c < same {
				all = append(all, near{q.open, c})
			}
		}
	}
	if len(all) == 0 {
		return usualNear
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.cosine, a.cosine) })
	open, total := 0.0, 0.0
	for _, n := range all[:min(nearest, len(all))] {
		weight := math.Exp((n.cosine - all[0].cosine) / reach)
		total += weight
		if n.open {
			open += weight
		}
	}
	return open / total
}

// place is where a vector lies along the axes.
func (k *known) place(vector []float32) []float32 {
	centred := kinds.Centred(vector, k.mean)
	at := make([]float32, len(k.axes))
	for i, axis := range k.axes {
		at[i] = vek32.Dot(axis, centred)
	}
	return kinds.Unit(at)
}

// Learn writes the file of known questions: the length of vectors and the number of axes as two bytes
// each, the mean, the axes, then for each entry its id with a line's end, the number of its questions as
// two bytes, and for each a byte, 1 for left open, and its row.
func Learn(questions []Known) []byte {
	var vectors [][]float32
	for _, q := range questions {
		vectors = append(vectors, q.Vector)
	}
	k := &known{mean: kinds.Mean(vectors)}
	k.axes = axesOf(vectors, k.mean)
	file := binary.LittleEndian.AppendUint16(nil, uint16(len(k.mean)))
	file = binary.LittleEndian.AppendUint16(file, uint16(len(k.axes)))
	file = quant.AppendFloats(file, k.mean...)
	for _, axis := range k.axes {
		file = quant.AppendFloats(file, axis...)
	}
	byEntry := make(map[string][]Known)
	for _, q := range questions {
		byEntry[q.Entry] = append(byEntry[q.Entry], q)
	}
	for _, entry := range slices.Sorted(maps.Keys(byEntry)) {
		file = append(file, entry+"\n"...)
		file = binary.LittleEndian.AppendUint16(file, uint16(len(byEntry[entry])))
		for _, q := range byEntry[entry] {
			open := byte(0)
			if q.Open {
				open = 1
			}
			file = quant.AppendRow(append(file, open), k.place(q.Vector))
		}
	}
	return file
}

// turns is how often the axes are turned towards those along which the questions differ most; further
// ones move them by nothing that is seen in the shares.
const turns = 30

// axesOf finds the axes along which the questions differ most, by subspace iteration.
func axesOf(vectors [][]float32, mean []float32) [][]float32 {
	width := len(mean)
	spread := make([][]float32, width)
	for i := range spread {
		spread[i] = make([]float32, width)
	}
	rest := make([]float32, width)
	for _, vector := range vectors {
		for i, x := range vector {
			rest[i] = x - mean[i]
		}
		for i, x := range rest {
			for j, y := range rest {
				spread[i][j] += x * y
			}
		}
	}
	axes := make([][]float32, min(axesKept, width))
	for i := range axes {
		axes[i] = slices.Clone(spread[i])
	}
	for range turns {
		for i, axis := range axes {
			turned := make([]float32, width)
			for j, row := range spread {
				turned[j] = vek32.Dot(row, axis)
			}
			axes[i] = turned
		}
		straighten(axes)
	}
	return axes
}

// straighten makes axes square to those before them, and of length 1.
func straighten(axes [][]float32) {
	for i, axis := range axes {
		kinds.Unit(axis)
		for _, before := range axes[:i] {
			along := vek32.Dot(axis, before)
			for j := range axis {
				axis[j] -= along * before[j]
			}
		}
		kinds.Unit(axis)
	}
}

// readKnown reads what Learn wrote.
func readKnown(file string) (*known, error) {
	fail := func(what string) (*known, error) {
		return nil, fmt.Errorf("read known questions: %s: %w", what, ErrFile)
	}
	if len(file) < 4 {
		return fail("no head")
	}
	width := int(binary.LittleEndian.Uint16([]byte(file)))
	kept := int(binary.LittleEndian.Uint16([]byte(file[2:])))
	file = file[4:]
	const floatBytes = 4
	if len(file) < floatBytes*width*(kept+1) {
		return fail("no axes")
	}
	k := &known{of: make(map[string][]knownQuestion)}
	k.mean, file = quant.Floats(file, width), file[floatBytes*width:]
	for range kept {
		k.axes = append(k.axes, quant.Floats(file, width))
		file = file[floatBytes*width:]
	}
	line := 1 + quant.Size(kept)
	for file != "" {
		entry, rest, found := strings.Cut(file, "\n")
		if !found || len(rest) < 2 {
			return fail("an entry without questions")
		}
		n := int(binary.LittleEndian.Uint16([]byte(rest)))
		if rest = rest[2:]; len(rest) < n*line {
			return fail("questions are missing")
		}
		for i := range n {
			q := rest[i*line : (i+1)*line]
			k.of[entry] = append(k.of[entry], knownQuestion{q[0] == 1, q[1:]})
		}
		file = rest[n*line:]
	}
	return k, nil
}
