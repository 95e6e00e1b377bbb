package directory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

func records() []directory.Record {
	sample := directory.Origin{Sample: true}
	return []directory.Record{
		directory.Place{
			ID: "city", Kind: directory.Centre, Level: directory.LevelProvinceCity, Name: "市中心",
			Region: "甲省/乙市", Address: "一路1号", At: directory.Point{Lat: 40, Lon: 90},
			Matters: []string{"优待证", "就业"}, Origin: sample,
		},
		directory.Place{
			ID: "east", Kind: directory.Station, Level: directory.LevelTownship, Name: "东站",
			Region: "甲省/乙市/东区", Address: "东路1号", At: directory.Point{Lat: 40.01, Lon: 90.01},
			Matters: []string{"优待证"}, Hours: "周一至周五9:00至17:00", Origin: sample,
		},
		directory.Place{
			ID: "west", Kind: directory.Station, Level: directory.LevelVillage, Name: "西站",
			Region: "甲省/乙市/西县", Address: "西路1号", At: directory.Point{Lat: 40.2, Lon: 90.2},
			Matters: []string{"关系转接"}, Phone: "000",
			Origin: directory.Origin{
				Source: "西县公告", Checked: knowledge.Date{Year: 2026, Month: time.October, Day: 1},
			},
		},
		directory.Fair{
			ID: "sun", Name: "周日专场", Region: "甲省/乙市/东区", Venue: "体育馆", Address: "东路9号",
			Day: tuesday.AddDays(5), From: "9:00", To: "16:00", Origin: sample,
			Posts: []directory.Post{
				{Title: "仓库管理", Employer: "样例物流", Openings: 5, Pay: "面议", Needs: "退役军人优先"},
				{Title: "保安"},
			},
		},
		directory.Fair{
			ID: "mon", Name: "周一专场", Region: "甲省/乙市", Venue: "礼堂", Day: tuesday.AddDays(-1),
		},
		directory.Offer{
			ID: "books", Name: "购书优惠", Merchant: "书店", Region: "甲省/乙市/西县", What: "图书八折",
			Whom: "持优待证", To: tuesday.AddDays(30), Origin: sample,
		},
	}
}

func refs(hits []directory.Hit) []string {
	found := []string{}
	for _, h := range hits {
		found = append(found, h.Record.Ref())
	}
	return found
}

func TestRecordsAreFoundByWhatIsAsked(t *testing.T) {
	d := directory.New(records())
	for name, c := range map[string]struct {
		query directory.Query
		want  []string
	}{
		"a region finds itself and what is above": {
			directory.Query{
				Region: "甲省/乙市/东区", Kinds: []directory.Kind{directory.Centre, directory.Station},
			},
			[]string{"place:east", "place:city"},
		},
		"a city finds what is within": {
			directory.Query{Region: "甲省/乙市", Kinds: []directory.Kind{directory.Station}},
			[]string{"place:west", "place:east"},
		},
		"another province finds nothing": {directory.Query{Region: "丙省"}, []string{}},
		"the nearest comes first": {
			directory.Query{
				At:    directory.Point{Lat: 40.19, Lon: 90.2},
				Kinds: []directory.Kind{directory.Station, directory.Centre},
			},
			[]string{"place:west", "place:east", "place:city"},
		},
		"a matter alone finds who handles it": {
			directory.Query{Need: "优待证"}, []string{"place:east", "place:city"},
		},
		"a matter with a kind puts who handles it first": {
			directory.Query{Need: "办优待证", Kinds: []directory.Kind{directory.Station}},
			[]string{"place:east", "place:west"},
		},
		"this week hides what is over": {
			directory.Query{
				Kinds: []directory.Kind{directory.JobFair}, Today: tuesday,
				From: tuesday.AddDays(-1), To: tuesday.AddDays(5),
			},
			[]string{"fair:sun"},
		},
		"the past is found when asked for": {
			directory.Query{
				Kinds: []directory.Kind{directory.JobFair}, Today: tuesday,
				From: tuesday.AddDays(-1), To: tuesday.AddDays(-1),
			},
			[]string{"fair:mon"},
		},
		"a post is a matter": {directory.Query{Need: "保安", Today: tuesday}, []string{"fair:sun"}},
		"an offer ends": {
			directory.Query{Kinds: []directory.Kind{directory.Discount}, Today: tuesday.AddDays(31)},
			[]string{},
		},
		"a limit cuts": {directory.Query{Limit: 1}, []string{"place:west"}},
	} {
		t.Run(name, func(t *testing.T) {
			hits := d.Find(c.query)
			if c.query.Limit > 0 {
				assert.Len(t, hits, c.query.Limit)
				return
			}
			assert.Equal(t, c.want, refs(hits))
			assert.Equal(t, hits, d.Find(c.query), "the same query, the same answer")
		})
	}
}

