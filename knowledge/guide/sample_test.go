package guide_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/figure"
	"rongjun/knowledge/guide"
)

func TestTheSampleCityIsMarkedAndCannotBeDialled(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	counts := make(map[directory.Kind]int)
	levels := make(map[directory.Level]int)
	for _, r := range g.Sample(knowledge.Date{Year: 2026, Month: time.November, Day: 24}).Records() {
		text := r.Text()
		assert.True(t, strings.HasPrefix(text, "【样例】"), text)
		for _, f := range figure.All(text) {
			assert.NotRegexp(t, `^\d{5,}$`, f.Value, "%s could be a number to dial", text)
		}
		switch r := r.(type) {
		case directory.Place:
			counts[r.Kind]++
			levels[r.Level]++
			assert.NotEmpty(t, r.Hours, r.ID)
			assert.NotEmpty(t, r.Matters, r.ID)
			assert.NotZero(t, r.At, r.ID)
		case directory.Fair:
			counts[directory.JobFair]++
			assert.GreaterOrEqual(t, len(r.Posts), 2, r.ID)
		}
	}
	assert.Equal(t, 12, counts[directory.Centre]+counts[directory.Station])
	assert.Equal(t, 3, counts[directory.Hospital])
	assert.Equal(t, 3, counts[directory.Window])
	assert.Equal(t, 2, counts[directory.Museum])
	assert.Equal(t, 4, counts[directory.JobFair])
	for _, level := range []directory.Level{
		directory.LevelProvinceCity, directory.LevelCounty, directory.LevelTownship,
		directory.LevelVillage,
	} {
		assert.GreaterOrEqual(t, levels[level], 2, level)
	}
}

func TestThereIsAlwaysAJobFairThisWeek(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	for n := range 400 {
		today := knowledge.Date{Year: 2026, Month: time.November, Day: 24}.AddDays(n)
		city := g.Sample(today)
		q, ok := city.Understand("这周有招聘会吗", today)
		require.True(t, ok)
		hits := city.Find(q)
		require.NotEmpty(t, hits, "on %s", today)
		fair, ok := hits[0].Record.(directory.Fair)
		require.True(t, ok)
		assert.False(t, fair.Day.Before(today))
	}
}

func TestTheNearestStationIsFound(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	today := knowledge.Date{Year: 2026, Month: time.November, Day: 24}
	city := g.Sample(today)
	for question, want := range map[string]string{
		"我在样板县范本镇，最近的服务站在哪": "place:station-fanben",
		"示范区的服务站在哪里":        "place:station-fanli",
		"样例市优抚医院怎么走":        "place:hospital-city",
		"武装部在哪，儿子要兵役登记":     "place:window-conscription",
		"样例市哪里能看展览馆":        "place:museum-city",
		"模范区有什么优惠":          "offer:offer-noodles",
		"样例市去哪里办医疗保险转接":     "place:window-insurance",
	} {
		q, ok := city.Understand(question, today)
		require.True(t, ok, question)
		hits := city.Find(q)
		require.NotEmpty(t, hits, question)
		assert.Equal(t, want, hits[0].Record.Ref(), question)
	}
	hits := city.Find(directory.Query{
		Kinds: []directory.Kind{directory.Station}, At: directory.Point{Lat: 39.953, Lon: 90.07},
	})
	assert.Equal(t, "place:station-yangtu", hits[0].Record.Ref())
}
