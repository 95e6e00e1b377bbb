package answer

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

// The guide tells what the nation's texts say, and often that a thing is left to the place. What the
// place itself has written is imported by its own people: such a text speaks for itself, in its own
// words, beside the entry, or alone where the guide has nothing as near.

// mostOwn is how many articles of own texts one reply quotes.
const mostOwn = 2

// The evidence that an own text bears on the question: enough of its words, a share of what the leading
// entry has of them, enough of its subject, and a meaning not far away where that is known. Chosen on
// questions beside imported notices of a city and a province's regulation.
const (
	ownWords    = 20
	ownShare    = 0.33
	ownCoverage = 0.25
	ownMeaning  = 0.88
	// ownScore is the score from which an own text bears on the question whatever it has of the words, where
	// it is as near in meaning as the lead; each hundredth that it is further away takes ownFurther more. By
	// cross-validation on 115 questions beside nine notices two thirds of what is quoted so is the very
	// article asked for, and another sixth of the same notice.
	ownScore   = 5.6
	ownFurther = 0.7
	// What is no place's own must come as near as the lead: of the nation's other laws many treat
	// neighbouring matters.
	widerShare    = 0.7
	widerCoverage = 0.4
	// nextShare is the share of the first one's words that a second article must have, nextCoverage
	// what it must hold of the subject, nextMeaning how much further away it may be.
	nextShare    = 0.7
	nextCoverage = 0.4
	nextMeaning  = 0.012
)

// The evidence by which an own text answers instead of the leading entry.
const (
	instead      = 1.3
	insteadWords = 0.7
)

// searchOwn looks the message, or the question that a tapped choice stands for, up among the texts that
// no entry of the guide rests on.
func (a *Answerer) searchOwn(ctx context.Context, w *work) error {
	q := w.question
	if !w.library.Own || !searched[q.Intent] && !strings.HasPrefix(q.Act, actEntry) {
		return nil
	}
	query := a.query(ctx, w, a.reader.withEarlier(q, q.Said))
	query.Own = true
	var err error
	w.found.own, err = a.search(ctx, w, query)
	return err
}

// ownBeside are the hits of own texts that bear on the question beside what the lead has of it, each
// article once.
func (w *work) ownBeside(l lead) []index.Hit {
	words, coverage, meaning := float64(ownWords), ownCoverage, ownMeaning
	beside, _ := w.hitOf(l)
	words = max(words, ownShare*beside.Words)
	var kept []index.Hit
	for _, h := range w.found.own.Hits {
		near := h.Meaning == 0 || h.Meaning >= meaning
		wide := h.Passage.Region == "" && (h.Words < widerShare*beside.Words ||
			h.Coverage < max(widerCoverage, beside.Coverage))
		bears := h.Words >= words && h.Coverage >= coverage && near || len(kept) == 0 && standsOut(h, beside)
		if !bears || wide || !w.quotable(h, kept) {
			continue
		}
		if kept = append(kept, h); len(kept) == mostOwn {
			break
		}
		words, coverage = max(words, nextShare*h.Words), nextCoverage
		meaning = max(meaning, h.Meaning-nextMeaning)
	}
	return kept
}

// standsOut reports whether a hit scores far above the other own texts, by words and meaning together, and
// is hardly further away in meaning than the lead.
func standsOut(h, lead index.Hit) bool {
	further := 100 * (lead.Meaning - h.Meaning)
	return h.Meaning > 0 && lead.Meaning > 0 && h.Score >= ownScore+ownFurther*further
}

// quotable reports whether a passage may be cited and is no slice of an article that is quoted already.
func (w *work) quotable(h index.Hit, quoted []index.Hit) bool {
	cite := h.Passage.Cites[0]
	again := func(q index.Hit) bool { return cite.Article > 0 && q.Passage.Cites[0] == cite }
	return len(w.inForce(h.Passage.Cites)) > 0 && !slices.ContainsFunc(quoted, again)
}

// hitOf is the lead's own hit; a lead that was tapped has none.
func (w *work) hitOf(l lead) (index.Hit, bool) {
	for _, h := range w.found.whole.Hits {
		if l.entry.ID != "" && h.Passage.Entry == l.entry.ID {
			return h, true
		}
	}
	return index.Hit{}, false
}

