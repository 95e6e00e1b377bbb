package knowledge_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/knowledge"
)

func date(t *testing.T, s string) knowledge.Date {
	t.Helper()
	d, err := knowledge.ParseDate(s)
	require.NoError(t, err)
	return d
}

func TestArticlesAreNamedAsLawsWriteThem(t *testing.T) {
	for n, want := range map[int]string{
		1: "第一条", 10: "第十条", 11: "第十一条", 22: "第二十二条", 100: "第一百条", 101: "第一百零一条",
		110: "第一百一十条", 1040: "第一千零四十条", 1260: "第一千二百六十条", 0: "", -1: "", 10000: "",
	} {
		assert.Equal(t, want, knowledge.ArticleName(n))
	}
}

func TestACitationReadsBackAsWritten(t *testing.T) {
	for _, written := range []string{"退役军人安置条例(2024)#22", "关于设立烈士纪念日的决定"} {
		c, err := knowledge.ParseCitation(" " + written + " ")
		require.NoError(t, err)
		assert.Equal(t, written, c.String())
	}
	for _, bad := range []string{"", "  ", "#3", "某法#", "某法#零", "某法#0", "某法#-1"} {
		_, err := knowledge.ParseCitation(bad)
		assert.ErrorIs(t, err, knowledge.ErrInvalid, bad)
	}
}

func TestADateReadsBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(0, 60_000).Draw(t, "days")
		d := knowledge.Date{Year: 1949, Month: time.October, Day: 1}.AddDays(days)
		again, err := knowledge.ParseDate(d.String())
		if err != nil || again != d || d.IsZero() || knowledge.DateOf(d.Time()) != d {
			t.Fatalf("%v reads back as %v, %v", d, again, err)
		}
		if next := d.AddDays(1); !d.Before(next) || next.Before(d) || d.Before(d) {
			t.Fatalf("%v and the next day %v are out of order", d, next)
		}
	})
}

func TestAnUnknownDateIsSaidAsNothing(t *testing.T) {
	d := date(t, "")
	assert.True(t, d.IsZero())
	assert.Empty(t, d.String()+d.Chinese())
	assert.Equal(t, "2024年9月1日", date(t, "2024-09-01").Chinese())
	for _, bad := range []string{"2024-9-1", "2024-02-30", "昨天", "2024-09-01T00:00:00Z"} {
		_, err := knowledge.ParseDate(bad)
		assert.ErrorIs(t, err, knowledge.ErrInvalid, bad)
	}
}

func TestDatesAndCitationsTravelAsText(t *testing.T) {
	var day knowledge.Date
	require.NoError(t, json.Unmarshal([]byte(`"2024-09-01"`), &day))
	assert.Equal(t, date(t, "2024-09-01"), day)
	written, err := json.Marshal(day)
	require.NoError(t, err)
	assert.JSONEq(t, `"2024-09-01"`, string(written))
	assert.Error(t, json.Unmarshal([]byte(`"1.9.2024"`), &day))

	var cite knowledge.Citation
	require.NoError(t, cite.UnmarshalText([]byte("某法#3")))
	assert.Equal(t, knowledge.Citation{Doc: "某法", Article: 3}, cite)
	assert.Error(t, cite.UnmarshalText([]byte("#")))
}

func TestAMomentIsADayInItsOwnZone(t *testing.T) {
	late := time.Date(2024, 8, 31, 20, 0, 0, 0, time.UTC)
	assert.Equal(t, "2024-08-31", knowledge.DateOf(late).String())
	assert.Equal(t, "2024-09-01", knowledge.DateOf(late.In(knowledge.China())).String())
}

func TestAnEnactmentHoldsFromItsFirstDayToTheDayBeforeItsRepeal(t *testing.T) {
	for name, c := range map[string]struct {
		effective, repealed string
		replacedBy          []string
		on                  string
		want                bool
	}{
		"the day before":            {effective: "2024-09-01", on: "2024-08-31"},
		"the first day":             {effective: "2024-09-01", on: "2024-09-01", want: true},
		"the last day":              {effective: "2011-11-01", repealed: "2024-09-01", on: "2024-08-31", want: true},
		"the day of repeal":         {effective: "2011-11-01", repealed: "2024-09-01", on: "2024-09-01"},
		"no day of effect":          {on: "1990-01-01", want: true},
		"no day of effect, ended":   {repealed: "2024-09-01", on: "2024-09-02"},
		"replaced, no day of it":    {replacedBy: []string{"新"}, on: "2024-09-01"},
		"replaced later than today": {repealed: "2027-01-01", replacedBy: []string{"新"}, on: "2026-11-24", want: true},
	} {
		e := knowledge.Enactment{
			Effective: date(t, c.effective), Repealed: date(t, c.repealed), ReplacedBy: c.replacedBy,
		}
		assert.Equal(t, c.want, e.InForce(date(t, c.on)), name)
	}
}

func TestARegionCoversItselfAndWhatIsBelow(t *testing.T) {
	const city knowledge.Region = "浙江省/杭州市"
	assert.True(t, knowledge.Region("").Covers(city))
	assert.True(t, city.Covers(city))
	assert.True(t, city.Covers(city+"/西湖区"))
	assert.False(t, city.Covers("浙江省"))
	assert.False(t, city.Covers(""))
	assert.False(t, city.Covers("浙江省/杭州市场"))
	assert.Equal(t, []string{"浙江省", "杭州市"}, city.Names())
	assert.Equal(t, "杭州市", city.Last())
	assert.Empty(t, knowledge.Region("").Names())
	assert.Equal(t, "浙江省", knowledge.Region("浙江省").Last())
}

func TestAnEntryThatLacksSomethingIsInvalid(t *testing.T) {
	good := knowledge.Entry{
		ID: "a", Topic: "题", Question: "问", Short: strings.Repeat("字", knowledge.MaxShort),
		Cites: []knowledge.Citation{{Doc: "某法", Article: 1}},
	}
	require.NoError(t, good.Validate())
	for field, spoil := range map[string]func(*knowledge.Entry){
		"id":       func(e *knowledge.Entry) { e.ID = "" },
		"topic":    func(e *knowledge.Entry) { e.Topic = " " },
		"question": func(e *knowledge.Entry) { e.Question = "" },
		"short":    func(e *knowledge.Entry) { e.Short += "多" },
		"cites":    func(e *knowledge.Entry) { e.Cites = nil },
	} {
		bad := good
		spoil(&bad)
		err := bad.Validate()
		assert.ErrorIs(t, err, knowledge.ErrInvalid, field)
		assert.ErrorContains(t, err, field)
	}
}
