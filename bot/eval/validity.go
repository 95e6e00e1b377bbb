package eval

import (
	"strings"

	"rongjun/knowledge"
)

// day is the day whose law counts for the question.
func (m measure) day(q Question) knowledge.Date {
	if !q.AsOf.IsZero() {
		return q.AsOf
	}
	return knowledge.DateOf(m.At.In(knowledge.China()))
}

func (m measure) lookup(c knowledge.Citation) (knowledge.Enactment, bool) {
	if m.Register == nil {
		return knowledge.Enactment{}, false
	}
	e, err := m.Register.Lookup(c.Doc)
	return e, err == nil
}

// outOfForce reports whether the register says that the cited text is not in force on the day.
func (m measure) outOfForce(c knowledge.Citation, on knowledge.Date) bool {
	e, ok := m.lookup(c)
	return ok && !e.InForce(on)
}

// elsewhere reports whether the cited text is another region's than that of the contact, and the
// contact did not speak of that region either. A city named without its province is not recognised,
// so that this counts too much rather than too little.
func (m measure) elsewhere(c knowledge.Citation, q Question) bool {
	e, ok := m.lookup(c)
	if !ok || e.Region.Covers(q.Region) {
		return false
	}
	words := strings.Join(said(q), "\n")
	for _, name := range e.Region.Names() {
		if strings.Contains(words, shortName(name)) {
			return false
		}
	}
	return true
}

// shortName is a region's name as people say it: 浙江 for 浙江省.
func shortName(name string) string {
	for _, ending := range []string{"省", "市", "区", "县"} {
		if short := strings.TrimSuffix(name, ending); len([]rune(short)) > 1 {
			name = short
		}
	}
	return name
}
