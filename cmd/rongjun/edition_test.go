package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
)

func day(year int, month time.Month, date int) knowledge.Date {
	return knowledge.Date{Year: year, Month: month, Day: date}
}

// imported is a document as it stands after an import.
func imported(d knowledge.Document) knowledge.Revision {
	return knowledge.Revision{
		Draft: knowledge.Draft{Kind: knowledge.ItemDocument, Key: d.Key, Document: &d},
		State: knowledge.RevisionPublished,
	}
}

func law(key, title string, effective knowledge.Date, articles ...string) knowledge.Document {
	d := knowledge.Document{
		Enactment: knowledge.Enactment{
			Key: key, Title: title, Level: knowledge.LevelNational, Effective: effective,
		},
		Hash: key,
	}
	for i, text := range articles {
		d.Clauses = append(d.Clauses, knowledge.Clause{Article: i + 1, Text: text})
	}
	return d
}

func TestAnImportedVersionEndsTheOneOnlyTheRegisterKnows(t *testing.T) {
	t.Parallel()
	g := shippedGuide(t)
	const old = "退役军人安置条例(2024)"
	before, err := g.Register.Lookup(old)
	require.NoError(t, err)
	require.True(t, before.InForce(day(2027, 6, 1)))

	e := newEdition(g, 1, []knowledge.Revision{
		imported(law("退役军人安置条例(2027)", "退役军人安置条例", day(2027, 1, 1), "新的第一条。")),
	})
	now, err := e.register.Lookup(old)
	require.NoError(t, err)
	assert.Equal(t, day(2027, 1, 1), now.Repealed)
	assert.True(t, now.InForce(day(2026, 12, 31)))
	assert.False(t, now.InForce(day(2027, 1, 1)))
	assert.Equal(t, before.Effective, now.Effective)
}

func TestATextThatComesTwiceIsOneUnderTheRegistersKey(t *testing.T) {
	t.Parallel()
	g := shippedGuide(t)
	second := law("另一个名字", "某办法", day(2020, 1, 1), "同一条。")
	first := law("某办法(2020)", "某办法", day(2020, 1, 1), "同一条。")
	second.Hash = first.Hash
	aliased := ""
	for _, known := range g.Register.All() {
		if len(known.Aliases) > 0 {
			aliased = known.Aliases[0]
		}
	}
	require.NotEmpty(t, aliased)
	e := newEdition(g, 1, []knowledge.Revision{
		imported(first), imported(second), imported(law(aliased, "浙江省的条例", day(2021, 1, 1), "甲。")),
	})
	require.Len(t, e.documents, 2)
	known, err := e.register.Lookup("另一个名字")
	require.NoError(t, err)
	assert.Equal(t, "某办法(2020)", known.Key)
	registered, err := g.Register.Lookup(aliased)
	require.NoError(t, err)
	assert.Equal(t, registered.Key, e.documents[1].Key)
	text, ok := e.article(knowledge.Citation{Doc: aliased, Article: 1}, day(2026, 11, 24))
	assert.True(t, ok)
	assert.Equal(t, "甲。", text)
}

func TestAnArticleIsGivenInTheWordsOfTheDay(t *testing.T) {
	t.Parallel()
	d := law("办法", "办法", day(2020, 1, 1), "旧。")
	d, err := d.Amend(day(2025, 1, 1), knowledge.Clause{Article: 1, Text: "新。"})
	require.NoError(t, err)
	e := newEdition(shippedGuide(t), 1, []knowledge.Revision{imported(d)})
	cite := knowledge.Citation{Doc: "办法", Article: 1}
	for on, want := range map[knowledge.Date]string{day(2024, 12, 31): "旧。", day(2025, 1, 1): "新。"} {
		text, ok := e.article(cite, on)
		assert.True(t, ok)
		assert.Equal(t, want, text)
	}
	_, ok := e.article(knowledge.Citation{Doc: "办法", Article: 2}, day(2026, 1, 1))
	assert.False(t, ok)
}

func TestATextSpeaksForItselfWhereNoEntryRestsOnIt(t *testing.T) {
	t.Parallel()
	const told = "退役军人安置条例(2024)"
	e := newEdition(shippedGuide(t), 1, []knowledge.Revision{
		imported(law(told, "退役军人安置条例", day(2024, 9, 1), "旧条文。")),
	})
	assert.False(t, e.own)
	e = newEdition(shippedGuide(t), 1, []knowledge.Revision{
		imported(law(told, "退役军人安置条例", day(2024, 9, 1), "旧条文。")),
		imported(law("退役军人安置条例(2027)", "退役军人安置条例", day(2027, 1, 1), "新条文。")),
		imported(law("本县优待办法", "本县优待办法", day(2025, 1, 1), "本县条文。")),
	})
	assert.True(t, e.own)
	var own []string
	for _, p := range e.passages {
		if p.Own {
			own = append(own, p.Text)
		}
	}
	assert.ElementsMatch(t, []string{"新条文。", "本县条文。"}, own)
}

func TestAnEditionHoldsTheGuideAsItWasPublishedOver(t *testing.T) {
	t.Parallel()
	g := shippedGuide(t)
	changed := g.Entries[0]
	changed.Short = "改过的简答。"
	gone := g.Entries[1].ID
	e := newEdition(g, 1, []knowledge.Revision{
		{
			Draft: knowledge.Draft{Kind: knowledge.ItemEntry, Key: changed.ID, Entry: &changed},
			State: knowledge.RevisionPublished,
		},
		{
			Draft: knowledge.Draft{Kind: knowledge.ItemEntry, Key: gone},
			State: knowledge.RevisionWithdrawn,
		},
	})
	require.Len(t, e.listed(), len(g.Entries)-1)
	library := e.library(day(2026, 11, 24))
	entry, ok := library.Entry(changed.ID)
	assert.True(t, ok)
	assert.Equal(t, "改过的简答。", entry.Short)
	_, ok = library.Entry(gone)
	assert.False(t, ok)
}
