package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/knowledge/embed"
)

// smallLesson is a lesson of one layer for the small model: its products gain a share of themselves, its
// norms and the matrix change nothing.
func smallLesson(t *testing.T, share float32) []byte {
	t.Helper()
	var out bytes.Buffer
	put := func(v any) { require.NoError(t, binary.Write(&out, binary.LittleEndian, v)) }
	put([]int32{1, 32, 32})
	put([]float32{0.5, 0.25})
	out.Write(smallLayer(t, share))
	put(unchanged())
	return out.Bytes()
}

// smallReading tells each number of the mean, the first with 2 added.
func smallReading(t *testing.T, share float32) []byte {
	t.Helper()
	names := strings.Repeat("名\n", 31) + "名"
	var out bytes.Buffer
	put := func(v any) { require.NoError(t, binary.Write(&out, binary.LittleEndian, v)) }
	put([]int32{1, 32, 32, int32(len(names))})
	out.WriteString(names)
	out.Write(smallLayer(t, share))
	put(unchanged())
	put(append([]float32{2}, make([]float32, 31)...))
	return out.Bytes()
}

// unchanged is the matrix that changes nothing.
func unchanged() []float32 {
	all := make([]float32, 32*32)
	for i := range 32 {
		all[33*i] = 1
	}
	return all
}

func smallLayer(t *testing.T, share float32) []byte {
	t.Helper()
	tensors := smallTensors()
	var out bytes.Buffer
	put := func(v any) { require.NoError(t, binary.Write(&out, binary.LittleEndian, v)) }
	part := func(all []float32) {
		for _, v := range all {
			put(v * share)
		}
	}
	product := func(names ...string) {
		for _, name := range names {
			part(unpacked(tensors["l0."+name+".w"]))
		}
		for _, name := range names {
			part(floats(tensors["l0."+name+".b"]))
		}
	}
	product("q", "k", "v")
	product("ao")
	put(tensors["l0.aln.w"])
	put(tensors["l0.aln.b"])
	product("fi")
	product("fo")
	put(tensors["l0.oln.w"])
	put(tensors["l0.oln.b"])
	return out.Bytes()
}

func floats(raw []byte) []float32 {
	var all []float32
	for ; len(raw) > 0; raw = raw[4:] {
		all = append(all, float(raw))
	}
	return all
}

// unpacked are the weights of blocks, each a scale and 16 bytes.
func unpacked(blocks []byte) []float32 {
	var weights []float32
	for ; len(blocks) > 0; blocks = blocks[blockSize:] {
		scale := widen(binary.LittleEndian.Uint16(blocks))
		var high []float32
		for _, b := range blocks[2:blockSize] {
			weights = append(weights, float32(int(b&15)-8)*scale)
			high = append(high, float32(int(b>>4)-8)*scale)
		}
		weights = append(weights, high...)
	}
	return weights
}

func smallModel(t *testing.T, share float32) *embed.Model {
	t.Helper()
	src, err := readSource(smallSource(t))
	require.NoError(t, err)
	file, err := convert(src)
	require.NoError(t, err)
	l, err := readLesson(smallLesson(t, share))
	require.NoError(t, err)
	taught, err := convertTaught(l)
	require.NoError(t, err)
	r, err := readReadingLesson(smallReading(t, share))
	require.NoError(t, err)
	reading, err := convertReading(r)
	require.NoError(t, err)
	m, err := embed.Open(string(file), string(taught), string(reading))
	require.NoError(t, err)
	return m
}

func TestWhoLearnsNothingNewAsksAsBefore(t *testing.T) {
	m := smallModel(t, 0)
	plain, asked, _, err := m.EmbedAsked(t.Context(), []string{"老兵", "兵"})
	require.NoError(t, err)
	for i := range plain {
		require.InDeltaSlice(t, plain[i], asked[i], 1e-5)
	}
	require.InDelta(t, 0.75, m.Like(1), 1e-6)
}

func TestWhatIsLearnedIsAddedToWhatIsKnown(t *testing.T) {
	doubled := smallTensors()
	for name, raw := range doubled {
		switch {
		case name[:3] != "l0." || strings.Contains(name, "ln."):
		case strings.HasSuffix(name, ".w"):
			for i := 1; i < len(raw); i += blockSize {
				raw[i] += 4 // the exponent of the scale
			}
		default:
			var twice []byte
			for _, v := range floats(raw) {
				twice = binary.LittleEndian.AppendUint32(twice, math.Float32bits(2*v))
			}
			doubled[name] = twice
		}
	}
	src, err := readSource(sourceOf(t, doubled))
	require.NoError(t, err)
	file, err := convert(src)
	require.NoError(t, err)
	other, err := embed.Open(string(file), "", "")
	require.NoError(t, err)
	questions := []string{"老兵", "兵", "兵老兵老兵"}
	want, err := other.EmbedQueries(t.Context(), questions)
	require.NoError(t, err)
	plain, asked, _, err := smallModel(t, 1).EmbedAsked(t.Context(), questions)
	require.NoError(t, err)
	for i := range questions {
		require.InDeltaSlice(t, want[i], asked[i], 0.02)
		require.NotEqual(t, plain[i], asked[i])
	}
}

func TestWhatIsToldIsReadOffTheMean(t *testing.T) {
	m := smallModel(t, 0)
	plain, _, told, err := m.EmbedAsked(t.Context(), []string{"老兵"})
	require.NoError(t, err)
	want := slices.Clone(plain[0])
	want[0] += 2
	require.InDeltaSlice(t, want, told[0], 1e-3)
	require.Len(t, m.Tells(), 32)
	require.Equal(t, "名", m.Tells()[31])
}

func TestALessonOfAnotherLengthIsRefused(t *testing.T) {
	for _, of := range []struct {
		whole []byte
		read  func(data []byte) error
	}{
		{smallLesson(t, 1), func(data []byte) error { _, err := readLesson(data); return err }},
		{smallReading(t, 1), func(data []byte) error { _, err := readReadingLesson(data); return err }},
	} {
		for n := 0; n < len(of.whole); n += 97 {
			require.ErrorIs(t, of.read(of.whole[:n]), errTaught, "%d of %d bytes", n, len(of.whole))
		}
		require.ErrorIs(t, of.read(append(of.whole, 0)), errTaught)
	}
}

func TestABlockOfWeightsLosesLittle(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		weights, size := make([]float32, block), math.Exp(dice.Float64()*6-5)
		all, lost := 0.0, 0.0
		for i := range weights {
			weights[i] = float32(dice.NormFloat64() * size)
			all += float64(weights[i]) * float64(weights[i])
		}
		for i, w := range unpacked(packBlock(weights)) {
			lost += float64(w-weights[i]) * float64(w-weights[i])
		}
		require.Less(t, math.Sqrt(lost/all), 0.2)
	}
	require.Equal(t, make([]float32, block), unpacked(packBlock(make([]float32, block))))
}

func TestHalvesAreTheNearest(t *testing.T) {
	for h := uint16(0); h < 0x7c00; h += 7 {
		if v := widen(h); h >= 0x400 {
			require.Equal(t, h, halfOf(v))
			require.Equal(t, h|0x8000, halfOf(-v))
			require.Equal(t, h, halfOf(math.Nextafter32(v, 0)))
			require.Equal(t, h, halfOf(math.Nextafter32(v, 1e9)))
		} else {
			require.Zero(t, halfOf(v/2), "what is below the smallest normal number")
		}
	}
	require.Equal(t, uint16(0x7bff), halfOf(1e9))
}
