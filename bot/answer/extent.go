package answer

import (
	"context"
	"fmt"
	"slices"

	"rongjun/bot"
	"rongjun/bot/answer/extent"
	"rongjun/knowledge/index"
)

// The shares from which what is asked counts as left open: where no rule saw it, and where one did, for
// what the rules see is rather said than missed. Between 0.4 and 0.5 as many labelled questions were
// told right.
const (
	openShare     = 0.5
	openSeenShare = 0.4
)

// binding are the sides on which no reading overrules the rule: nobody is told that a figure which no
// text gives, or what holds in their own place, was answered.
var binding = []string{"amount", "local"}

// measure decides whether the leading entries answer the message wholly or in part. The rules say by
// which side something is left open; the message is then read with that, as it may show another thing
// left open, or that what the rule saw was not asked.
func (a *Answerer) measure(w *work, v *verdict) {
	var seen limit
	at := 0
	for i, l := range v.leads {
		if found := a.limitedBy(w, l); found != (limit{}) {
			seen, at = found, i
		}
	}
	m := w.measured(v.leads[at], seen)
	known := a.known(w.vector)
	share := a.told.withOpen(a.extent.LeftOpen(m.Folded, known.plain, m.Evidence), known.told)
	open := share >= openShare || share >= openSeenShare && seen.why != "" ||
		slices.Contains(binding, seen.side)
	switch {
	case open && seen.why == "":
		v.rule = "left open by reading"
	case open:
		v.rule = seen.why
	case seen.why != "":
		v.rule = "settled by reading, though " + seen.why
	}
	if open {
		v.decision, v.leads[at].open = bot.DecidePartial, true
	}
}

// Measured is what it is read by whether a message is answered wholly.
type Measured struct {
	Folded   string
	Vector   []float32
	Evidence extent.Evidence
}

func (w *work) measured(l lead, seen limit) Measured {
	return Measured{withoutNumbers(w.question.Folded), w.vector.plain, extent.Evidence{
		Side: seen.side, Lead: l.entry, Hits: w.entriesAmong(w.found.whole.Hits),
	}}
}

// Measure goes no further with a turn than to what measuring needs, so that a model can be fitted to
// it. It reports whether an entry was found.
func (a *Answerer) Measure(ctx context.Context, t bot.Turn) (Measured, bool, error) {
	w := a.begin(t)
	w.question = a.understand(ctx, w)
	if err := a.retrieve(ctx, w); err != nil {
		return Measured{}, false, fmt.Errorf("measure: %w", err)
	}
	found, ok := w.topEntry(w.found.whole.Hits)
	if !ok {
		return Measured{}, false, nil
	}
	return w.measured(found, a.limitedBy(w, found)), true, nil
}

// known are vectors where the models were fitted with their embedder, which Near tells, else none.
func (a *Answerer) known(v vectors) vectors {
	if a.Near == 0 {
		return vectors{}
	}
	return v
}

// entriesAmong are the entries among the first hits.
func (w *work) entriesAmong(hits []index.Hit) []extent.Found {
	var found []extent.Found
	for _, h := range hits {
		if entry, ok := w.library.Entry(h.Passage.Entry); ok && len(found) < looked {
			found = append(found, extent.Found{Entry: entry, Score: h.Score})
		}
	}
	return found
}
