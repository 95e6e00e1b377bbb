package knowledge_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/knowledge"
)

func day(s string) knowledge.Date {
	d, err := knowledge.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// text is a document as short as the tests of dates need it.
func text(key, title, effective string) knowledge.Document {
	return knowledge.Document{
		Enactment: knowledge.Enactment{Key: key, Title: title, Effective: day(effective)}, Hash: key,
	}
}

func byKey(docs []knowledge.Document) map[string]knowledge.Document {
	m := make(map[string]knowledge.Document)
	for _, d := range docs {
		m[d.Key] = d
	}
	return m
}

func TestTheEarlierVersionEndsWhenTheLaterBegins(t *testing.T) {
	docs := byKey(knowledge.Settle([]knowledge.Document{
		text("a2024", "甲办法", "2024-03-01"), text("a2011", "甲办法", "2011-01-01"),
		text("a2018", "甲办法", "2018-05-01"), text("b", "乙办法", "2020-01-01"),
	}, nil))
	assert.Equal(t, "2018-05-01", docs["a2011"].Repealed.String())
	assert.Equal(t, "2024-03-01", docs["a2018"].Repealed.String())
	assert.True(t, docs["a2024"].Repealed.IsZero())
	assert.True(t, docs["b"].Repealed.IsZero())
	assert.Equal(t, []string{"a2018"}, docs["a2011"].ReplacedBy)
	assert.Equal(t, []string{"a2018"}, docs["a2024"].Replaces)
	assert.Empty(t, knowledge.Review([]knowledge.Document{docs["b"]}, day("2024-01-01"), 30))
}

func TestATextEndsTheOnesItNames(t *testing.T) {
	old, other := text("old", "旧办法", "2011-01-01"), text("other", "别的旧办法", "2012-01-01")
	local := text("local", "旧办法", "2013-01-01")
	local.Region = "浙江省"
	now := text("new", "新条例", "2024-09-01")
	now.Region = "江苏省"
	now.Repeals = []knowledge.Reference{{Title: "旧办法"}}
	old.Region = "江苏省"
	docs := byKey(knowledge.Settle([]knowledge.Document{now, old, other, local}, nil))
	assert.Equal(t, "2024-09-01", docs["old"].Repealed.String())
	assert.True(t, docs["other"].Repealed.IsZero())
	assert.True(t, docs["local"].Repealed.IsZero(), "another province's text")
	assert.True(t, docs["old"].Holds(day("2024-08-31")))
	assert.False(t, docs["old"].Holds(day("2024-09-01")))
}

func TestATextOfTheSameTitleIssuedOnAnotherDayIsNotMeant(t *testing.T) {
	old := text("old", "旧办法", "2004-10-01")
	old.Published = day("2004-08-01")
	now := text("new", "新条例", "2024-09-01")
	now.Repeals = []knowledge.Reference{{Title: "旧办法", Issued: day("1988-07-18")}}
	docs := byKey(knowledge.Settle([]knowledge.Document{now, old}, nil))
	assert.True(t, docs["old"].Repealed.IsZero())
}

func TestTheRegisterEndsAnImportedTextWhoseSuccessorIsNotImported(t *testing.T) {
	old := text("a(2019)", "甲条例", "2004-10-01")
	old.Ended, old.EndedIn = true, 2024
	old.Unsure = []knowledge.Doubt{{Field: "repealed", Why: "不知道哪一天"}, {Field: "issuer", Why: "没写"}}
	register := []knowledge.Enactment{
		{Key: "a(2019)", Title: "甲条例", Effective: day("2019-03-02"), ReplacedBy: []string{"a(2024)"}},
		{Key: "a(2024)", Title: "甲条例", Effective: day("2024-10-01"), Replaces: []string{"a(2019)"}},
	}
	d := knowledge.Settle([]knowledge.Document{old}, register)[0]
	assert.Equal(t, "2024-10-01", d.Repealed.String())
	assert.Equal(t, "2019-03-02", d.Effective.String())
	assert.Equal(t, []knowledge.Doubt{{Field: "issuer", Why: "没写"}}, d.Unsure)
}

func TestATextCalledReplacedIsNotCitedWhileTheDayIsUnknown(t *testing.T) {
	old := text("a(2011)", "甲法", "1984-10-01")
	old.Ended, old.EndedIn = true, 2021
	d := knowledge.Settle([]knowledge.Document{old}, nil)[0]
	assert.True(t, d.Repealed.IsZero(), "a day is not guessed")
	assert.True(t, d.Holds(day("2020-12-31")))
	assert.False(t, d.Holds(day("2021-01-01")))
	found := knowledge.Review([]knowledge.Document{d}, day("2026-01-01"), 30)
	require.Len(t, found, 1)
	assert.Equal(t, knowledge.NoDates, found[0].Kind)
	old.EndedIn = 0
	assert.False(t, old.Holds(day("2000-01-01")))
}

func TestAnAmendedTextIsNotCitedForTheTimeBeforeItsWords(t *testing.T) {
	d := text("a", "甲条例", "2012-09-01")
	d.Revised = day("2020-09-24")
	assert.False(t, d.Holds(day("2015-01-01")))
	assert.True(t, d.Holds(day("2020-09-24")))
	d.Given = []string{"effective"}
	assert.True(t, d.Holds(day("2015-01-01")), "the editor said since when it holds")
}

func TestWhatAPersonStatedStays(t *testing.T) {
	old := text("old", "甲办法", "2011-01-01")
	old.Repealed, old.Given = day("2025-06-30"), []string{"repealed", "region"}
	old.Region = "浙江省"
	later := text("new", "甲办法", "2025-01-01")
	later.Region = "浙江省"
	settled := knowledge.Settle([]knowledge.Document{old, later},
		[]knowledge.Enactment{{Key: "old", Title: "甲办法", Level: knowledge.LevelNational}})
	assert.Equal(t, "2025-06-30", settled[0].Repealed.String())
	assert.Equal(t, knowledge.Region("浙江省"), settled[0].Region)
	found := knowledge.Review(settled, day("2025-06-01"), 60)
	require.Len(t, found, 2)
	assert.Equal(t, knowledge.Conflict, found[0].Kind)
	assert.Equal(t, []string{"old", "new"}, found[0].Docs)
	assert.Equal(t, knowledge.Finding{
		Kind: knowledge.Due, Docs: []string{"old"}, Day: day("2025-06-30"), Why: "2025年6月30日起不再有效。",
	}, found[1])
}

func TestTextsThatReplaceEachOtherAreAConflictAndNeitherIsCited(t *testing.T) {
	a, b := text("a", "甲办法", "2011-01-01"), text("b", "乙办法", "2011-01-01")
	a.ReplacedBy, b.ReplacedBy = []string{"b"}, []string{"a"}
	settled := knowledge.Settle([]knowledge.Document{a, b}, nil)
	found := knowledge.Review(settled, day("2024-01-01"), 1)
	require.NotEmpty(t, found)
	assert.Equal(t, "两个文件互相写明取代对方。", found[0].Why)
	for _, d := range settled {
		assert.False(t, d.Holds(day("2024-01-01")))
	}
}

func TestTheSameTextTwiceIsOneWithAnAlias(t *testing.T) {
	a, b := text("a(2020)", "甲", "2020-01-01"), text("a(2020-09-24)", "甲", "2020-01-01")
	c := text("c", "丙", "")
	b.Hash = a.Hash
	merged := knowledge.Merge([]knowledge.Document{a, b, c, b})
	require.Len(t, merged, 2)
	assert.Equal(t, []string{"a(2020-09-24)"}, merged[0].Aliases)
	assert.Empty(t, a.Aliases, "the input is left alone")
}

// someTexts draws documents of few titles and days, so that chains and contradictions are common.
func someTexts(t *rapid.T) []knowledge.Document {
	days := []string{"", "2001-01-01", "2005-01-01", "2010-01-01", "2015-06-30", "2024-02-29"}
	n := rapid.IntRange(0, 7).Draw(t, "n")
	var docs []knowledge.Document
	for i := range n {
		pick := func(label string) knowledge.Date {
			return day(rapid.SampledFrom(days).Draw(t, fmt.Sprintf("%s%d", label, i)))
		}
		d := knowledge.Document{Enactment: knowledge.Enactment{
			Key:       fmt.Sprintf("k%d", i),
			Title:     rapid.SampledFrom([]string{"甲", "乙", "丙"}).Draw(t, "title"),
			Region:    rapid.SampledFrom([]knowledge.Region{"", "浙江省"}).Draw(t, "region"),
			Effective: pick("effective"), Published: pick("published"), Repealed: pick("repealed"),
		}, Hash: fmt.Sprint(i)}
		d.Revised = pick("revised")
		d.Ended = rapid.Bool().Draw(t, "ended")
		if rapid.Bool().Draw(t, "names") {
			d.Repeals = []knowledge.Reference{{Title: rapid.SampledFrom([]string{"甲", "乙"}).Draw(t, "old")}}
		}
		if rapid.Bool().Draw(t, "replaced") {
			d.ReplacedBy = []string{fmt.Sprintf("k%d", rapid.IntRange(0, 8).Draw(t, "by"))}
		}
		docs = append(docs, d)
	}
	return docs
}

func TestSettlingHoldsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := someTexts(t)
		once := knowledge.Settle(docs, nil)
		assert.Equal(t, once, knowledge.Settle(once, nil), "settling again changes nothing")

		order := rapid.Permutation(docs).Draw(t, "order")
		assert.Equal(t, byKey(once), byKey(knowledge.Settle(order, nil)), "order does not matter")

		before := byKey(docs)
		for i, d := range once {
			assert.Equal(t, docs[i].Key, d.Key)
			if had := before[d.Key].Repealed; !had.IsZero() {
				assert.False(t, d.Repealed.IsZero() || had.Before(d.Repealed), "no known end moves on")
			}
			for _, other := range once[i+1:] {
				assertOneVersion(t, d, other)
			}
		}
	})
}

// assertOneVersion holds that two versions of one title that begin on different known days are
// never in force on the same day.
func assertOneVersion(t assert.TestingT, a, b knowledge.Document) {
	startA, _ := a.Start()
	startB, _ := b.Start()
	if a.Title != b.Title || a.Region != b.Region || startA == startB ||
		startA.IsZero() || startB.IsZero() {
		return
	}
	for _, on := range []knowledge.Date{startA, startB, startA.AddDays(5000), day("2026-01-01")} {
		assert.False(t, a.Holds(on) && b.Holds(on), "%s and %s on %s", a.Key, b.Key, on)
	}
}
