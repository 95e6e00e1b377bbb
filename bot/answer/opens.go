package answer

import (
	"strings"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// showPlace shows the first record that says where it lies on the map: to go there is one tap.
func (d *draft) showPlace(r directory.Record) {
	spot, ok := directory.SpotOf(r)
	if !ok || len(d.items) > 0 {
		return
	}
	d.items = append(d.items, bot.Item{Place: &bot.Location{
		Latitude: spot.At.Lat, Longitude: spot.At.Lon, Name: spot.Name, Address: spot.Address,
	}})
}

// mostPages is how many official pages are shown at once.
const mostPages = 2

// pagesOf are the official pages of the enactments that an entry rests on, the most important first.
func (w *work) pagesOf(e knowledge.Entry) []bot.Item {
	var items []bot.Item
	seen := map[string]bool{}
	for _, c := range w.inForce(e.Cites) {
		source, _ := w.source(c)
		enactment, err := w.library.Register.Lookup(c.Doc)
		if err != nil || enactment.Source == "" || seen[c.Doc] || len(items) == mostPages {
			continue
		}
		seen[c.Doc] = true
		items = append(items, bot.Item{Page: &bot.WebPage{
			Title: source.Title, Note: noteOf(source), URL: enactment.Source,
		}})
	}
	return items
}

// noteOf says below a title which article to look for, and since when the text is in force.
func noteOf(s bot.Source) string {
	return strings.TrimSpace(s.Article + " " + s.InForce)
}

// offerPages offers what an answer can be looked up in, and what can be done right away in the city's own
// mini-program.
func (a *Answerer) offerPages(w *work, d *draft) {
	for _, l := range w.verdict.leads {
		if len(w.pagesOf(l.entry)) > 0 {
			d.offer(a.words["choice-source"], actSource+l.entry.ID)
			break
		}
	}
	if a.Mini == nil {
		return
	}
	for _, l := range w.verdict.leads {
		if l.asks.Procedure || l.entry.Where != "" {
			d.offer(a.words.say("choice-mini", "title", a.Mini.Title), actMini)
			return
		}
	}
}

// composePages shows the official pages of the entry whose sources were asked for.
func (a *Answerer) composePages(w *work, d *draft) {
	d.say(a.words[w.verdict.words])
	for _, l := range w.verdict.leads {
		d.items = append(d.items, w.pagesOf(l.entry)...)
		d.cite(w, l.entry.Cites)
		d.offer(l.entry.Question, actEntry+l.entry.ID)
	}
}

// composeMini shows the city's own mini-program.
func (a *Answerer) composeMini(w *work, d *draft) {
	d.say(a.words[w.verdict.words])
	d.items = append(d.items, bot.Item{Mini: a.Mini})
}

// decideOpened carries out a tap on what is to be opened.
func (a *Answerer) decideOpened(w *work) (verdict, bool) {
	act := w.question.Act
	if act == actMini && a.Mini != nil {
		return verdict{rule: act, decision: bot.DecideAnswer, words: "mini"}, true
	}
	id, isSource := strings.CutPrefix(act, actSource)
	entry, known := w.library.Entry(id)
	if !isSource || !known || len(w.pagesOf(entry)) == 0 {
		return verdict{}, false
	}
	return verdict{
		rule: act, decision: bot.DecideAnswer, words: "source-pages", leads: []lead{{entry: entry}},
	}, true
}
