package answer

import (
	"slices"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// nearKinds are the places that somebody who only sends where they are is shown.
var nearKinds = []directory.Kind{directory.Centre, directory.Station, directory.Window}

// farAway is how many kilometres away a place may be and still be called near.
const farAway = 60

// lookNear makes a query one about the place on the map that the contact sent: records of kinds that
// have positions are found by distance, the others by the county that the place's address names. What kind
// of place is wanted may stand in an earlier line. It reports whether it is known where to look.
func (a *Answerer) lookNear(w *work, q *directory.Query) bool {
	d, at := w.library.Directory, w.question.At
	if len(q.Kinds) == 0 && q.Need == "" && len(w.question.Earlier) > 0 {
		earlier := w.question.Earlier[len(w.question.Earlier)-1]
		before, _ := d.Understand(a.Normaliser.Fold(earlier), w.today)
		q.Kinds, q.Need = before.Kinds, before.Need
	}
	if len(q.Kinds) == 0 && q.Need == "" {
		q.Kinds = slices.Clone(nearKinds)
	}
	if d.HasPositions(q.Kinds) {
		q.At, q.Region, q.Within = directory.Point{Lat: at.Latitude, Lon: at.Longitude}, "", farAway
		return true
	}
	q.Region = a.regionAt(d, at)
	w.question.Region = q.Region
	return q.Region != ""
}

// regionAt reads the region out of a place's own names.
func (a *Answerer) regionAt(d *directory.Directory, at *bot.Location) knowledge.Region {
	for _, text := range []string{at.Address, at.Name} {
		if region := a.regionNamed(d, text); region != "" {
			return region
		}
	}
	return ""
}

// regionNamed finds the narrowest region that a text names, by the records' own or by the list of
// provinces and cities.
func (a *Answerer) regionNamed(d *directory.Directory, text string) knowledge.Region {
	folded := a.Normaliser.Fold(text)
	if d != nil {
		if q, _ := d.Understand(folded, knowledge.Date{}); q.Region != "" {
			return q.Region
		}
	}
	region, _ := a.reader.places.find(folded)
	return region
}

// decideNear answers somebody who sent where they are, from records only.
func (a *Answerer) decideNear(w *work) (verdict, bool) {
	if w.question.Intent != intentDirectory || w.question.At == nil || w.library.Directory == nil {
		return verdict{}, false
	}
	v := verdict{rule: "records", decision: bot.DecideDirectory}
	switch {
	case len(w.found.places) > 0:
	case w.found.query.At == (directory.Point{}) && w.found.query.Region == "":
		v.rule, v.decision, v.words = "no place", bot.DecideAsk, "near-unknown"
	default:
		v.rule, v.words = "not recorded", "near-none"
	}
	return v, true
}
