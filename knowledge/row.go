package knowledge

// Row is one row of a directory (名录): a place, a post at a job fair, an offer.
type Row struct {
	// Sheet and Number say where the row stands in its file, as people count rows; Sheet is empty in a
	// file without sheets.
	Sheet  string `json:",omitempty"`
	Number int
	// Cells are the values by the headings of their columns; empty ones are left out.
	Cells map[string]string
}

// IsDirectory reports whether the document lists places, fairs and offers instead of being a text: it
// has no clauses, is never cited, and holds until it is withdrawn.
func (d Document) IsDirectory() bool { return len(d.Rows) > 0 }
