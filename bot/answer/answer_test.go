package answer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestAQuestionIsAnsweredFromAnEntryWithItsSources(t *testing.T) {
	a := newWorld(t).answerer(t, false, nil)
	got, err := a.Answer(context.Background(), turnOf("乘公交残疾军人证能不能免票"))
	require.NoError(t, err)
	assert.Contains(t, []bot.Decision{bot.DecideAnswer, bot.DecidePartial}, got.Decision)
	assert.NotEmpty(t, got.Reply.Sources)
	assert.GreaterOrEqual(t, len(got.Trace.Hits), 20)
	assert.Len(t, got.Trace.Steps, 5)
	last := got.Reply.Choices[len(got.Reply.Choices)-1]
	assert.Equal(t, bot.Choice{Text: "转人工", Act: "handover"}, last)
}

func TestTheSameTurnGetsTheSameAnswer(t *testing.T) {
	a := newWorld(t).answerer(t, true, nil)
	turn := turnOf("我妈是烈士遗属，定期抚恤金一年发几回？还有最近的服务站在哪")
	first, err := a.Answer(context.Background(), turn)
	require.NoError(t, err)
	for range 3 {
		again, err := a.Answer(context.Background(), turn)
		require.NoError(t, err)
		assert.Equal(t, first.Reply, again.Reply)
		assert.Equal(t, first.Trace.Hits, again.Trace.Hits)
	}
}
