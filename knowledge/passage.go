package knowledge

import "strings"

// Passage is the entry in the form that is indexed. Whether its citations are in force is the
// register's to say: the passage itself is bound to no dates.
func (e Entry) Passage() Passage {
	parts := []string{
		e.Short, e.Details, e.Who, e.HowMuch, strings.Join(e.Bring, "、"),
		e.Where, e.When, e.Appeal, e.Limits,
	}
	var text []string
	for _, part := range parts {
		if part != "" {
			text = append(text, part)
		}
	}
	return Passage{
		ID:        "entry:" + e.ID,
		Entry:     e.ID,
		Title:     e.Question,
		Text:      strings.Join(text, "\n"),
		Phrasings: e.Phrasings,
		Cites:     e.Cites,
		Region:    e.Region,
	}
}
