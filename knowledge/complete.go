package knowledge

import "slices"

// completed is the document with what the register knows of it. The register is kept by people, so
// it overrules what was read from the text; what was stated with the file overrules the register.
func (d Document) completed(e Enactment) Document {
	text := func(field string, to *string, value string) {
		if value != "" && !d.given(field) {
			*to = value
			d.settled(field)
		}
	}
	day := func(field string, to *Date, value Date) {
		if !value.IsZero() && !d.given(field) {
			*to = value
			d.settled(field)
		}
	}
	text("title", &d.Title, e.Title)
	text("issuer", &d.Issuer, e.Issuer)
	text("source", &d.Source, e.Source)
	text("note", &d.Note, e.Note)
	if e.Level != "" && !d.given("region") {
		// A region belongs to its level: national texts have the empty one.
		d.Level, d.Region = e.Level, e.Region
		d.settled("level")
		d.settled("region")
	}
	day("adopted", &d.Adopted, e.Adopted)
	day("published", &d.Published, e.Published)
	day("effective", &d.Effective, e.Effective)
	day("repealed", &d.Repealed, e.Repealed)
	for _, key := range e.Replaces {
		d.Replaces = withKey(d.Replaces, key)
	}
	for _, key := range e.ReplacedBy {
		d.ReplacedBy = withKey(d.ReplacedBy, key)
	}
	for _, key := range append([]string{e.Key}, e.Aliases...) {
		if key != d.Key {
			d.Aliases = withKey(slices.Clone(d.Aliases), key)
		}
	}
	return d
}

// settled takes away the doubts about a field.
func (d *Document) settled(field string) {
	var left []Doubt
	for _, doubt := range d.Unsure {
		if doubt.Field != field {
			left = append(left, doubt)
		}
	}
	d.Unsure = left
}
