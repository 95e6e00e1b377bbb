package answer

import (
	"slices"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// decideDirectory answers from records. Without a place, or without records for it, it asks which
// county is meant; it never makes an address up.
func (a *Answerer) decideDirectory(w *work) (verdict, bool) {
	if w.question.Intent != intentDirectory {
		return verdict{}, false
	}
	v := verdict{decision: bot.DecideDirectory}
	if found, ok := w.topEntry(w.found.whole.Hits); ok && a.evidenceOf(w.found.whole).wellCovered() {
		v.leads = append(v.leads, found)
	}
	switch {
	case w.question.Region == "" && !w.oneRegion():
		v.rule, v.decision, v.words = "no place", bot.DecideAsk, "place-ask"
	case len(w.found.places) == 0 && w.asksForFair():
		v.rule, v.words = "no fair", "fair-none"
	case len(w.found.places) == 0 && w.question.Region == "":
		v.rule, v.decision, v.words = "no place", bot.DecideAsk, "place-ask"
	case len(w.found.places) == 0:
		v.rule, v.words = "not recorded", "place-none"
	default:
		v.rule = "records"
	}
	return v, true
}

// wellCovered is the evidence that lets an entry stand beside what was really asked for.
func (e evidence) wellCovered() bool { return e.coverage >= fullCoverage && e.words >= strongWords }

// asksForFair reports whether job fairs are looked for.
func (w *work) asksForFair() bool {
	return slices.Equal(w.found.query.Kinds, []directory.Kind{directory.JobFair})
}

// oneRegion reports whether all records lie in one city, so that nobody needs to say which.
func (w *work) oneRegion() bool {
	if w.library.Directory == nil {
		return false
	}
	city := ""
	for _, r := range w.library.Directory.Records() {
		names := regionOf(r).Names()
		if len(names) < 2 {
			continue
		}
		if city != "" && city != names[1] {
			return false
		}
		city = names[1]
	}
	return city != ""
}

func regionOf(r directory.Record) knowledge.Region {
	switch r := r.(type) {
	case directory.Place:
		return r.Region
	case directory.Fair:
		return r.Region
	case directory.Offer:
		return r.Region
	}
	return ""
}
