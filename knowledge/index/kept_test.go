package index_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// keeping builds the same index twice: one that keeps results, one that makes each anew.
func keeping(t *testing.T, passages []knowledge.Passage, stored func(string) ([]float32, bool)) (
	kept, fresh *index.Index,
) {
	t.Helper()
	o := index.Options{Stored: stored, Results: 64}
	kept, err := index.Build(context.Background(), passages, o)
	require.NoError(t, err)
	o.Results = 0
	fresh, err = index.Build(context.Background(), passages, o)
	require.NoError(t, err)
	return kept, fresh
}

// inTurn asks both indexes all queries three times, each time in another order.
func inTurn(t *testing.T, kept, fresh *index.Index, queries []index.Query) {
	t.Helper()
	dice := rand.New(rand.NewPCG(3, 4))
	for range 3 {
		dice.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
		for _, q := range queries {
			require.Equal(t, search(t, fresh, q), search(t, kept, q), "%+v", q)
		}
	}
}

func TestAKeptResultIsTheOneThatASearchWouldFind(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	var passages []knowledge.Passage
	for _, e := range g.Entries {
		passages = append(passages, e.Passage())
	}
	vectors, err := guide.LoadVectors()
	require.NoError(t, err)
	kept, fresh := keeping(t, passages, vectors.Find)
	// A vector of the guide serves as one of a question; each question is asked with it and without.
	n, err := text.New()
	require.NoError(t, err)
	vector, known := vectors.Find(index.Hash(index.EmbeddingTexts(n, passages[0])[1]))
	require.True(t, known)
	var queries []index.Query
	for _, l := range readQuestions(t, "questions.tsv")[:30] {
		queries = append(queries, index.Query{Text: l.question}, index.Query{Text: l.question, Vector: vector})
	}
	inTurn(t, kept, fresh, queries)
}

func TestAKeptResultIsForItsOwnDayRegionAndQuestionOnly(t *testing.T) {
	const said = "残疾抚恤金的标准"
	kept, fresh := keeping(t, []knowledge.Passage{
		{ID: "old", Text: said, Repealed: day("2024-08-01")},
		{ID: "now", Text: said, Effective: day("2024-08-01")},
		{ID: "zhejiang", Text: said + "由省里定", Region: "浙江省", Own: true},
		{ID: "other", Text: "义务兵家庭优待金由县级人民政府发放。"},
	}, func(hash string) ([]float32, bool) { return []float32{float32(hash[0]), float32(hash[1]), 7}, true })
	var queries []index.Query
	for _, text := range []string{said, "优待金", "残疾抚恤金", ""} {
		for _, region := range []knowledge.Region{"", "浙江省", "江苏省"} {
			for _, date := range []string{"2024-07-31", "2024-08-01"} {
				for _, history := range [][]string{nil, {"优待金", said}, {said, "优待金"}, {"优待金" + said}} {
					for _, v := range [][]float32{nil, {1, 0, 0}, {0, 1, 0}} {
						for _, own := range []bool{false, true} {
							queries = append(queries, index.Query{
								Text: text, Region: region, AsOf: day(date), History: history, Vector: v, Own: own,
							})
						}
					}
				}
			}
		}
	}
	inTurn(t, kept, fresh, queries)
}

func TestWhoChangesAResultChangesNoKeptOne(t *testing.T) {
	kept, _ := keeping(t, []knowledge.Passage{{ID: "a", Text: "优待金"}, {ID: "b", Text: "优待证"}}, nil)
	q := index.Query{Text: "优待"}
	first := search(t, kept, q)
	assert.Equal(t, []string{"a", "b"}, ids(first))
	slices.Reverse(first.Hits)
	second := search(t, kept, q)
	assert.Equal(t, []string{"a", "b"}, ids(second), "what was given first changes no more")
	slices.Reverse(second.Hits)
	assert.Equal(t, []string{"a", "b"}, ids(search(t, kept, q)), "nor does what was kept")
}

func TestEverythingThatASearchReadsTellsQueriesApart(t *testing.T) {
	other := index.Query{
		Text: "优待", History: []string{"优待"}, Region: "浙江省", AsOf: today, Vector: []float32{1},
		Asked: []float32{1}, Own: true, N: 7,
	}
	given := reflect.ValueOf(other)
	for i := range given.NumField() {
		var q index.Query
		require.False(t, given.Field(i).IsZero(), "%s is new: give it a value here", given.Type().Field(i).Name)
		reflect.ValueOf(&q).Elem().Field(i).Set(given.Field(i))
		assert.NotEqual(t, index.Query{}.Key(), q.Key(), given.Type().Field(i).Name)
	}
}
