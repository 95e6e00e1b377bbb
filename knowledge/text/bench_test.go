package text_test

import (
	"strings"
	"testing"
)

var article = strings.Repeat("第二十二条　退役军人依照本条例的规定，享受优先、优惠待遇。", 10)

func BenchmarkFold(b *testing.B) {
	n := normaliser(b)
	b.SetBytes(int64(len(article)))
	for b.Loop() {
		n.Fold(article)
	}
}

func BenchmarkFoldTraditional(b *testing.B) {
	n := normaliser(b)
	traditional := strings.Repeat("退役軍人優待證", 40)
	b.SetBytes(int64(len(traditional)))
	for b.Loop() {
		n.Fold(traditional)
	}
}

func BenchmarkTerms(b *testing.B) {
	n := normaliser(b)
	b.SetBytes(int64(len(article)))
	for b.Loop() {
		n.Terms(article)
	}
}
