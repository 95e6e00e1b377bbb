package answer

import (
	"context"
	"strconv"
	"strings"
	"time"

	"rongjun/bot"
	"rongjun/knowledge"
)

// late is the age of a message from which the reply says sorry.
const late = time.Hour

// compose writes the reply. Where entries answer and a model is set, the model writes that part;
// its text is checked, and on any fault the offline text stands.
func (a *Answerer) compose(ctx context.Context, w *work) draft {
	d := a.composeOffline(w)
	if a.Model != nil && w.modelMayWrite() {
		written, err := a.write(ctx, w, d)
		if err == nil {
			w.trace.Composer = a.Model.Name()
			return written
		}
		w.trace.Fault = err.Error()
	}
	return d
}

// composeOffline writes the reply from entries, records and fixed words.
func (a *Answerer) composeOffline(w *work) draft {
	var d draft
	v := w.verdict
	switch {
	case v.words == "" && len(v.leads) == 0 && len(v.own) == 0 && v.decision != bot.DecideDirectory:
		return d // said nothing on purpose: the contact waits for a person
	case v.decision == bot.DecideCrisis:
		d.say(a.words[v.words])
		return d
	}
	a.open(w, &d)
	switch {
	case v.decision == bot.DecideDirectory || v.words == "place-ask":
		a.composeDirectory(w, &d)
	case v.decision == bot.DecideHandover:
		a.composeHandover(w, &d)
	case v.words == "source-pages":
		a.composePages(w, &d)
	case v.words == "mini":
		a.composeMini(w, &d)
	case v.words != "":
		a.composeFixed(w, &d)
	default:
		a.composeEntries(w, &d)
		a.composeOwn(w, &d)
	}
	if v.decision != bot.DecideHandover {
		d.offer(a.words["choice-person"], actHandover)
	}
	return d
}

// open says what comes before the answer: who speaks, sorry, a word of comfort.
func (a *Answerer) open(w *work, d *draft) {
	if !w.turn.Conversation.Introduced && w.verdict.words != "about" {
		d.say(a.words["introduction"])
	}
	if words := heard(w.turn); words != "" {
		d.say(a.words.say("voice-heard", "heard", words))
	}
	if age(w.turn) > late && w.verdict.words != "too-old" {
		d.say(a.words["late"])
	}
	switch w.verdict.decision {
	case bot.DecideAnswer, bot.DecidePartial, bot.DecideHandover, bot.DecideNone:
		if w.question.Mood != "" {
			d.say(a.words[w.question.Mood])
		}
	}
}

func (a *Answerer) composeFixed(w *work, d *draft) {
	d.say(a.words[w.verdict.words])
	for _, l := range w.verdict.leads {
		d.offer(l.entry.Question, actEntry+l.entry.ID)
	}
}

// composeHandover is the receipt for those who now wait, with what is true about the wait.
func (a *Answerer) composeHandover(w *work, d *draft) {
	d.say(a.words.say(w.verdict.words, "wait", a.waiting(w.turn.Queue)))
	if w.verdict.words == "own-file" {
		for _, l := range w.verdict.leads {
			if l.entry.Where != "" && a.best(w).strong() {
				d.state(a.words.say("own-file-office", "where", l.entry.Where))
				d.carriers = append(d.carriers, l.entry.Where)
				d.cite(w, w.citesFor(l.entry, l.entry.Where))
			}
		}
	}
	d.offer(a.words["choice-cancel"], actCancel)
}

func (a *Answerer) waiting(q bot.Queue) string {
	ahead := strconv.Itoa(q.Ahead)
	switch {
	case q.OnDuty > 0 && q.Ahead == 0:
		return a.words["wait-first"]
	case q.OnDuty > 0:
		return a.words.say("wait-behind", "ahead", ahead)
	case q.Receiving > 0:
		return a.words["wait-pool"]
	case q.Ahead == 0:
		return a.words["wait-nobody"]
	}
	return a.words.say("wait-nobody-behind", "ahead", ahead)
}

