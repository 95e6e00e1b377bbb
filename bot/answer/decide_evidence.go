package answer

import (
	"unicode/utf8"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

// evidence is what decides whether a search found what was asked for.
type evidence struct {
	// coverage is the largest share of the question's subject that one of the first hits holds.
	coverage float64
	// words is the first hit's score by words.
	words float64
	// near says that a hit means nearly the same as the question.
	near bool
}

// looked is how many of the first hits count as evidence.
const looked = 5

func (a *Answerer) evidenceOf(r index.Result) evidence {
	var e evidence
	for i, h := range r.Hits[:min(looked, len(r.Hits))] {
		e.coverage = max(e.coverage, h.Coverage)
		e.near = e.near || a.Near > 0 && h.Meaning >= a.Near
		if i == 0 {
			e.words = h.Words
		}
	}
	return e
}

// The evidence that an answer needs. Questions that name one of our subjects need little; without
// such a word much of what is asked must stand in a passage. Measured on questions of both kinds.
const (
	someCoverage, someWords     = 0.10, 12
	strongCoverage, strongWords = 0.30, 25
	fullCoverage                = 0.60
)

// weak reports that the search found nothing worth saying, even to a question of our subjects.
func (e evidence) weak() bool {
	if e.near {
		return false
	}
	return e.words < someWords && e.coverage < strongCoverage || e.coverage < someCoverage
}

// strong reports that a passage treats the question, whatever words it uses.
func (e evidence) strong() bool {
	return e.near || e.coverage >= strongCoverage && e.words >= strongWords ||
		e.coverage >= fullCoverage && e.words >= someWords
}

// best is the evidence for the whole message or, if that is stronger, for one of its questions.
func (a *Answerer) best(w *work) evidence {
	best := a.evidenceOf(w.found.whole)
	for _, p := range w.found.pieces {
		if e := a.evidenceOf(p); e.strong() && !best.strong() {
			best = e
		}
	}
	return best
}

// coverageWeight is how much a hit's coverage counts beside its score when the leading entry is
// chosen among the first hits.
const coverageWeight = 2

// clearLead is by how much the leading entry's score must exceed the next one's to be surely the one
// meant: of the leads that were wrong on the labelled questions half were nearer, of the right ones a
// fifth.
const clearLead = 0.9

// topEntry is the best entry among the first hits whose texts are in force.
func (w *work) topEntry(hits []index.Hit) (lead, bool) {
	var best, next lead
	var most, second float64
	for _, h := range hits[:min(looked, len(hits))] {
		entry, ok := w.library.Entry(h.Passage.Entry)
		if !ok || !w.usable(entry) {
			continue
		}
		l, score := lead{entry: entry, asks: w.question.Asks}, h.Score+coverageWeight*h.Coverage
		switch {
		case best.entry.ID == "" || score > most:
			best, most, next, second = l, score, best, most
		case next.entry.ID == "" || score > second:
			next, second = l, score
		}
	}
	if next.entry.ID != "" && most-second < clearLead {
		best.rival = &next.entry
	}
	return best, best.entry.ID != ""
}

// usable reports whether an entry may be said: entries tell the law as it is, so for a day gone by
// all they cite must have been in force on it.
func (w *work) usable(e knowledge.Entry) bool {
	inForce := len(w.inForce(e.Cites))
	return inForce > 0 && (!w.question.Past || inForce == len(e.Cites))
}

// bareLength is the most characters of a message that only names a topic.
const bareLength = 6

// decideBareTopic asks back when somebody only names a topic (优待证) that several entries treat.
func (a *Answerer) decideBareTopic(w *work) (verdict, bool) {
	q := w.question
	length := utf8.RuneCountInString(a.Normaliser.Clean(q.Folded))
	if q.Asks != (Asks{}) || q.FollowUp || length > bareLength {
		return verdict{}, false
	}
	v := verdict{decision: bot.DecideAsk, words: "ask-which"}
	for _, h := range w.found.whole.Hits {
		entry, ok := w.library.Entry(h.Passage.Entry)
		if ok && h.Coverage >= fullCoverage && len(v.leads) < mostAsked {
			v.leads = append(v.leads, lead{entry: entry})
		}
	}
	return v, len(v.leads) > 1
}

// mostAsked is how many choices a question back offers.
const mostAsked = 3

// decidePast answers with today's law when nothing is known of the day asked about, and says so.
func (a *Answerer) decidePast(w *work) (verdict, bool) {
	found, ok := w.topEntry(w.found.whole.Hits)
	return verdict{decision: bot.DecidePartial, leads: []lead{found}}, ok && w.found.missingPast
}

// decideTwo answers two questions of one message where each has an entry of its own.
func (a *Answerer) decideTwo(w *work) (verdict, bool) {
	if len(w.found.pieces) < 2 {
		return verdict{}, false
	}
	v := verdict{decision: bot.DecideAnswer}
	for i, r := range w.found.pieces {
		lead, ok := w.topEntry(r.Hits)
		if !ok || !a.standsAlone(w.question.Pieces[i].Text, r) {
			return verdict{}, false
		}
		lead.asks = w.question.Pieces[i].Asks
		v.leads = append(v.leads, lead)
	}
	if v.leads[0].entry.ID == v.leads[1].entry.ID {
		return verdict{}, false
	}
	a.measure(w, &v)
	return v, true
}

// standsAlone reports whether a piece of a message is a question of its own: it names one of our
// subjects, or most of what it names stands in one passage. 两样都能拿吗 is none.
func (a *Answerer) standsAlone(said string, r index.Result) bool {
	e := a.evidenceOf(r)
	ours := a.reader.rules.has("domain", a.Normaliser.Fold(said))
	terms := len(a.Normaliser.Subject(a.Normaliser.Clean(said)))
	return e.strong() && (ours || terms >= ownTerms && e.coverage >= mostCoverage)
}

// ownTerms and mostCoverage let a piece without a word of our subjects stand alone: it names
// several things, and one passage holds most of them.
const (
	ownTerms     = 3
	mostCoverage = 0.75
)

// decideByEvidence answers from the best entry, in part where that leaves open what is asked.
func (a *Answerer) decideByEvidence(w *work) (verdict, bool) {
	found, ok := w.topEntry(w.found.whole.Hits)
	if !ok {
		return verdict{}, false
	}
	v := verdict{decision: bot.DecideAnswer, leads: []lead{found}}
	a.measure(w, &v)
	return v, true
}
