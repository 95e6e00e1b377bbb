package index_test

import (
	"context"
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
