package directory

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"rongjun/knowledge"
)

// Directory is a set of records; it does not change.
type Directory struct {
	records []Record
	// known are the facets of each record, regions those of all records and all above them, sorted.
	known   []facets
	regions []knowledge.Region
}

// New makes a directory of the records.
func New(records []Record) *Directory {
	d := &Directory{records: slices.Clone(records)}
	for _, r := range records {
		d.known = append(d.known, r.facets())
	}
	d.regions = regionsOf(d.known)
	return d
}

// Records returns all records in their given order.
func (d *Directory) Records() []Record { return slices.Clone(d.records) }

// Query says what is looked for. A zero field does not narrow.
type Query struct {
	// Region is where the person is or asks about; records of it, within it and above it are found.
	Region knowledge.Region
	// Elsewhere is a county that was named and that no record lies in. It is not looked for by Find: only
	// who asks knows whether it is where the person is.
	Elsewhere string
	Kinds     []Kind
	// Need is the matter in a few words, 优待证.
	Need string
	// Said are the words asked with. Where they name a record, 北山街道的服务站, no other is found.
	Said string
	// Today hides what is over; From and To bound the day of a fair or offer.
	Today    knowledge.Date
	From, To knowledge.Date
	// At is where the person is; the zero Point means not known.
	At Point
	// Within is the most kilometres that a record may be away from At; 0 means any. A record whose
	// distance is not known is then not found.
	Within float64
	// Limit is the most hits returned; 0 means all.
	Limit int
}

// Hit is a record found, and why.
type Hit struct {
	Record Record
	// Reasons say in plain Chinese what of the query the record meets.
	Reasons []string
	// Kilometres is the distance from Query.At, negative where it is not known.
	Kilometres float64

	facets facets
	need   bool
	named  bool
	// shared counts the names that the region has in common with the one asked for, below those that
	// it has beyond them; kind is the place of the record's kind in the query.
	shared, below, kind int
}

// Find returns the records that fit, the best first. The same query always gives the same order:
// those that handle the matter, then the nearest, then the closest region, then the kind named
// first, then the region least below the one asked for, then the earliest day, the lowest level,
// the ID.
func (d *Directory) Find(q Query) []Hit {
	var hits []Hit
	for i, r := range d.records {
		if h, ok := q.meets(r, d.known[i]); ok {
			hits = append(hits, h)
		}
	}
	if slices.ContainsFunc(hits, func(h Hit) bool { return h.named }) {
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return !h.named })
	}
	if q.Need != "" && len(q.Kinds) == 0 {
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return !h.need })
	}
	slices.SortStableFunc(hits, compare)
	if q.Limit > 0 && len(hits) > q.Limit {
		hits = hits[:q.Limit]
	}
	return hits
}

func (q Query) meets(r Record, f facets) (Hit, bool) {
	h := Hit{Record: r, facets: f, Kilometres: -1}
	h.kind = slices.Index(q.Kinds, f.kind)
	if q.At != (Point{}) && f.at != (Point{}) {
		h.Kilometres = kilometres(q.At, f.at)
	}
	if q.Within > 0 && (h.Kilometres < 0 || h.Kilometres > q.Within) {
		return h, false
	}
	if len(q.Kinds) > 0 && h.kind < 0 {
		return h, false
	}
	if !f.region.Covers(q.Region) && !q.Region.Covers(f.region) || !q.inTime(f) {
		return h, false
	}
	h.named = f.named(q.Said)
	if q.Region != "" {
		h.shared = sharedNames(q.Region, f.region)
		h.below = len(f.region.Names()) - h.shared
		h.Reasons = append(h.Reasons, "在"+plainRegion(f.region))
	}
	if matter, ok := handles(f, q.Need); ok {
		h.need = true
		h.Reasons = append(h.Reasons, "可办"+matter)
	}
	if h.Kilometres >= 0 {
		h.Reasons = append(h.Reasons, "离您"+h.Distance())
	}
	if f.kind == JobFair {
		h.Reasons = append(h.Reasons, f.from.Chinese()+"（"+weekdayName(f.from)+"）")
	}
	return h, true
}

// inTime keeps what is not bound to days, and what falls into the span asked for. What is over is
// found only if the span itself lies in the past.
func (q Query) inTime(f facets) bool {
	if !q.From.IsZero() && !f.to.IsZero() && f.to.Before(q.From) {
		return false
	}
	if !q.To.IsZero() && !f.from.IsZero() && q.To.Before(f.from) {
		return false
	}
	askedPast := !q.To.IsZero() && q.To.Before(q.Today)
	return f.to.IsZero() || q.Today.IsZero() || askedPast || !f.to.Before(q.Today)
}

// handles finds the matter of the record that the need names, whichever of the two says more.
func handles(f facets, need string) (string, bool) {
	if need == "" {
		return "", false
	}
	for _, matter := range f.matters {
		if strings.Contains(need, matter) || strings.Contains(matter, need) {
			return matter, true
		}
	}
	return "", false
}

func sharedNames(a, b knowledge.Region) int {
	n := 0
	x, y := a.Names(), b.Names()
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}

func compare(a, b Hit) int {
	if a.need != b.need {
		return before(a.need)
	}
	if known := a.Kilometres >= 0; known != (b.Kilometres >= 0) {
		return before(known)
	}
	return cmp.Or(
		cmp.Compare(a.Kilometres, b.Kilometres),
		-cmp.Compare(a.shared, b.shared),
		cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.below, b.below),
		a.facets.from.Time().Compare(b.facets.from.Time()),
		cmp.Compare(levelRank(a.facets.level), levelRank(b.facets.level)),
		cmp.Compare(a.Record.Ref(), b.Record.Ref()),
	)
}

func before(yes bool) int {
	if yes {
		return -1
	}
	return 1
}

// levelRank puts the level nearest to people first; places without a level come last.
func levelRank(l Level) int {
	switch l {
	case LevelVillage:
		return 0
	case LevelTownship:
		return 1
	case LevelCounty:
		return 2
	case LevelProvinceCity:
		return 3
	}
	return 4
}

// kilometres is the distance along the earth's surface.
func kilometres(a, b Point) float64 {
	const radius = 6371
	rad := math.Pi / 180
	dLat, dLon := (b.Lat-a.Lat)*rad, (b.Lon-a.Lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) +
		math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Distance is the distance in words, 约3.2公里; empty where it is not known.
func (h Hit) Distance() string {
	switch {
	case h.Kilometres < 0:
		return ""
	case h.Kilometres < 1:
		return fmt.Sprintf("约%d米", int(math.Round(h.Kilometres*100))*10)
	}
	return fmt.Sprintf("约%.1f公里", h.Kilometres)
}

// HasPositions reports whether any record of these kinds, or of any if there are none, says where on the
// map it lies.
func (d *Directory) HasPositions(kinds []Kind) bool {
	return slices.ContainsFunc(d.known, func(f facets) bool {
		return f.at != Point{} && (len(kinds) == 0 || slices.Contains(kinds, f.kind))
	})
}
