package index_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

func TestAnAskedVectorIsComparedWithEntriesAndLeavesDocumentsAlone(t *testing.T) {
	e := &topics{words: [][]string{{"养老"}, {"住房"}}}
	passages := []knowledge.Passage{
		{ID: "entry-a", Entry: "a", Title: "养老", Text: "养老的事", Phrasings: []string{"养老咋办"}},
		{ID: "entry-b", Entry: "b", Title: "住房", Text: "住房的事", Phrasings: []string{"住房咋办"}},
		{ID: "doc#1", Title: "办法", Text: "养老的条文"},
		{ID: "doc#2", Title: "办法", Text: "住房的条文"},
	}
	x, err := index.Build(context.Background(), passages, index.Options{
		Embedder: e, Like: func(asked float64) float64 { return asked / 2 },
	})
	require.NoError(t, err)
	vectors, err := e.EmbedQueries(t.Context(), []string{"养老"})
	require.NoError(t, err)
	plain := vectors[0]
	// The asked vector takes the question about one topic for one about the other.
	asked := append([]float32{plain[1], plain[0]}, plain[2:]...)
	found, err := x.Search(t.Context(), index.Query{
		Text: "那个", Vector: plain, Asked: asked, AsOf: today, N: 4,
	})
	require.NoError(t, err)
	meaning := make(map[string]float64)
	for _, h := range found.Hits {
		meaning[h.Passage.ID] = h.Meaning
	}
	assert.Greater(t, meaning["entry-b"], meaning["entry-a"])
	assert.Greater(t, meaning["doc#1"], meaning["doc#2"])
	assert.LessOrEqual(t, meaning["entry-b"], 0.5, "brought to the range of plain ones")
}