// sayChanges says, of what the answer rests on, what began or ended to hold within the year asked about,
// where no month was said: the very thing asked may lie on the other side of that day.
func (a *Answerer) sayChanges(w *work, d *draft) {
	then := w.question.Then
	if !w.question.Past || !then.onlyYear {
		return
	}
	var cites []knowledge.Citation
	for _, l := range w.verdict.leads {
		cites = append(cites, w.inForce(l.entry.Cites)...)
	}
	for _, h := range w.verdict.own {
		cites = append(cites, h.Passage.Cites...)
	}
	within := func(day knowledge.Date) bool {
		return day.Year == then.day.Year && (day.Month != time.January || day.Day != 1)
	}
	seen := map[string]bool{}
	for _, c := range cites {
		e, err := w.library.Register.Lookup(c.Doc)
		if err != nil || seen[e.Key] {
			continue
		}
		seen[e.Key] = true
		if within(e.Effective) {
			d.say(a.words.say("past-began", "title", e.Title, "day", e.Effective.Chinese()))
		}
		if within(e.Repealed) {
			d.say(a.words.say("past-ended", "title", e.Title, "day", e.Repealed.Chinese()))
		}
	}
}

// composeEntries writes the answer from the entries that lead. Where there are two, or another might
// be meant, each says first which question it answers, so that nobody takes it for the answer to
// another one.
func (a *Answerer) composeEntries(w *work, d *draft) {
	q, v := w.question, w.verdict
	if q.Past || w.found.missingPast {
		year := strconv.Itoa(q.Then.day.Year)
		name := "past"
		if w.found.missingPast {
			name = "past-missing"
		}
		d.say(a.words.say(name, "year", year))
		a.sayChanges(w, d)
	}
	room := mostText
	if len(v.own) > 0 {
		room -= ownRoom
	}
	whole := room
	for i, l := range v.leads {
		from := len(d.lines)
		if len(v.leads) > 1 || l.rival != nil {
			d.state(w.heading(l.entry))
		}
		if len(v.leads) > 1 {
			room = whole * (i + 1) / len(v.leads)
		}
		a.composeEntry(l, d, room)
		d.carriers = append(d.carriers, l.entry.Question, l.entry.Passage().Text)
		d.cite(w, w.citesFor(l.entry, d.textFrom(from)))
	}
	for _, l := range v.leads {
		a.offerRelated(w, l, d)
	}
	a.offerPages(w, d)
}

// heading is an entry's question above its answer; empty where it names a figure that the answer does
// not, for a question may be asked with a figure that no article has.
func (w *work) heading(e knowledge.Entry) string {
	if len(w.figures.Missing(e.Question, e.Short, e.Details, e.HowMuch, e.Who, e.Limits)) > 0 {
		return ""
	}
	return "【" + e.Question + "】"
}

// composeEntry writes one entry: the answer itself, what was asked for, what is left to others,
// then what else fits.
func (a *Answerer) composeEntry(l lead, d *draft, room int) {
	e := l.entry
	fields := map[string]string{
		"": e.Details, "label-how-much": e.HowMuch, "label-who": e.Who, "label-where": e.Where,
		"label-bring": strings.Join(e.Bring, "、"), "label-when": e.When,
		"label-appeal": e.Appeal, "label-limits": e.Limits,
	}
	d.state(e.Short)
	for _, label := range l.order() {
		d.fit(a.words[label], fields[label], room)
		delete(fields, label)
	}
}

// order gives the labels of an entry's fields, what was asked for first. A label may come twice.
func (l lead) order() []string {
	var order []string
	if l.open {
		order = append(order, "label-limits")
	}
	if l.asks.Amount || l.asks.Charge {
		order = append(order, "label-how-much", "label-limits")
	}
	if l.asks.Procedure {
		order = append(order, "label-where", "label-bring", "label-when")
	}
	if l.asks.Deadline {
		order = append(order, "label-when")
	}
	if l.asks.Local {
		order = append(order, "label-limits")
	}
	return append(order, "", "label-limits", "label-how-much", "label-who", "label-when",
		"label-where", "label-bring", "label-appeal")
}

// mostRelated is how many next questions are offered.
const mostRelated = 2

// offerRelated offers what else may have been meant and the natural next questions.
func (a *Answerer) offerRelated(w *work, l lead, d *draft) {
	offered := 0
	if l.rival != nil && !w.leads(l.rival.ID) {
		d.offer(l.rival.Question, actEntry+l.rival.ID)
		offered++
	}
	for _, id := range l.entry.Related {
		related, ok := w.library.Entry(id)
		if !ok || offered == mostRelated || len(d.choices) == mostRelated || w.leads(id) {
			continue
		}
		d.offer(related.Question, actEntry+id)
		offered++
	}
}

func (w *work) leads(id string) bool {
	for _, l := range w.verdict.leads {
		if l.entry.ID == id {
			return true
		}
	}
	return false
}
