package answer

import (
	"context"
	"fmt"

	"rongjun/bot"
	"rongjun/bot/answer/extent"
	"rongjun/knowledge/index"
)

// The shares from which what is asked counts as left open: where no rule saw it, and where one did, for
// what the rules see is rather said than missed; between 0.4 and 0.5 as many labelled questions were told
// right. Who names their place may ask what holds there: then less is enough.
const (
	openShare      = 0.5
	openSeenShare  = 0.4
	openLocalShare = 0.3
	// openPartShare is that of one of several things asked. From half on twice as many answered wholly were
	// taken for left open, of messages written to ask two things; from here on hardly more than before.
	openPartShare = 0.8
)

// isOpen decides by the share, and by the side that a rule saw. No reading overrules the rules on amounts
// and on what holds here: nobody is told that a figure which no text gives, or what holds where they are,
// was answered.
func (a *Answerer) isOpen(share float64, side, folded string) bool {
	switch side {
	case "":
		return share >= openShare
	case "amount":
		return true
	case "local":
		return share >= openLocalShare || a.reader.rules.has("here", folded)
	}
	return share >= openSeenShare
}

// measure decides whether the leading entries answer the message wholly or in part. The rules say by
// which side something is left open; the message is then read with that, as it may show another thing
// left open, or that what the rule saw was not asked. A message that asks several things is also read
// for each by itself: one of them left open is easily lost beside another that is answered.
func (a *Answerer) measure(w *work, v *verdict) {
	var seen limit
	at := 0
	for i, l := range v.leads {
		if found := a.limitedBy(w.question.Folded, l); found != (limit{}) {
			seen, at = found, i
		}
	}
	share := a.shareOpen(w.measured(v.leads[at], seen), w.vector)
	open := a.isOpen(share, seen.side, w.question.Folded)
	switch {
	case open && seen.why == "":
		v.rule = "left open by reading"
	case open:
		v.rule = seen.why
	case a.anyOpen(w, v.leads[at]):
		open, v.rule = true, "one thing asked is left open"
	case seen.why != "":
		v.rule = "settled by reading, though " + seen.why
	}
	if open {
		v.decision, v.leads[at].open = bot.DecidePartial, true
	}
}

// anyOpen reports whether one of several things asked is left open, by reading each by itself.
func (a *Answerer) anyOpen(w *work, l lead) bool {
	for s := range w.found.singly {
		l.asks = a.reader.asks(s.folded)
		m := w.measured(l, a.limitedBy(s.folded, l))
		m.Folded = withoutNumbers(s.folded)
		if a.shareOpen(m, s.vector) >= openPartShare {
			return true
		}
	}
	return false
}

// shareOpen is the share that what is asked is left open, read and told together.
func (a *Answerer) shareOpen(m Measured, v vectors) float64 {
	v = a.known(v)
	return a.told.withOpen(a.extent.LeftOpen(m.Folded, v.plain, m.Evidence), v.told)
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
	return w.measured(found, a.limitedBy(w.question.Folded, found)), true, nil
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
