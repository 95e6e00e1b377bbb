package index_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
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

func TestWhatMayNotBeCitedIsTakenOutAndReported(t *testing.T) {
	text := "残疾抚恤金的标准"
	x := build(t,
		knowledge.Passage{ID: "old", Text: text, Repealed: day("2024-08-01")},
		knowledge.Passage{ID: "now", Text: text, Effective: day("2024-08-01")},
		knowledge.Passage{ID: "soon", Text: text, Effective: day("2027-01-01")},
		knowledge.Passage{ID: "zhejiang", Text: text, Region: "浙江省"},
		knowledge.Passage{ID: "hangzhou", Text: text, Region: "浙江省/杭州市"},
	)
	for _, c := range []struct {
		name     string
		query    index.Query
		hits     []string
		filtered map[string]index.Reason
	}{
		{
			"nation today",
			index.Query{},
			[]string{"now"},
			map[string]index.Reason{
				"old": index.NoLongerInForce, "soon": index.NotYetInForce,
				"zhejiang": index.OtherRegion, "hangzhou": index.OtherRegion,
			},
		},
		{
			"a city today",
			index.Query{Region: "浙江省/杭州市"},
			[]string{"hangzhou", "now", "zhejiang"},
			map[string]index.Reason{"old": index.NoLongerInForce, "soon": index.NotYetInForce},
		},
		{
			"a county of another city",
			index.Query{Region: "浙江省/宁波市/海曙区"},
			[]string{"now", "zhejiang"},
			map[string]index.Reason{
				"old": index.NoLongerInForce, "soon": index.NotYetInForce,
				"hangzhou": index.OtherRegion,
			},
		},
		{
			"the last day before",
			index.Query{AsOf: day("2024-07-31")},
			[]string{"old"},
			map[string]index.Reason{
				"now": index.NotYetInForce, "soon": index.NotYetInForce,
				"zhejiang": index.OtherRegion, "hangzhou": index.OtherRegion,
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.query.Text = "残疾抚恤金"
			found := search(t, x, c.query)
			assert.Equal(t, c.hits, ids(found))
			reasons := make(map[string]index.Reason)
			for _, f := range found.Filtered {
				reasons[f.PassageID] = f.Reason
			}
			assert.Equal(t, c.filtered, reasons)
		})
	}
}

func TestASearchWithoutADayIsRefused(t *testing.T) {
	x := build(t, knowledge.Passage{ID: "a", Text: "优待证"})
	_, err := x.Search(context.Background(), index.Query{Text: "优待证"})
	assert.ErrorIs(t, err, knowledge.ErrInvalid)
}

func TestTheCutComesAfterTheFilter(t *testing.T) {
	var passages []knowledge.Passage
	for i := range 300 {
		passages = append(passages, knowledge.Passage{
			ID: fmt.Sprintf("old %03d", i), Text: "优待金优待金优待金", Repealed: day("2020-01-01"),
		})
	}
	passages = append(passages, knowledge.Passage{ID: "now", Text: "义务兵家庭的优待金由县里发"})
	found := search(t, build(t, passages...), index.Query{Text: "优待金"})
	assert.Equal(t, []string{"now"}, ids(found), "old texts must not crowd it out")
	assert.Len(t, found.Filtered, 20, "as many as hits were asked for")
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
