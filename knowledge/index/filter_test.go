package index_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

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