func TestAHitSaysWhyItWasFound(t *testing.T) {
	hits := directory.New(records()).Find(directory.Query{
		Region: "甲省/乙市/东区", Kinds: []directory.Kind{directory.Station}, Need: "优待证",
		At: directory.Point{Lat: 40.01, Lon: 90},
	})
	require.Len(t, hits, 1)
	assert.Equal(t, []string{"在甲省乙市东区", "可办优待证", "离您约850米"}, hits[0].Reasons)
	assert.InDelta(t, 0.85, hits[0].Kilometres, 0.01)
}

func TestAQuestionBecomesAQuery(t *testing.T) {
	d := directory.New(records())
	q, ok := d.Understand("我在东区，这周末有招聘会吗", tuesday)
	require.True(t, ok)
	assert.Equal(t, directory.Query{
		Region: "甲省/乙市/东区", Kinds: []directory.Kind{directory.JobFair}, Need: "招聘", Today: tuesday,
		From: tuesday.AddDays(4), To: tuesday.AddDays(5), Said: "我在东区，这周末有招聘会吗",
	}, q)
	assert.Equal(t, []string{"fair:sun"}, refs(d.Find(q)))

	q, ok = d.Understand("最近的服务站在哪", tuesday)
	require.True(t, ok)
	assert.Equal(t, []directory.Kind{directory.Station, directory.Centre}, q.Kinds)
	assert.Empty(t, q.Region)

	q, ok = d.Understand("哪里能办优待证", tuesday)
	require.True(t, ok)
	assert.Equal(t, []string{"place:east", "place:city"}, refs(d.Find(q)))

	for _, rule := range []string{"退役金怎么算", "优待证有什么用", "就业有什么政策"} {
		_, ok = d.Understand(rule, tuesday)
		assert.False(t, ok, rule)
	}
}

func TestARegionWhoseNameFitsTwoPlacesIsAskedFor(t *testing.T) {
	d := directory.New([]directory.Record{
		directory.Place{ID: "1", Region: "甲省/乙市/城关区"}, directory.Place{ID: "2", Region: "甲省/丙市/城关区"},
	})
	q, _ := d.Understand("城关区的服务站", tuesday)
	assert.Empty(t, q.Region)
	q, _ = d.Understand("丙市城关区的服务站", tuesday)
	assert.Equal(t, knowledge.Region("甲省/丙市/城关区"), q.Region)
}

