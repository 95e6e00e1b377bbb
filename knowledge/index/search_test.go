package index_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

var today = knowledge.Date{Year: 2026, Month: time.November, Day: 24}

func build(t testing.TB, passages ...knowledge.Passage) *index.Index {
	t.Helper()
	x, err := index.Build(context.Background(), passages, index.Options{})
	require.NoError(t, err)
	return x
}

func search(t testing.TB, x *index.Index, q index.Query) index.Result {
	t.Helper()
	if q.AsOf.IsZero() {
		q.AsOf = today
	}
	found, err := x.Search(context.Background(), q)
	require.NoError(t, err)
	return found
}

func ids(r index.Result) []string {
	var ids []string
	for _, h := range r.Hits {
		ids = append(ids, h.Passage.ID)
	}
	return ids
}

func day(s string) knowledge.Date {
	d, err := knowledge.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestThePassageWithTheRareWordsComesFirst(t *testing.T) {
	x := build(t,
		knowledge.Passage{ID: "a", Text: "残疾军人凭证免费乘坐市内公共汽车。"},
		knowledge.Passage{ID: "b", Text: "义务兵家庭优待金由县级人民政府发放。"},
		knowledge.Passage{ID: "c", Text: "退役军人报考研究生享受加分。"},
	)
	found := search(t, x, index.Query{Text: "优待金是谁发放的"})
	require.NotEmpty(t, found.Hits)
	assert.Equal(t, "b", found.Hits[0].Passage.ID)
	assert.True(t, found.WordsOnly)
}

func TestTwentyHitsWhereThereAreThatManyInTheSameOrderEachTime(t *testing.T) {
	var passages []knowledge.Passage
	for i := range 150 {
		passages = append(passages, knowledge.Passage{ID: fmt.Sprintf("%03d", i), Text: "优待金"})
	}
	forward := build(t, passages...)
	slices.Reverse(passages)
	backward := build(t, passages...)
	want := ids(search(t, forward, index.Query{Text: "优待金"}))
	assert.Len(t, want, 20)
	assert.True(t, slices.IsSorted(want), "ties go by id")
	assert.Equal(t, want, ids(search(t, backward, index.Query{Text: "优待金"})))
	assert.Len(t, search(t, forward, index.Query{Text: "优待金", N: 120}).Hits, 120)
}

func TestTheBestPhrasingCountsNotTheirNumber(t *testing.T) {
	x := build(t,
		knowledge.Passage{
			ID: "many", Entry: "many", Title: "优待证丢了",
			Phrasings: []string{"优待证坏了", "优待证没了", "优待证旧了", "优待证不见了"},
		},
		knowledge.Passage{
			ID: "one", Entry: "one", Title: "坐车要钱吗",
			Phrasings: []string{"优待证能免费坐车吗", "坐船", "乘机"},
		},
	)
	found := search(t, x, index.Query{Text: "优待证免费坐车"})
	assert.Equal(t, []string{"one", "many"}, ids(found))
}

func TestEarlierTurnsHelpAFollowUpButDoNotDrownANewQuestion(t *testing.T) {
	x := build(t,
		knowledge.Passage{ID: "allowance", Text: "义务兵家庭优待金由批准入伍地县级人民政府发放。"},
		knowledge.Passage{ID: "bus", Text: "残疾军人免费乘坐公共汽车。"},
		knowledge.Passage{ID: "grave", Text: "烈士陵园由当地人民政府修建。"},
	)
	history := []string{"我弟当义务兵，优待金有没有"}
	follow := search(t, x, index.Query{Text: "那是找老家要还是找当地要", History: history})
	assert.Equal(t, "allowance", follow.Hits[0].Passage.ID)
	changed := search(t, x, index.Query{Text: "残疾军人坐公共汽车", History: history})
	assert.Equal(t, "bus", changed.Hits[0].Passage.ID)
}

func TestLayWordsFindTheWordsOfTheTexts(t *testing.T) {
	x := build(t,
		knowledge.Passage{ID: "soldier", Text: "军士退出现役。"},
		knowledge.Passage{ID: "officer", Text: "军官退出现役。"},
	)
	found := search(t, x, index.Query{Text: "士官"})
	require.NotEmpty(t, found.Hits)
	assert.Equal(t, "soldier", found.Hits[0].Passage.ID)
	assert.InDelta(t, 1, found.Hits[0].Coverage, 1e-9, "the text's word covers the lay word")
}

func TestEvidenceTellsTheSubjectFromOtherMatters(t *testing.T) {
	x := build(t,
		knowledge.Passage{
			ID: "e", Entry: "e", Title: "残疾抚恤金谁发", Text: "由县级退役军人部门发放。",
			Phrasings: []string{"伤残金找谁领"},
		},
		knowledge.Passage{ID: "f", Text: "退役军人安置。"},
	)
	inside := search(t, x, index.Query{Text: "请问残疾抚恤金是谁发的呀"})
	require.NotEmpty(t, inside.Hits)
	assert.InDelta(t, 1, inside.Hits[0].Coverage, 1e-9)
	assert.InDelta(t, 1, inside.Hits[0].Focus, 1e-9)
	assert.InDelta(t, 1, inside.Known, 1e-9)

	spread := search(t, x, index.Query{Text: "残疾抚恤金，县级，部门"}).Hits[0]
	assert.InDelta(t, 1, spread.Coverage, 1e-9)
	assert.Less(t, spread.Focus, spread.Coverage, "no one field holds all of it")

	outside := search(t, x, index.Query{Text: "信用卡逾期怎么谈"})
	assert.Zero(t, outside.Known)
	for _, h := range outside.Hits {
		assert.Zero(t, h.Coverage)
	}
	assert.Zero(t, search(t, x, index.Query{Text: "你好吗"}).Known, "a greeting has no subject")
}

func TestOfEqualPassagesThatOfTheLawWithMoreToSayComesFirst(t *testing.T) {
	same := "优待金由县级人民政府发放。"
	passages := []knowledge.Passage{
		{ID: "a#1", Text: same},
		{ID: "a#2", Text: "驾驶证由车辆管理所发放。"},
		{ID: "b#1", Text: same},
		{ID: "b#2", Text: "优待金的标准和发放办法。"},
		{ID: "entry:c", Entry: "c", Text: "公共汽车免费。"},
	}
	places := func(stored func(string) ([]float32, bool)) (a, b int) {
		x, err := index.Build(t.Context(), passages, index.Options{Stored: stored})
		require.NoError(t, err)
		found := ids(search(t, x, index.Query{Text: "优待金谁发放", Vector: []float32{1, 0}}))
		require.Contains(t, found, "a#1")
		return slices.Index(found, "a#1"), slices.Index(found, "b#1")
	}
	a, b := places(func(string) ([]float32, bool) { return []float32{1, 1}, true })
	assert.Less(t, b, a)
	a, b = places(nil)
	assert.Less(t, a, b, "by words alone each passage stands for itself")
}
