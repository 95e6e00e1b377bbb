package directory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// tuesday is a day of which the week, the month's end and the year's end all matter.
var tuesday = knowledge.Date{Year: 2026, Month: time.November, Day: 24}

func TestWordsForDaysAreReadAsSeenFromToday(t *testing.T) {
	for text, want := range map[string]string{
		"今天有吗": "2026-11-24 2026-11-24", "明天开门吗": "2026-11-25 2026-11-25",
		"后天": "2026-11-26 2026-11-26", "大后天": "2026-11-27 2026-11-27",
		"这周有招聘会吗": "2026-11-23 2026-11-29", "本周": "2026-11-23 2026-11-29",
		"这个星期": "2026-11-23 2026-11-29", "这礼拜": "2026-11-23 2026-11-29",
		"下周": "2026-11-30 2026-12-06", "下个星期": "2026-11-30 2026-12-06",
		"下下周": "2026-12-07 2026-12-13", "上周": "2026-11-16 2026-11-22",
		"周末": "2026-11-28 2026-11-29", "本周末": "2026-11-28 2026-11-29",
		"下周末": "2026-12-05 2026-12-06", "周六": "2026-11-28 2026-11-28",
		"星期天": "2026-11-29 2026-11-29", "周一": "2026-11-30 2026-11-30",
		"这周一": "2026-11-23 2026-11-23", "下周三": "2026-12-02 2026-12-02",
		"礼拜二": "2026-11-24 2026-11-24", "周5": "2026-11-27 2026-11-27",
		"这个月": "2026-11-01 2026-11-30", "下个月有没有": "2026-12-01 2026-12-31",
		"月底": "2026-11-21 2026-11-30", "下月初": "2026-12-01 2026-12-10",
		"上个月": "2026-10-01 2026-10-31", "这几天": "2026-11-24 2026-11-30",
		"11月28日": "2026-11-28 2026-11-28", "十一月二十八号": "2026-11-28 2026-11-28",
		"2027年3月1日": "2027-03-01 2027-03-01", "28号": "2026-11-28 2026-11-28",
		"3号": "2026-12-03 2026-12-03", "1月5日": "2027-01-05 2027-01-05",
		"12月有吗": "2026-12-01 2026-12-31", "11月": "2026-11-01 2026-11-30",
		"十二月份": "2026-12-01 2026-12-31",
	} {
		from, to, ok := directory.Days(text, tuesday)
		assert.True(t, ok, text)
		assert.Equal(t, want, from.String()+" "+to.String(), text)
	}
}

func TestTextsWithoutDaysNameNone(t *testing.T) {
	for _, text := range []string{
		"", "最近的服务站在哪", "周边的医院", "每周一次", "每个月发多少", "示例路12号", "两个月", "三个月内", "一周",
	} {
		_, _, ok := directory.Days(text, tuesday)
		assert.False(t, ok, text)
	}
}

func TestDaysAreInOrderWhateverTheText(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"这", "下", "个", "周", "月", "末", "六", "天", "底", "明天", "28号", "12月", "31日", "每", "2026年", "上", "本",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(pieces, 0, 8).Draw(t, "pieces") {
			text += p
		}
		today := tuesday.AddDays(rapid.IntRange(0, 800).Draw(t, "days"))
		if from, to, ok := directory.Days(text, today); ok && to.Before(from) {
			t.Fatalf("%q on %s: %s to %s", text, today, from, to)
		}
	})
}

func TestThisWeekIsTheSameOnEachOfItsDays(t *testing.T) {
	for n := range 7 {
		from, to, ok := directory.Days("这周", tuesday.AddDays(n-1))
		assert.True(t, ok)
		assert.Equal(t, "2026-11-23 2026-11-29", from.String()+" "+to.String())
	}
}
