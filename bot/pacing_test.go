package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATurnBeginsWhenTheContactIsQuiet(t *testing.T) {
	p := DefaultPacing()
	sec := func(s float64) time.Time { return at.Add(time.Duration(s * float64(time.Second))) }
	six := []time.Time{sec(-5), sec(-10), sec(-20), sec(-30), sec(-40), sec(-50)}
	for name, row := range map[string]struct {
		in   Unanswered
		want time.Time
	}{
		"one fragment waits for quiet":        {Unanswered{First: at, Last: at}, sec(1.5)},
		"a later fragment moves it":           {Unanswered{First: at, Last: sec(1)}, sec(2.5)},
		"never longer than eight seconds":     {Unanswered{First: at, Last: sec(7.5)}, sec(8)},
		"a question mark goes at once":        {Unanswered{First: at, Last: sec(1), Prompt: true}, sec(1)},
		"the seventh turn waits for its slot": {Unanswered{First: at, Last: at, Prompt: true, Recent: six}, sec(10)},
		"five turns in the minute do not bar": {Unanswered{First: at, Last: at, Prompt: true, Recent: six[:5]}, at},
		"what is urgent never waits":          {Unanswered{First: at, Last: at, Prompt: true, Urgent: true, Recent: six}, at},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, row.want, p.TurnAt(row.in)) })
	}
	p.PerMinute = 0
	assert.Equal(t, at, p.TurnAt(Unanswered{First: at, Last: at, Prompt: true, Recent: six}), "0 is no limit")
}

func TestTextIsMadeFitToStoreAndShow(t *testing.T) {
	for in, want := range map[string]string{
		"  你好 \n":               "你好",
		"a\x00b\x1bc\u202ed":    "abcd",
		"一\n二\t三":               "一\n二\t三",
		"bad \xff bytes":        "bad \uFFFD bytes",
		"<b>粗</b>":              "<b>粗</b>",
		"\ufeff退役\u2066金\u2069": "退役金",
	} {
		assert.Equal(t, want, CleanText(in, 100))
	}
	assert.Equal(t, "退役军人", CleanText("退役军人事务局", 4), "cut by characters, not bytes")
}

func TestOnlyAQuestionOrAnUrgentWordOrATapIsHasty(t *testing.T) {
	in := Inbox{Urgent: func(s string) bool { return s == "转人工" }}
	got, err := in.arrivals([]Incoming{
		{Text: "我想问", Kind: KindText},
		{Text: "优待证怎么办？ ", Kind: KindText},
		{Text: "how?", Kind: KindText},
		{Text: "转人工", Kind: KindText},
		{ChoiceID: "x", Kind: KindTap},
	})
	require.NoError(t, err)
	var prompt, urgent []bool
	for _, a := range got {
		prompt, urgent = append(prompt, a.Prompt), append(urgent, a.Urgent)
	}
	assert.Equal(t, []bool{false, true, true, true, true}, prompt)
	assert.Equal(t, []bool{false, false, false, true, true}, urgent)
}

func TestTheHubNeverBlocksAndTellsOnlyWhoAsked(t *testing.T) {
	h := NewHub()
	one, endOne := h.Subscribe(1)
	all, endAll := h.Subscribe(EveryConversation)
	defer endAll()
	h.Changed(1)
	h.Changed(1)
	h.Changed(2)
	<-one
	<-all
	select {
	case <-one:
		t.Fatal("two changes before a look are one hint")
	default:
	}
	endOne()
	h.Changed(1)
	select {
	case <-one:
		t.Fatal("told after the subscription ended")
	default:
	}
}

// TestAChangeWakesThoseItMattersTo has a change for one kind of work told to those who look for that, and
// any other change to all.
func TestAChangeWakesThoseItMattersTo(t *testing.T) {
	h := NewHub()
	turns, endTurns := h.SubscribeTo(WorkTurns)
	defer endTurns()
	sends, endSends := h.SubscribeTo(WorkSends)
	defer endSends()
	one, endOne := h.Subscribe(1)
	defer endOne()
	h.ChangedFor(1, WorkSends)
	require.Empty(t, turns)
	require.Len(t, sends, 1)
	require.Len(t, one, 1)
	h.Changed(2)
	require.Len(t, turns, 1)
}
