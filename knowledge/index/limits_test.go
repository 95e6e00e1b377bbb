package index_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

func TestAnEmptyIndexAndAnEmptyQuestionFindNothing(t *testing.T) {
	assert.Empty(t, search(t, build(t), index.Query{Text: "优待证"}).Hits)
	x := build(t, knowledge.Passage{ID: "a", Text: "优待证"})
	for _, q := range []string{"", " ", "？？？", "\x00\xff"} {
		assert.Empty(t, search(t, x, index.Query{Text: q}).Hits, "%q", q)
	}
}

func TestPassagesNeedDistinctIDs(t *testing.T) {
	for name, passages := range map[string][]knowledge.Passage{
		"none":  {{Text: "优待证"}},
		"twice": {{ID: "a", Text: "优待证"}, {ID: "a", Text: "优待金"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := index.Build(context.Background(), passages, index.Options{})
			assert.ErrorIs(t, err, knowledge.ErrInvalid)
		})
	}
}

func TestALongQuestionTakesBoundedTimeAndItsEndIsRead(t *testing.T) {
	x := build(t,
		knowledge.Passage{ID: "a", Text: "光荣牌由地方人民政府悬挂。"},
		knowledge.Passage{ID: "b", Text: "优待证由县级部门发放。"},
	)
	var story strings.Builder
	for r := rune(0x5000); story.Len() < 100_000; r++ {
		story.WriteRune(0x5000 + r%0x4000)
	}
	start := time.Now()
	found := search(t, x, index.Query{Text: story.String() + "。光荣牌谁悬挂"})
	assert.Less(t, time.Since(start), 5*time.Second)
	require.NotEmpty(t, found.Hits)
	assert.Equal(t, "a", found.Hits[0].Passage.ID)
}

func TestACancelledSearchAndACancelledBuildSaySo(t *testing.T) {
	x := build(t, knowledge.Passage{ID: "a", Text: "优待证"})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := x.Search(ctx, index.Query{Text: "优待证", AsOf: today})
	assert.ErrorIs(t, err, context.Canceled)
	_, err = index.Build(ctx, []knowledge.Passage{{ID: "a", Text: "优待证"}}, index.Options{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestManySearchesAtOnceGiveWhatOneGives(t *testing.T) {
	e := newTopics()
	x, err := index.Build(context.Background(), sampleOfThree, index.Options{Embedder: e})
	require.NoError(t, err)
	q := index.Query{
		Text: "殘疾軍人公交免費嗎", History: []string{"抚恤金"}, AsOf: today,
		Vector: e.embed([]string{"公交"})[0],
	}
	want := search(t, x, q)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			got, err := x.Search(context.Background(), q)
			assert.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	group.Wait()
}
