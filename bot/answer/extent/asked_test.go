package extent_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer/extent"
	"rongjun/knowledge"
)

// someKnown are questions of one entry, two on each side, of which those along the first direction are
// left open; and one of another entry.
func someKnown() []extent.Known {
	return []extent.Known{
		{Entry: "bus", Open: true, Vector: []float32{1, 0.1, 0}},
		{Entry: "bus", Open: true, Vector: []float32{1, -0.1, 0}},
		{Entry: "bus", Vector: []float32{-1, 0.1, 0}},
		{Entry: "bus", Vector: []float32{-1, -0.1, 0}},
		{Entry: "train", Vector: []float32{1, 0.1, 0.1}},
	}
}

func found(ids ...string) extent.Evidence {
	var e extent.Evidence
	for _, id := range ids {
		e.Hits = append(e.Hits, extent.Found{Entry: knowledge.Entry{ID: id}})
	}
	return e
}

// near is the mark of the known questions that are nearest.
func near(t *testing.T, vector []float32, e extent.Evidence) float32 {
	t.Helper()
	m, err := extent.LoadMarks(string(extent.Learn(someKnown())))
	require.NoError(t, err)
	marks := m.Marks(vector, e)
	return marks[len(marks)-1]
}

func TestWhatIsNearToQuestionsLeftOpenCountsAsLeftOpen(t *testing.T) {
	open := near(t, []float32{1, 0, 0}, found("bus"))
	settled := near(t, []float32{-1, 0, 0}, found("bus"))
	assert.Greater(t, open, float32(1))
	assert.Less(t, settled, float32(0))
}

func TestOnlyQuestionsOfTheEntriesFoundCount(t *testing.T) {
	assert.Less(t, near(t, []float32{1, 0, 0}, found("train")), float32(0))
	assert.Zero(t, near(t, []float32{1, 0, 0}, found("museum")), "nothing is known of it")
	assert.Zero(t, near(t, nil, found("bus")), "without a vector nothing is near")
}

func TestAQuestionIsNotToldByItself(t *testing.T) {
	one := []extent.Known{
		{Entry: "bus", Open: true, Vector: []float32{1, 0}},
		{Entry: "bus", Vector: []float32{0, 1}},
	}
	m, err := extent.LoadMarks(string(extent.Learn(one)))
	require.NoError(t, err)
	e := found("bus")
	itself := m.Marks(one[0].Vector, e)
	e.Apart = true
	apart := m.Marks(one[0].Vector, e)
	last := len(apart) - 1
	assert.Positive(t, itself[last])
	assert.Negative(t, apart[last])
}

func TestAFileCutShortIsNotRead(t *testing.T) {
	file := extent.Learn(someKnown())
	for _, n := range []int{1, 3, 10, 60, len(file) - 1} {
		_, err := extent.LoadMarks(string(file[:n]))
		require.ErrorIs(t, err, extent.ErrFile, "%d of %d bytes", n, len(file))
	}
}
