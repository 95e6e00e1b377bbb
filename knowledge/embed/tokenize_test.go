package embed

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestTextIsFoldedAsTheVocabularyIsSpelled(t *testing.T) {
	for text, want := range map[string]string{
		"":                "▁",
		"   ":             "▁",
		"老 \t\n 兵":        "▁老▁兵",
		" 老兵 ":            "▁老兵▁",
		"１２级（一）":          "▁12级(一)",
		"～～":              "▁～～",
		"①㎡…":             "▁1m2...",
		"\x00a\u007fb\vc": "▁abc",
		"a\u200bb\ufeffc": "▁a▁b▁c",
		"坏\xff的":          "▁坏▁的",
	} {
		require.Equal(t, want, fold(text), "%q", text)
	}
}

func TestWhatNoPieceSpellsIsUnknown(t *testing.T) {
	m := shippedModel(t)
	require.Equal(t, []string{"▁", "字", "<unk>", "字"}, spelled(m, "字🫠字"))
}

func TestLongWordsAreSpelledInShortPieces(t *testing.T) {
	m := shippedModel(t)
	for _, piece := range spelled(m, "internationalization") {
		require.NotEqual(t, "<unk>", piece)
		require.LessOrEqual(t, len(strings.TrimPrefix(piece, "▁")), 3)
	}
}

func TestEveryPieceIsFoundByNarrowing(t *testing.T) {
	p := &shippedModel(t).tokenizer.pieces
	for i := range p.scores {
		at := p.all()
		for _, r := range p.at(i) {
			at = p.narrow(at, string(r))
		}
		require.Equal(t, i, p.whole(at), "%q", p.at(i))
	}
}

// Whatever the text, its pieces put together are the folded text again, an unknown piece standing
// for one character.
func FuzzTokens(f *testing.F) {
	m := shippedModel(f)
	for _, line := range lines(f, "testdata/sentences.txt")[:20] {
		f.Add(line)
	}
	f.Add("")
	f.Add("\xff\xfe\x00 ▁▁ </s><unk>")
	f.Add("e\u0301\u0300가각\u1100\u1161 ｶﾞ ﷺ")
	f.Fuzz(func(t *testing.T, text string) {
		rest := fold(text)
		for _, piece := range spelled(m, text) {
			if piece == "<unk>" {
				_, n := utf8.DecodeRuneInString(rest)
				rest = rest[n:]
				continue
			}
			require.True(t, strings.HasPrefix(rest, piece), "%q before %q", piece, rest)
			rest = rest[len(piece):]
		}
		require.Empty(t, rest)
	})
}
