package index

import "rongjun/knowledge"

// Reason says why a passage that bears on the question may not be cited.
type Reason string

// The reasons for which a passage is taken out of a search.
const (
	NotYetInForce   Reason = "not yet in force"
	NoLongerInForce Reason = "no longer in force"
	OtherRegion     Reason = "other region"
)

// Filtered is a passage that would have been among the best by its words.
type Filtered struct {
	PassageID string
	Reason    Reason
	Words     float64
}

// span is the validity of a passage as numbers that compare fast; regions are numbered too.
type span struct {
	from, until int32
	region      int32
}

// validity holds the span of each passage.
type validity struct {
	spans   []span
	regions []knowledge.Region
}

// endless is later than every day.
const endless = 1 << 30

func dayNumber(d knowledge.Date) int32 {
	return int32(d.Year*10000 + int(d.Month)*100 + d.Day)
}

func newValidity(passages []knowledge.Passage) validity {
	v := validity{spans: make([]span, len(passages))}
	numbers := make(map[knowledge.Region]int32)
	for i, p := range passages {
		number, known := numbers[p.Region]
		if !known {
			number = int32(len(v.regions))
			numbers[p.Region] = number
			v.regions = append(v.regions, p.Region)
		}
		v.spans[i] = span{from: dayNumber(p.Effective), until: endless, region: number}
		if !p.Repealed.IsZero() {
			v.spans[i].until = dayNumber(p.Repealed)
		}
	}
	return v
}

// on gives, for a day and a region, the reason against each passage, empty where there is none.
func (v validity) on(day knowledge.Date, region knowledge.Region) func(passage int) Reason {
	covered := make([]bool, len(v.regions))
	for i, r := range v.regions {
		covered[i] = r.Covers(region)
	}
	today := dayNumber(day)
	return func(passage int) Reason {
		switch s := v.spans[passage]; {
		case today < s.from:
			return NotYetInForce
		case today >= s.until:
			return NoLongerInForce
		case !covered[s.region]:
			return OtherRegion
		default:
			return ""
		}
	}
}
