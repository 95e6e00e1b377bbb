package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/knowledge/embed"
)

func TestPiecesOfChineseTextAreKept(t *testing.T) {
	for _, piece := range []string{
		"退役", "▁我", "。", "《", "～", "▁“", "......", "2024", "▁10,000", "kg", "▁VIP", "°", "〇",
	} {
		require.True(t, keep(piece), piece)
	}
	for _, piece := range []string{"▁query", "の", "자", "▁де", "é", "😀", "४"} {
		require.False(t, keep(piece), piece)
	}
}

func TestSpecialPiecesAreNotSpelled(t *testing.T) {
	all := []piece{
		{text: "<s>", row: 0},
		{text: "<p>", row: 1},
		{text: "</s>", row: 2},
		{text: "<u>", row: 3},
		{text: "老", row: 4},
		{text: "▁passage", row: 5},
		{text: "兵", row: 6},
		{text: "<m>", row: 7},
	}
	require.Equal(t, []piece{all[5], all[6], all[4]}, kept(all), "sorted")
}

func TestAConvertedModelIsReadAndEmbeds(t *testing.T) {
	src, err := readSource(smallSource(t))
	require.NoError(t, err)
	file, err := convert(src)
	require.NoError(t, err)
	m, err := embed.Open(string(file), "", "")
	require.NoError(t, err)
	require.Equal(t, 32, m.Dimensions())
	vectors, err := m.EmbedQueries(t.Context(), []string{"老兵", "兵老", "老兵"})
	require.NoError(t, err)
	require.Equal(t, vectors[0], vectors[2])
	require.NotEqual(t, vectors[0], vectors[1])
}

func TestAnotherFileIsRefused(t *testing.T) {
	whole := smallSource(t)
	for n := 0; n < len(whole); n += 97 {
		src, err := readSource(whole[:n])
		if err == nil {
			_, err = convert(src)
		}
		require.ErrorIs(t, err, errSource, "%d of %d bytes", n, len(whole))
	}
}

// The published file is not in the repository: RONGJUN_TEST_E5 names it where it is at hand.
func TestTheShippedModelIsMadeOfThePublishedOne(t *testing.T) {
	name := os.Getenv("RONGJUN_TEST_E5")
	if name == "" {
		t.Skip("RONGJUN_TEST_E5 names no e5-small-q4.bin")
	}
	to := t.TempDir() + "/model.bin"
	require.NoError(t, run([]string{"model", name, to}))
	got, err := os.ReadFile(to)
	require.NoError(t, err)
	want, err := os.ReadFile("../model.bin")
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
}

func TestAMistakenCommandSaysHow(t *testing.T) {
	require.ErrorIs(t, run(nil), errUsage)
	require.ErrorIs(t, run([]string{"model", "one"}), errUsage)
}

// smallSource is a file in the published format: one layer 32 wide, eight pieces.
func smallSource(t *testing.T) []byte {
	t.Helper()
	return sourceOf(t, smallTensors())
}

func sourceOf(t *testing.T, tensors map[string][]byte) []byte {
	t.Helper()
	var head, body bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			require.NoError(t, binary.Write(&head, binary.LittleEndian, v))
		}
	}
	head.WriteString("E5S1")
	for _, n := range []int32{1, 32, 1, 2, 32, 8, 16, 2} {
		put(n)
	}
	put(float32(1e-12), int32(32))
	putPieces(put, []string{"<s>", "<pad>", "</s>", "<unk>", "▁", "老", "兵", "<mask>"})
	directory := 4
	for name := range tensors {
		directory += 2 + len(name) + 21
	}
	offset := head.Len() + directory
	put(int32(len(tensors)))
	for name, data := range tensors {
		put(uint16(len(name)), []byte(name), byte(0), uint32(0))
		put(uint64(offset+body.Len()), uint64(len(data)))
		body.Write(data)
	}
	return append(head.Bytes(), body.Bytes()...)
}

// putPieces writes the vocabulary and an empty table of normalised characters.
func putPieces(put func(...any), pieces []string) {
	size := 0
	for _, p := range pieces {
		size += len(p)
	}
	put(int32(len(pieces)), int32(0), int32(2), int32(1), int32(3), uint64(size))
	size = 0
	for _, p := range append([]string{""}, pieces...) {
		size += len(p)
		put(uint32(size))
	}
	for range pieces {
		put(float32(-1))
	}
	for _, p := range pieces {
		put([]byte(p))
	}
	put(int32(0), uint32(0))
}

// smallTensors are tensors of the right sizes, filled with something.
func smallTensors() map[string][]byte {
	numbers := func(n int, seed int) []byte {
		var out []byte
		for i := range n {
			out = binary.LittleEndian.AppendUint32(out, 0x3f000000+uint32((i*i*7+seed)%97)<<16)
		}
		return out
	}
	weights := func(rows int) []byte {
		var out []byte
		for r := range rows {
			out = append(out, 0, 0x2c) // the scale 1/16
			for i := range 16 {
				out = append(out, byte(r*31+i*57))
			}
		}
		return out
	}
	tensors := map[string][]byte{
		"emb.word": weights(8), "emb.pos": numbers(16*32, 1), "emb.type": numbers(2*32, 2),
		"emb.ln.w": numbers(32, 3), "emb.ln.b": numbers(32, 4),
	}
	for _, name := range []string{"q", "k", "v", "ao", "fi", "fo"} {
		tensors["l0."+name+".w"] = weights(32)
		tensors["l0."+name+".b"] = numbers(32, 5)
	}
	for _, name := range []string{"aln.w", "aln.b", "oln.w", "oln.b"} {
		tensors["l0."+name] = numbers(32, 6)
	}
	return tensors
}
