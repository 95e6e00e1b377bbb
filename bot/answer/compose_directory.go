package answer

import (
	"strings"
)

// mostRecords is how many records a reply shows.
const mostRecords = 2

// composeDirectory writes what the records say, or asks where; a well-covered entry may add what
// can be done without going there.
func (a *Answerer) composeDirectory(w *work, d *draft) {
	switch w.verdict.words {
	case "place-ask", "near-none":
		d.say(a.words[w.verdict.words])
	case "place-none":
		d.say(a.words.say("place-none", "place", strings.Join(w.question.Region.Names(), "")))
	case "fair-none":
		d.say(a.words.say("fair-none", "span", w.span()))
	default:
		a.composeRecords(w, d)
	}
	for _, l := range w.verdict.leads {
		d.carriers = append(d.carriers, l.entry.Passage().Text)
		d.state(l.entry.Short)
		d.cite(w, w.citesFor(l.entry, l.entry.Short))
		d.offer(l.entry.Question, actEntry+l.entry.ID)
	}
}

func (a *Answerer) composeRecords(w *work, d *draft) {
	for _, p := range w.found.places[:min(mostRecords, len(w.found.places))] {
		text := p.Record.Text()
		if p.Kilometres >= 0 {
			line := a.words.say("near-distance", "distance", p.Distance())
			d.carriers = append(d.carriers, line)
			text += "\n" + line
		}
		d.carriers = append(d.carriers, text)
		d.state(text)
		d.showPlace(p.Record)
	}
	if a.reader.rules.has("route", w.question.Folded) {
		d.say(a.words["place-route"])
	}
}

// span names the days that were looked at, in the contact's manner of speaking.
func (w *work) span() string {
	from, to := w.found.query.From, w.found.query.To
	switch {
	case from.IsZero():
		return "近期"
	case from == to:
		return "那天"
	}
	return "那几天"
}
