package index_test

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// topics is an embedder for tests: texts that hold a word of the same topic point the same way.
// It counts what it is asked.
type topics struct {
	words [][]string
	asked []string
	fail  error
	short bool
}

func (e *topics) Name() string { return "topics" }

func (e *topics) EmbedQueries(_ context.Context, texts []string) ([][]float32, error) {
	return e.embed(texts), nil
}

func (e *topics) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	e.asked = append(e.asked, texts...)
	if e.short {
		texts = texts[1:]
	}
	return e.embed(texts), e.fail
}

func (e *topics) embed(texts []string) [][]float32 {
	var vectors [][]float32
	for _, t := range texts {
		v := make([]float32, len(e.words)+8)
		h := fnv.New32()
		_, _ = h.Write([]byte(t))
		v[len(e.words)+int(h.Sum32()%8)] = 0.2
		for i, words := range e.words {
			holds := func(w string) bool { return contains(t, w) }
			if slices.ContainsFunc(words, holds) {
				v[i] = 1
			}
		}
		vectors = append(vectors, v)
	}
	return vectors
}

func contains(s, w string) bool {
	for i := range s {
		if len(s[i:]) >= len(w) && s[i:i+len(w)] == w {
			return true
		}
	}
	return false
}

func newTopics() *topics {
	return &topics{words: [][]string{{"公交", "汽车", "车票"}, {"抚恤", "补偿"}, {"学校", "念书"}}}
}

var sampleOfThree = []knowledge.Passage{
	{ID: "bus", Text: "残疾军人免费乘坐市内公共汽车。"},
	{ID: "money", Text: "残疾抚恤金由县级部门发放。"},
	{ID: "school", Entry: "school", Title: "回学校", Text: "两年内复学。", Phrasings: []string{"复学"}},
}

func TestAPassageThatSharesNoWordIsFoundByMeaning(t *testing.T) {
	e := newTopics()
	x, err := index.Build(context.Background(), sampleOfThree, index.Options{Embedder: e})
	require.NoError(t, err)
	require.True(t, x.HasVectors())
	v, err := e.EmbedQueries(context.Background(), []string{"念书"})
	require.NoError(t, err)

	byWords := search(t, x, index.Query{Text: "念书"})
	assert.True(t, byWords.WordsOnly)
	both := search(t, x, index.Query{Text: "念书", Vector: v[0]})
	assert.False(t, both.WordsOnly)
	require.NotEmpty(t, both.Hits)
	assert.Equal(t, "school", both.Hits[0].Passage.ID)
	assert.Greater(t, both.Hits[0].Meaning, 0.9)
}

func TestMeaningIsBoundToTheDayToo(t *testing.T) {
	e := newTopics()
	passages := slices.Clone(sampleOfThree)
	passages[2].Repealed = day("2025-01-01")
	x, err := index.Build(context.Background(), passages, index.Options{Embedder: e})
	require.NoError(t, err)
	v := e.embed([]string{"念书"})[0]
	assert.NotContains(t, ids(search(t, x, index.Query{Text: "念书", Vector: v})), "school")
}

func TestOnlyTextsThatSpeakForThemselvesAreFoundWhereOnlyTheyAreAskedFor(t *testing.T) {
	e := newTopics()
	passages := slices.Clone(sampleOfThree)
	passages[1].Own = true
	x, err := index.Build(context.Background(), passages, index.Options{Embedder: e})
	require.NoError(t, err)
	const said = "残疾军人坐公共汽车"
	byWords := index.Query{Text: said, Own: true}
	assert.Equal(t, []string{"money"}, ids(search(t, x, byWords)))
	byMeaning := index.Query{Text: said, Own: true, Vector: e.embed([]string{"公交"})[0]}
	assert.Equal(t, []string{"money"}, ids(search(t, x, byMeaning)))
	assert.Equal(t, "bus", search(t, x, index.Query{Text: said}).Hits[0].Passage.ID)
}

func TestOnlyTextsWithoutAStoredVectorAreEmbedded(t *testing.T) {
	stored := make(map[string][]float32)
	options := index.Options{
		Stored: func(hash string) ([]float32, bool) { v, ok := stored[hash]; return v, ok },
		Save:   func(hash string, v []float32) error { stored[hash] = v; return nil },
	}
	first := newTopics()
	options.Embedder = first
	_, err := index.Build(context.Background(), sampleOfThree, options)
	require.NoError(t, err)
	assert.Len(t, first.asked, 5, "a text for each, the entry's question and its phrasing")

	second := newTopics()
	options.Embedder = second
	more := append(slices.Clone(sampleOfThree), knowledge.Passage{ID: "new", Text: "新的"})
	_, err = index.Build(context.Background(), more, options)
	require.NoError(t, err)
	assert.Equal(t, []string{"新的"}, second.asked)

	options.Embedder = nil
	x, err := index.Build(context.Background(), sampleOfThree, options)
	require.NoError(t, err)
	assert.True(t, x.HasVectors(), "stored vectors serve without an embedder")
}

func TestTheSameTextIsEmbeddedOnce(t *testing.T) {
	e := newTopics()
	var reported [][2]int
	_, err := index.Build(context.Background(), []knowledge.Passage{
		{ID: "a", Text: "同样的话"}, {ID: "b", Text: "同样的話"},
	}, index.Options{
		Embedder: e,
		Progress: func(done, total int) { reported = append(reported, [2]int{done, total}) },
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"同样的话"}, e.asked)
	assert.Equal(t, [][2]int{{1, 1}}, reported)
}

func TestEmbeddingTextsAreThoseThatAreHashed(t *testing.T) {
	n, err := text.New()
	require.NoError(t, err)
	texts := index.EmbeddingTexts(n, sampleOfThree[2])
	assert.Equal(t, []string{"回学校 两年内复学。", "回学校", "复学"}, texts)
	assert.Equal(t,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", index.Hash("abc"))
}

func TestFaultsOfTheEmbedderStopTheBuild(t *testing.T) {
	down := errors.New("down")
	for name, c := range map[string]struct {
		options index.Options
		want    error
	}{
		"refuses":   {index.Options{Embedder: &topics{fail: down}}, down},
		"too few":   {index.Options{Embedder: &topics{short: true}}, index.ErrVector},
		"not saved": {index.Options{Embedder: newTopics(), Save: failingSave(down)}, down},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := index.Build(context.Background(), sampleOfThree, c.options)
			assert.ErrorIs(t, err, c.want)
		})
	}
}

func failingSave(err error) func(string, []float32) error {
	return func(string, []float32) error { return err }
}

func TestAQuestionsVectorOfTheWrongLengthIsRefused(t *testing.T) {
	x, err := index.Build(context.Background(), sampleOfThree, index.Options{Embedder: newTopics()})
	require.NoError(t, err)
	_, err = x.Search(context.Background(),
		index.Query{Text: "念书", AsOf: today, Vector: []float32{1}})
	assert.ErrorIs(t, err, index.ErrVector)
}
