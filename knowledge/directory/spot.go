package directory

import "strings"

// Spot is where a record lies on the map, under the name that people look for there.
type Spot struct {
	// Name is marked when it is a sample's, as Record.Text is.
	Name, Address string
	// At is in the datum of the platforms' maps, GCJ-02 in the mainland.
	At Point
}

// SpotOf is where a record lies, if it says so.
func SpotOf(r Record) (Spot, bool) {
	var s Spot
	switch r := r.(type) {
	case Place:
		s = Spot{r.Name, r.Address, r.At}
	case Fair:
		s = Spot{r.Name, strings.TrimSpace(r.Venue + " " + r.Address), r.At}
	case Offer:
		s = Spot{r.Merchant, r.Address, r.At}
	}
	if r.origin().Sample {
		s.Name = sampleMark + s.Name
	}
	return s, s.At != Point{}
}