func TestATextSaysWhatIsRecordedAndWhatIsNot(t *testing.T) {
	all := records()
	assert.Equal(t, "【样例】东站（服务站）\n地区：甲省乙市东区\n地址：东路1号\n时间：周一至周五9:00至17:00\n"+
		"电话：没有登记\n办理：优待证\n说明：这是样例记录，不是真实的地方", all[1].Text())
	assert.Equal(t, "西站（服务站）\n地区：甲省乙市西县\n地址：西路1号\n时间：没有登记\n电话：000\n办理：关系转接\n"+
		"核对日期：2026年10月1日\n来源：西县公告", all[2].Text())
	assert.Equal(t, "【样例】周日专场（招聘会）\n时间：2026年11月29日（周日）9:00至16:00\n地点：体育馆 东路9号\n"+
		"地区：甲省乙市东区\n岗位：仓库管理，5人，样例物流，面议，退役军人优先；保安\n"+
		"说明：这是样例记录，不是真实的地方", all[3].Text())
	assert.Contains(t, all[5].Text(), "【样例】购书优惠（优惠）\n商家：书店\n地址：没有登记\n内容：图书八折\n对象：持优待证\n"+
		"有效期至：2026年12月24日")
}

func TestARecordThatLacksSomethingIsInvalid(t *testing.T) {
	for _, r := range records()[:4] {
		assert.NoError(t, r.Validate())
	}
	for _, r := range []directory.Record{
		directory.Place{},
		directory.Fair{},
		directory.Offer{},
		directory.Place{ID: "x", Name: "站", Region: "甲省", Address: "路", Kind: directory.Station},
		directory.Place{ID: "x", Name: "站", Region: "甲省", Address: "路", Kind: "别的"},
	} {
		assert.ErrorIs(t, r.Validate(), knowledge.ErrInvalid)
	}
}

func TestWhoNamesAPlaceFindsItAlone(t *testing.T) {
	const district = "浙江省/杭州市/西湖区"
	place := func(kind directory.Kind, name string) directory.Place {
		return directory.Place{ID: name, Kind: kind, Name: name, Region: district}
	}
	d := directory.New([]directory.Record{
		place(directory.Centre, "西湖区退役军人服务中心"), place(directory.Station, "北山街道退役军人服务站"),
		place(directory.Station, "西湖区翠苑街道退役军人服务站"), place(directory.Hospital, "西湖区人民医院"),
		directory.Offer{ID: "书", Name: "购书优惠", Merchant: "晓风书店", Region: district, What: "八折"},
	})
	for text, want := range map[string][]string{
		"北山街道的服务站在哪": {"place:北山街道退役军人服务站"}, "翠苑服务站几点开门": {"place:西湖区翠苑街道退役军人服务站"},
		"西湖区的服务站在哪": {
			"place:北山街道退役军人服务站", "place:西湖区翠苑街道退役军人服务站", "place:西湖区退役军人服务中心",
		},
		"晓风书店有什么优惠": {"offer:书"}, "退役军人服务中心在哪里": {
			"place:西湖区退役军人服务中心", "place:北山街道退役军人服务站", "place:西湖区翠苑街道退役军人服务站",
		},
	} {
		q, ok := d.Understand(text, tuesday)
		require.True(t, ok, text)
		assert.Equal(t, want, refs(d.Find(q)), text)
	}
}

func TestPositionsCountByKind(t *testing.T) {
	d := directory.New(records())
	assert.True(t, d.HasPositions(nil))
	assert.True(t, d.HasPositions([]directory.Kind{directory.Station, directory.JobFair}))
	assert.False(t, d.HasPositions([]directory.Kind{directory.JobFair}))
}

func TestACountyWithoutRecordsIsNoticed(t *testing.T) {
	d := directory.New(records())
	for text, want := range map[string]string{
		"苍南县的服务站在哪": "苍南县", "我在余杭区，最近的服务站在哪": "余杭区", "歙县有招聘会吗": "歙县", "东区的服务站在哪": "",
		"我们市的服务站在哪": "", "本县哪里有优惠": "", "幸福小区的服务站": "", "最近的服务站在哪": "", "超市有优惠吗": "",
		"全区有几个服务站": "", "哪个区有招聘会": "", "这周有招聘会吗": "", "翠苑社区的服务站在哪": "", "县里的服务中心在哪": "",
	} {
		q, _ := d.Understand(text, tuesday)
		assert.Equal(t, want, q.Elsewhere, text)
	}
}