// decideOwn answers from an own text alone where it holds more of what was asked than the best entry.
func (a *Answerer) decideOwn(w *work) (verdict, bool) {
	if len(w.found.own.Hits) == 0 {
		return verdict{}, false
	}
	best, _ := w.topEntry(w.found.whole.Hits)
	own := w.ownBeside(best)
	if len(own) == 0 || !a.holds(own[0]) {
		return verdict{}, false
	}
	v := verdict{decision: bot.DecideAnswer, own: own}
	h, ok := w.hitOf(best)
	if ok && (own[0].Coverage < instead*h.Coverage || own[0].Words < insteadWords*h.Words) {
		return verdict{}, false
	}
	if a.ownLeavesOpen(w, own) {
		v.decision = bot.DecidePartial
	}
	if ok && a.evidenceOf(w.found.whole).strong() {
		v.beside = &best.entry
	}
	return v, true
}

// holds reports whether a passage by itself treats the question.
func (a *Answerer) holds(h index.Hit) bool {
	return a.evidenceOf(index.Result{Hits: []index.Hit{h}}).strong()
}

// addOwn puts the own texts that bear on the question beside the entries that lead. What the entry
// leaves open is answered where one of them settles it.
func (a *Answerer) addOwn(w *work, v *verdict) {
	if len(w.found.own.Hits) == 0 || len(v.leads) == 0 || v.words != "" ||
		v.decision != bot.DecideAnswer && v.decision != bot.DecidePartial {
		return
	}
	if v.own = w.ownBeside(v.leads[0]); len(v.own) == 0 {
		return
	}
	v.rule = join(v.rule, "own texts beside")
	if v.decision == bot.DecidePartial && !w.found.missingPast && !a.ownLeavesOpen(w, v.own) {
		v.decision = bot.DecideAnswer
	}
}

// ownLeavesOpen reports whether own texts leave what is asked to others, as an entry may, or only point
// to what is ruled elsewhere.
func (a *Answerer) ownLeavesOpen(w *work, own []index.Hit) bool {
	var said []string
	for _, h := range own {
		if !a.reader.rules.has("points-on", a.Normaliser.Fold(h.Passage.Text)) {
			said = append(said, h.Passage.Text)
		}
	}
	asked := lead{asks: w.question.Asks, entry: knowledge.Entry{
		Question: own[0].Passage.Title, Short: strings.Join(said, "\n"),
	}}
	return len(said) == 0 || a.limitedBy(w.question.Folded, asked) != (limit{})
}

// ownRoom is about how many characters of one article are quoted.
const ownRoom = 160

// enumerator numbers a heading of a notice: 《某清单》十一、军嫂创业. Nobody asks for the number.
var enumerator = regexp.MustCompile(`》[一二三四五六七八九十百]+、`)

// composeOwn quotes the own texts, word for word, under the name of whose they are. Where one is older
// than what the entry rests on, the reply says which of the two holds.
func (a *Answerer) composeOwn(w *work, d *draft) {
	var older bool
	for _, h := range w.verdict.own {
		name := a.words["own-text"]
		if place := h.Passage.Region.Last(); place != "" {
			name = a.words.say("own-place", "place", place)
		} else if w.question.Past {
			name = ""
		}
		quoted := a.firstSentences(h.Passage.Text)
		title := enumerator.ReplaceAllString(h.Passage.Title, "》")
		d.carriers = append(d.carriers, title, quoted, string(h.Passage.Region))
		d.state(name + title + "：" + quoted)
		d.cite(w, h.Passage.Cites)
		older = older || w.olderThanLead(h.Passage)
	}
	if older {
		d.say(a.words["own-older"])
	}
	if e := w.verdict.beside; e != nil {
		d.offer(e.Question, actEntry+e.ID)
	}
}

// olderThanLead reports whether a text began to hold before what the leading entry rests on.
func (w *work) olderThanLead(own knowledge.Passage) bool {
	for _, l := range w.verdict.leads {
		for _, c := range w.inForce(l.entry.Cites) {
			e, err := w.library.Register.Lookup(c.Doc)
			if err == nil && own.Effective.Before(e.Effective) {
				return true
			}
		}
	}
	return false
}

// firstSentences are as many whole sentences as there is room for, at least one.
func (a *Answerer) firstSentences(text string) string {
	kept, all := "", sentences(strings.ReplaceAll(strings.TrimSpace(text), "\n", ""))
	for i, s := range all {
		if i > 0 && utf8.RuneCountInString(kept+s) > ownRoom {
			return kept + a.words["own-cut"]
		}
		kept += s
	}
	return kept
}
