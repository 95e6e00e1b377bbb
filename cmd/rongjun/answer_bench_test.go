package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot/answer"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

// BenchmarkQuestionToReply measures an offline answer and its five steps, with every question new: by
// words alone, and by meaning too, where the question's vector is made on one core.
func BenchmarkQuestionToReply(b *testing.B) {
	g, err := guide.Load()
	require.NoError(b, err)
	both := byWordsAndMeaning(b)
	for i, name := range []string{"words", "meaning"} {
		b.Run(name, func(b *testing.B) { benchmarkReplies(b, both[i], g) })
	}
}

func benchmarkReplies(b *testing.B, a *answer.Answerer, g *guide.Guide) {
	steps := map[string][]time.Duration{}
	n := 0
	b.ResetTimer()
	for b.Loop() {
		e := g.Entries[n%len(g.Entries)]
		question := fmt.Sprintf("%s（第%d次问）", e.Phrasings[n/len(g.Entries)%len(e.Phrasings)], n)
		began := time.Now()
		got, err := a.Answer(b.Context(), turnOf(question, knowledge.Date{}))
		require.NoError(b, err)
		steps["all"] = append(steps["all"], time.Since(began))
		for _, s := range got.Trace.Steps {
			steps[s.Name] = append(steps[s.Name], s.Took)
		}
		n++
	}
	for name, took := range steps {
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2].Seconds()*1000, name+"-ms-p50")
		if name == "all" {
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "all-ms-p99")
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "answers/s")
}
