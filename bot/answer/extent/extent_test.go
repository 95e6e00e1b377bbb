package extent_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer/extent"
	"rongjun/bot/answer/kinds"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

func loaded(t *testing.T) (*extent.Model, *guide.Guide) {
	t.Helper()
	m, err := extent.Load()
	require.NoError(t, err)
	g, err := guide.Load()
	require.NoError(t, err)
	return m, g
}

func evidence(t *testing.T, g *guide.Guide, id, side string) extent.Evidence {
	t.Helper()
	e, known := g.Entry(id)
	require.True(t, known, id)
	return extent.Evidence{Side: side, Lead: e, Hits: []extent.Found{{Entry: e, Score: 1}}}
}

func TestWithoutAVectorTheWordsTellWhatIsLeftOpen(t *testing.T) {
	m, g := loaded(t)
	open := m.LeftOpen("伤残金今年给几多,有没有准数", nil, evidence(t, g, "disability-pension-amount", "amount"))
	settled := m.LeftOpen("残疾军人的等级怎么分,哪一级最重", nil, evidence(t, g, "disability-grades", ""))
	assert.Greater(t, open, 0.8)
	assert.Less(t, settled, 0.5)
}

func TestASideLeftOpenRaisesTheShare(t *testing.T) {
	m, g := loaded(t)
	const said = "退役军人坐公交的事"
	without := m.LeftOpen(said, nil, evidence(t, g, "card-bus", ""))
	for _, side := range extent.Sides {
		with := m.LeftOpen(said, nil, evidence(t, g, "card-bus", side))
		assert.Greater(t, with, without, side)
	}
}

func TestMarksTellHowMuchOfAnEntryIsLeftOpen(t *testing.T) {
	m, g := loaded(t)
	open := m.Marks(nil, evidence(t, g, "disability-pension-amount", ""))
	settled := m.Marks(nil, evidence(t, g, "disability-grades", ""))
	n := len(extent.Sides)
	assert.Greater(t, open[n], settled[n])
	assert.Greater(t, open[n+1], settled[n+1])
	assert.Len(t, open, n+3)
}

func TestAnEntryThatNobodyLabelledIsTakenAsUsual(t *testing.T) {
	m, _ := loaded(t)
	e := knowledge.Entry{ID: "new", Phrasings: []string{"一句", "两句"}}
	for _, mark := range m.Marks(nil, extent.Evidence{Lead: e, Hits: []extent.Found{{Entry: e}}}) {
		assert.Zero(t, mark)
	}
}

func TestLabelsOfPhrasingsAreWholePartOrInDoubt(t *testing.T) {
	m, g := loaded(t)
	labels := make(map[string]int)
	for _, e := range g.Entries {
		for _, said := range e.Phrasings {
			labels[m.Label(e, said)]++
		}
	}
	assert.Greater(t, labels[extent.Whole], labels[extent.Part])
	assert.Greater(t, labels[extent.Part], labels[""])
	assert.Positive(t, labels[""])
}

func TestAFittedModelReadsItsMarks(t *testing.T) {
	m, g := loaded(t)
	var samples []kinds.Sample
	for side, kind := range map[string]string{"": extent.Whole, "amount": extent.Part} {
		for _, said := range []string{"抚恤金多少", "优待证怎么办"} {
			samples = append(samples, kinds.Sample{
				Kind: kind, Folded: said, Vector: []float32{1, 0},
				Marks: m.Marks(nil, evidence(t, g, "card-bus", side)),
			})
		}
	}
	read, err := kinds.Read(string(extent.Fit(samples)))
	require.NoError(t, err)
	share := func(side string) float64 {
		return read.Shares("别的话", nil, m.Marks(nil, evidence(t, g, "card-bus", side))...)[1]
	}
	assert.Greater(t, share("amount"), share(""))
}
