package answer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestWhatIsToldIsWeighedWithWhatIsRead(t *testing.T) {
	told, err := newTold([]string{"question", "open", "crisis"}, []string{"crisis", "question"})
	require.NoError(t, err)
	numbers := []float32{4, -3, 0}
	shares := told.withKinds([]float64{0.6, 0.4}, numbers)
	assert.InDelta(t, 1, shares[0]+shares[1], 1e-9)
	assert.Greater(t, shares[1], 0.6, "a question is far likelier by what is told")
	assert.Less(t, told.withOpen(0.6, numbers), 0.5)
	assert.Greater(t, told.withOpen(0.9, numbers), 0.5, "what was read is sure, and counts more")
}

func TestWithoutNumbersOnlyWhatIsReadCounts(t *testing.T) {
	taught, err := newTold([]string{"open", "question"}, []string{"question"})
	require.NoError(t, err)
	untaught, err := newTold(nil, []string{"question"})
	require.NoError(t, err)
	for _, c := range []struct {
		told
		numbers []float32
	}{{taught, nil}, {untaught, nil}, {untaught, []float32{1, 2}}} {
		assert.Equal(t, []float64{0.3, 0.7}, c.withKinds([]float64{0.3, 0.7}, c.numbers))
		assert.InDelta(t, 0.3, c.withOpen(0.3, c.numbers), 1e-12)
	}
}

func TestAnEmbedderThatTellsNothingOfAKindIsRefused(t *testing.T) {
	_, err := newTold([]string{"open", "question"}, []string{"question", "crisis"})
	require.ErrorIs(t, err, bot.ErrInvalid)
	_, err = newTold([]string{"question"}, []string{"question"})
	require.ErrorIs(t, err, bot.ErrInvalid)
}
