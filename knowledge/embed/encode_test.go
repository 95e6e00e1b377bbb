package embed

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVectorsHaveLengthOneWhateverTheText(t *testing.T) {
	m := shippedModel(t)
	texts := []string{"", " ", "\xff\xfe", "\x00", "🫠", "优待证", strings.Repeat("=", 700)}
	vectors, err := m.EmbedPassages(t.Context(), texts)
	require.NoError(t, err)
	require.Len(t, vectors, len(texts))
	for i, v := range vectors {
		require.Len(t, v, m.Dimensions())
		require.InDelta(t, 1, dot(v, v), 1e-5, "%q", texts[i])
	}
}

func TestNoTextsGiveNoVectors(t *testing.T) {
	vectors, err := shippedModel(t).EmbedQueries(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, vectors)
}

func TestAQuestionIsNearerToItsAnswerThanToAnother(t *testing.T) {
	m := shippedModel(t)
	question, err := m.EmbedQueries(t.Context(), []string{"当兵的坐公交车要不要买票"})
	require.NoError(t, err)
	answers, err := m.EmbedPassages(t.Context(), []string{
		"现役军人和残疾军人凭证免费乘坐市内公共汽车。",
		"烈士的子女上学可以得到照顾。",
	})
	require.NoError(t, err)
	require.Greater(t, dot(question[0], answers[0]), dot(question[0], answers[1])+0.02)
}

func TestQueriesAndPassagesDiffer(t *testing.T) {
	m := shippedModel(t)
	text := []string{"优待证怎么办"}
	query, err := m.EmbedQueries(t.Context(), text)
	require.NoError(t, err)
	passage, err := m.EmbedPassages(t.Context(), text)
	require.NoError(t, err)
	require.Less(t, dot(query[0], passage[0]), 0.999)
}

func TestALongTextIsTheMeanOfItsWindowsByTokens(t *testing.T) {
	m := shippedModel(t)
	text := textOf(t, m, 700)
	tokens := m.tokenizer.tokens(passagePrefix + text)
	inner := m.shape.positions - 2
	var want vectors
	want.plain = make([]float32, m.Dimensions())
	for _, part := range [][]int32{tokens[:inner], tokens[inner:]} {
		var s scratch
		require.NoError(t, m.forward(t.Context(), m.window(part), &s, &want))
	}
	normalise(want.plain)
	got, err := m.EmbedPassages(t.Context(), []string{text})
	require.NoError(t, err)
	require.InDelta(t, 1, dot(want.plain, got[0]), 1e-5)
}

func TestAStoppedCallEmbedsNothing(t *testing.T) {
	m := shippedModel(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, texts := range [][]string{{"一"}, {"一", "二", "三"}} {
		_, err := m.EmbedQueries(ctx, texts)
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestAStopIsNoticedBetweenLayers(t *testing.T) {
	m := shippedModel(t)
	ctx := &stopping{Context: t.Context(), after: 5}
	var s scratch
	require.ErrorIs(t, m.forward(ctx, []int32{1, 2, 3}, &s, &vectors{}), context.Canceled)
	require.Equal(t, 0, ctx.after)
}

// stopping is done when it was asked often enough.
type stopping struct {
	context.Context
	after int
}

func (s *stopping) Err() error {
	if s.after--; s.after <= 0 {
		return context.Canceled
	}
	return nil
}

func TestAQuestionDoesNotWaitForABatch(t *testing.T) {
	m, err := New()
	require.NoError(t, err)
	require.Equal(t, max(1, runtime.GOMAXPROCS(0)-1), cap(m.batch))
	for range cap(m.batch) {
		m.batch <- struct{}{} // as if batches had all the room there is for them
	}
	_, err = m.EmbedQueries(t.Context(), []string{"优待证"})
	require.NoError(t, err)

	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := m.EmbedPassages(ctx, []string{"一", "二"})
		done <- err
	}()
	stop()
	require.ErrorIs(t, <-done, context.Canceled, "a batch waits for room, or until it is stopped")
}

func TestConcurrentCallsGiveTheSameVectors(t *testing.T) {
	m := shippedModel(t)
	texts := lines(t, "testdata/sentences.txt")[:6]
	want, err := m.EmbedPassages(t.Context(), texts)
	require.NoError(t, err)
	var calls sync.WaitGroup
	for i := range texts {
		calls.Go(func() {
			got, err := m.EmbedPassages(t.Context(), texts[i:])
			if err != nil || !sameVectors(want[i:], got) {
				t.Errorf("call %d differs: %v", i, err)
			}
		})
	}
	calls.Wait()
}

func sameVectors(want, got [][]float32) bool {
	for i := range want {
		for j := range want[i] {
			if want[i][j] != got[i][j] {
				return false
			}
		}
	}
	return len(want) == len(got)
}
