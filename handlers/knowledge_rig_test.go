package handlers_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/handlers"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

const (
	placement = "退役军人安置条例(2024)"
	oldRule   = "退役士兵安置条例(2011)"
)

// shipped is a guide of few entries.
func shipped() []knowledge.Entry {
	return []knowledge.Entry{
		{
			ID: "lump-sum", Topic: "退役金", Question: "退役后一次性的钱怎么领？",
			Phrasings: []string{"回来那笔钱啥时候给", "复员费在哪领"},
			Short:     "自主就业的退役军士和义务兵，由部队发给一次性退役金。",
			Details:   "回到地方以后，可以再申领一次性经济补助。", Who: "自主就业的退役军士和义务兵。",
			Bring: []string{"退役证", "身份证"}, Where: "安置地退役军人事务局。",
			Limits:  "经济补助的标准由省级人民政府规定。",
			Cites:   []knowledge.Citation{{Doc: placement, Article: 22}, {Doc: placement, Article: 43}},
			Related: []string{"card"}, Review: knowledge.Date{Year: 2027, Month: 6, Day: 30},
		},
		{
			ID: "card", Topic: "优待证", Question: "优待证怎么办？", Short: "由安置地退役军人事务部门发放。",
			Cites: []knowledge.Citation{{Doc: placement, Article: 5}},
		},
	}
}

// knowledge is the shipped guide, with what the store says of it laid over, a small register, and an
// answerer that answers from the entries of that moment.
func (r *rig) knowledge() handlers.Knowledge {
	return handlers.Knowledge{
		Edition:  func() (handlers.Edition, bool) { return r.edition(), true },
		Answerer: trier{r: r}, Review: r.store, Revisions: r.store, Importer: importer{},
		Trial: draftTrier{r},
	}
}

// draftTrier answers with a draft's own entry.
type draftTrier struct{ r *rig }

func (d draftTrier) Trial(
	_ context.Context, draft knowledge.Revision,
) (bot.Answerer, handlers.Edition, error) {
	e := d.r.edition()
	e.Entries = []knowledge.Entry{*draft.Entry}
	return trier{d.r, &e.Entries[0]}, e, nil
}

func (r *rig) edition() handlers.Edition {
	_, standing, err := r.store.Published(context.Background())
	if err != nil {
		panic(err)
	}
	e := handlers.Edition{
		Shipped: shipped(), Entries: knowledge.Overlay(shipped(), standing), Lookup: lookup,
	}
	for _, s := range standing {
		if s.Document != nil {
			e.Documents = append(e.Documents, *s.Document)
		}
	}
	return e
}

// lookup is the register.
func lookup(key string) (knowledge.Enactment, error) {
	switch key {
	case placement:
		return knowledge.Enactment{
			Key: key, Title: "退役军人安置条例",
			Effective: knowledge.Date{Year: 2024, Month: 9, Day: 1},
		}, nil
	case oldRule:
		return knowledge.Enactment{
			Key: key, Title: "退役士兵安置条例", Repealed: knowledge.Date{Year: 2024, Month: 9, Day: 1},
		}, nil
	}
	return knowledge.Enactment{}, fmt.Errorf("%q: %w", key, knowledge.ErrNotFound)
}

// trier answers with an entry, the first there is unless it has one, and notes what it was asked.
type trier struct {
	r     *rig
	entry *knowledge.Entry
}

func (t trier) Answer(_ context.Context, turn bot.Turn) (bot.Answer, error) {
	t.r.mu.Lock()
	t.r.asked = append(t.r.asked, turn)
	t.r.mu.Unlock()
	e := t.r.edition().Entries[0]
	if t.entry != nil {
		e = *t.entry
	}
	return bot.Answer{
		Decision: bot.DecideAnswer,
		Reply: bot.Reply{
			Text:    e.Short,
			Sources: []bot.Source{{Title: "《退役军人安置条例》", Article: "第二十二条"}},
			Choices: []bot.Choice{{Text: "申领要多久？"}},
		},
		Trace: bot.Trace{
			Understood: turn.Text(), Why: cmp.Or(t.r.why, "evidence: the amount is left open"),
			Composer: "offline", WordsOnly: true,
			Hits: []bot.Hit{
				{
					Passage: "entry:" + e.ID, Text: e.Passage().Text, Cites: e.Cites,
					Words: 21.5, Meaning: 0.87, Score: 3.21,
				},
				{Passage: placement + "#22.1/2", Text: "第二十二条全文", Words: 12, Meaning: 0.8, Score: 1},
			},
			Filtered: []bot.FilteredHit{
				{Passage: oldRule + "#20", Reason: string(index.NoLongerInForce)},
				{Passage: "entry:card", Reason: string(index.OtherRegion)},
				{Passage: "entry:card", Reason: string(index.NotYetInForce)},
			},
			Steps: []bot.Step{{Name: "retrieve", Took: 11 * time.Millisecond}},
		},
	}, nil
}

// importer reads a text whose first line is its title; "damaged" stands for a file that nobody can
// read.
type importer struct{}

func (importer) Import(
	_ context.Context, name string, content io.Reader, region string,
) (knowledge.Document, error) {
	text, err := io.ReadAll(content)
	if err != nil {
		return knowledge.Document{}, err
	}
	if bytes.Contains(text, []byte("damaged")) {
		return knowledge.Document{}, &handlers.ImportError{
			Reason: "文件的内容看不懂，可能损坏。", Err: errors.New("broken"),
		}
	}
	title, body, _ := strings.Cut(string(text), "\n")
	key, _, _ := strings.Cut(name, ".")
	d := notice(key, title, body)
	d.Region = knowledge.Region(region)
	return d, nil
}

// notice is a document of one article without a day of effect.
func notice(key, title, body string) knowledge.Document {
	return knowledge.Document{
		Enactment: knowledge.Enactment{Key: key, Title: title, Level: knowledge.LevelNational},
		Clauses:   []knowledge.Clause{{Article: 1, Text: body}},
		Unsure:    []knowledge.Doubt{{Field: "effective", Why: "没有写明从哪一天起施行。"}},
		Hash:      key + body,
	}
}

// stands publishes an entry, written by one person and approved by another.
func (r *rig) stands(t testing.TB, e knowledge.Entry) knowledge.Revision {
	t.Helper()
	d := knowledge.Draft{Kind: knowledge.ItemEntry, Key: e.ID, Author: "王芳", Entry: &e}
	saved, err := r.store.SaveDraft(t.Context(), d)
	require.NoError(t, err)
	published, err := r.store.Publish(t.Context(), saved.ID, "李敏")
	require.NoError(t, err)
	return published
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
