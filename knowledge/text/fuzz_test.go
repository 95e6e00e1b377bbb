package text_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func FuzzFoldTwiceIsFoldOnce(f *testing.F) {
	for _, seed := range []string{
		"退役軍人優待證 １２級", "薴", "乾坤一擲", "\u1100\u0301\u1161", "İ", "ﬀ\u200d", "\xe4\xbd",
		"ｶ\uff9e", "\u00a8", "㍿", "ℌ", "K", "a\u0301", "瞭解", "\ufdfa", "両", "\U0002F800",
	} {
		f.Add(seed)
	}
	n := normaliser(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := n.Fold(s)
		assert.True(t, utf8.ValidString(once))
		assert.Equal(t, once, n.Fold(once))
	})
}

func FuzzNoTextBreaksTheRest(f *testing.F) {
	for _, seed := range []string{"那个，那个", "喂", "12.5%的％", "0", "\x00", "两 2", "残废军人证"} {
		f.Add(seed)
	}
	n := normaliser(f)
	f.Fuzz(func(t *testing.T, s string) {
		cleaned := n.Clean(s)
		assert.Equal(t, n.Fold(s) == "", cleaned == "", "only nothing cleans to nothing")
		for _, term := range n.Terms(s) {
			assert.NotEmpty(t, term)
			assert.Contains(t, []float64{0, 0.5, 1}, n.Weight(term))
		}
		n.Expand(s)
	})
}
