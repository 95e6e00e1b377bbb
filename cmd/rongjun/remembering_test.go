package main

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/answer"
	"rongjun/bot/eval"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
)

// questionVectorsFile holds the vectors of the labelled questions, as the guide's are held. It is made by
// `go test ./cmd/rongjun -run TestVectorsOfTheLabelledQuestionsAreTheModels -update` after questions
// have changed.
const questionVectorsFile = "testdata/questions.vectors"

// remembering is an embedder that embeds every question once for all tests, and the labelled ones not at
// all: most of an answer's time is spent on that, and several tests ask the labelled questions.
type remembering struct {
	index.Taught
	kept guide.Vectors
	// tells is how many numbers are told of a question.
	tells int
	made  sync.Map
}

// EmbedQueries implements index.Embedder.
func (r *remembering) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	plain, _, _, err := r.EmbedAsked(ctx, texts)
	return plain, err
}

// EmbedAsked implements index.Taught.
func (r *remembering) EmbedAsked(
	ctx context.Context, texts []string,
) (plain, asked, told [][]float32, err error) {
	for _, s := range texts {
		v, err := r.vectors(ctx, s)
		if err != nil {
			return nil, nil, nil, err
		}
		v = v.clone()
		plain, asked, told = append(plain, v.plain), append(asked, v.asked), append(told, v.told)
	}
	return plain, asked, told, nil
}

func (r *remembering) vectors(ctx context.Context, s string) (questionVectors, error) {
	if v, known := r.find(s); known {
		return v, nil
	}
	if made, known := r.made.Load(s); known {
		return made.(questionVectors), nil
	}
	v, err := embedOne(ctx, r.Taught, s)
	if err == nil {
		r.made.Store(s, v)
	}
	return v, err
}

// find finds the vectors of a question that are kept.
func (r *remembering) find(s string) (questionVectors, bool) {
	plain, known := r.kept.Find(index.Hash(s))
	asked, askedKnown := r.kept.Find(index.Hash(asAsked(s)))
	told, toldKnown := r.kept.Find(index.Hash(asTold(s)))
	if !known || !askedKnown || !toldKnown {
		return questionVectors{}, false
	}
	return questionVectors{plain, asked, told[:r.tells]}, true
}

func embedOne(ctx context.Context, m index.Taught, s string) (questionVectors, error) {
	all, err := questionsOf(m.EmbedAsked(ctx, []string{s}))
	if err != nil {
		return questionVectors{}, err
	}
	return all[0], nil
}

// asAsked names the asked vector of a question, beside its plain one, and asTold what is told of it.
func asAsked(s string) string { return "asked: " + s }
func asTold(s string) string  { return "told: " + s }

var builtIn = sync.OnceValues(func() (*remembering, error) {
	m, err := embed.New()
	if err != nil || *update { // what is written anew rests on nothing that is kept
		return &remembering{Taught: m, tells: len(m.Tells())}, err
	}
	file, err := os.ReadFile(questionVectorsFile)
	if err != nil {
		return nil, err
	}
	kept, err := guide.ReadVectors(string(file))
	if err != nil || kept.Embedder != m.Name() {
		kept = guide.Vectors{}
	}
	return &remembering{Taught: m, kept: kept, tells: len(m.Tells())}, err
})

// embedder is the model that is built in.
func embedder(t testing.TB) index.Taught {
	t.Helper()
	m, err := builtIn()
	require.NoError(t, err)
	return m
}

// labelledTexts are what the answerer embeds of the labelled questions, by hash: the questions, and each
// thing asked by itself where they ask several.
func labelledTexts(t testing.TB) map[string]string {
	t.Helper()
	all := &notingTexts{texts: make(map[string]string)}
	s := settings(t, func(s *config.Config) { s.Sample = config.No })
	shelf, err := newShelf(s, nil)
	require.NoError(t, err)
	shelf.guide, shelf.meaning = shippedGuide(t), nil
	require.NoError(t, shelf.publish(t.Context()))
	a, err := answer.New(answer.Options{Library: shelf.library, Normaliser: shelf.text, Embedder: all})
	require.NoError(t, err)
	for _, file := range append(questionFiles, ownQuestions) {
		questions, err := eval.ReadFile("../../bot/eval/testdata/" + file)
		require.NoError(t, err)
		for _, q := range questions {
			_, err := a.Answer(t.Context(), turnOf(q.Question, knowledge.Date{}))
			require.NoError(t, err)
		}
	}
	return all.texts
}

// notingTexts is an embedder that only notes what it is to embed.
type notingTexts struct{ texts map[string]string }

// EmbedAsked implements answer.Embedder.
func (r *notingTexts) EmbedAsked(
	_ context.Context, texts []string,
) (plain, asked, told [][]float32, err error) {
	for _, s := range texts {
		r.texts[index.Hash(s)] = s
	}
	return nil, nil, nil, errNotReady
}

// TestVectorsOfTheLabelledQuestionsAreTheModels holds the kept vectors to what the model makes of the
// questions, all of them in the long size.
func TestVectorsOfTheLabelledQuestionsAreTheModels(t *testing.T) {
	t.Parallel()
	m, err := builtIn()
	require.NoError(t, err)
	texts := labelledTexts(t)
	if *update {
		writeQuestionVectors(t, m.Taught, texts)
		return
	}
	assert.Equal(t, m.Name(), m.kept.Embedder)
	assert.Equal(t, 3*len(texts), m.kept.Len(), "questions have changed: run this test with -update")
	checked := 0
	for _, said := range texts {
		kept, ok := m.find(said)
		require.True(t, ok, "no vectors of %q: run this test with -update", said)
		if checked++; checked > sized(30, len(texts)) {
			continue
		}
		made, err := embedOne(t.Context(), m.Taught, said)
		require.NoError(t, err)
		assert.Greater(t, cosine(made.plain, kept.plain), 0.9999, said)
		assert.Greater(t, cosine(made.asked, kept.asked), 0.9999, said)
		assert.InDeltaSlice(t, made.told, kept.told, 0.2, said)
	}
}

func writeQuestionVectors(t *testing.T, m index.Taught, texts map[string]string) {
	t.Helper()
	all := make(map[string][]float32, 3*len(texts))
	for hash, said := range texts {
		v, err := embedOne(t.Context(), m, said)
		require.NoError(t, err)
		all[hash], all[index.Hash(asAsked(said))] = v.plain, v.asked
		told := make([]float32, len(v.plain)) // all of a file are of one length
		copy(told, v.told)
		all[index.Hash(asTold(said))] = told
	}
	file, err := guide.WriteVectors(m.Name(), all)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(questionVectorsFile, file, 0o644))
}
