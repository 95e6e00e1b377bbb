package answer

import "rongjun/bot"

// decideDark reads a message that no passage treats as danger where it has such words: it is better
// to ask after somebody who needs nothing than to send somebody away who does.
func (a *Answerer) decideDark(w *work) (verdict, bool) {
	words := a.reader.darkWords(w.question.Folded)
	if words == "" || a.treated(w) || w.question.reading.surelyAsks() {
		return verdict{}, false
	}
	w.question.Intent, w.question.Words = intentCrisis, words
	return a.decideCrisis(w)
}

// darkWords finds words of danger that are no figure of speech.
func (r *reader) darkWords(folded string) string {
	return r.rules.find("dark", r.rules.without("harmless", folded))
}

// treated reports whether the question is one of ours and a passage treats it.
func (a *Answerer) treated(w *work) bool {
	e := a.best(w)
	return e.strong() || w.question.InScope && !e.weak()
}

// decideOffSubject declines a question that names none of our subjects and that no passage treats.
// Who only tells something, or says how it is for them, is not sent away but asked.
func (a *Answerer) decideOffSubject(w *work) (verdict, bool) {
	if w.question.InScope || w.question.reading.asks >= hardlyShare || a.best(w).strong() {
		return verdict{}, false
	}
	if a.reader.onlyTells(w.question) {
		return verdict{rule: "told", decision: bot.DecideAsk, words: "listening"}, true
	}
	return verdict{decision: bot.DecideDecline, words: "other-scope"}, true
}

// onlyTells reports whether somebody says how it is for them and asks or orders nothing.
func (r *reader) onlyTells(q Question) bool {
	return (r.rules.has("self", q.Folded) || q.Mood != "") && !r.asksAnything(q.Folded) &&
		!r.rules.has("orders", q.Folded)
}

// decideNothing says openly that nothing was found.
func (a *Answerer) decideNothing(w *work) (verdict, bool) {
	v := verdict{decision: bot.DecideNone, words: "none"}
	_, ok := w.topEntry(w.found.whole.Hits)
	return v, !ok || a.best(w).weak()
}
