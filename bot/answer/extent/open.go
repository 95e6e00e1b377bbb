package extent

import (
	_ "embed"
	"fmt"
	"strings"

	"rongjun/knowledge"
)

//go:embed open.txt
var openFile string

// Weights of a phrasing in the share of an entry that is left open.
const (
	left  = 1.0
	doubt = 0.5
)

// usual is the share of all phrasings that is left open. It counts for so many phrasings in the share
// of each entry, so that a few phrasings alone do not decide.
const (
	usual       = 0.14
	usualWeight = 2
)

// phrasings are those left open, wholly or in doubt, by entry.
type phrasings map[string]map[string]float64

// readOpen reads "== entry" and below it a phrasing a line, one in doubt with "~" before it.
func readOpen(file string) (phrasings, error) {
	all := make(phrasings)
	entry := ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		id, begins := strings.CutPrefix(line, "== ")
		said, doubted := strings.CutPrefix(line, "~")
		switch {
		case line == "" || line[0] == '#':
		case begins:
			entry = id
			all[entry] = make(map[string]float64)
		case entry == "":
			return nil, fmt.Errorf("read phrasings left open: %q stands under no entry", line)
		case doubted:
			all[entry][said] = doubt
		default:
			all[entry][said] = left
		}
	}
	return all, nil
}

// share is how much of what people ask of an entry is left open, from 0 to 1; the usual of an entry
// that nobody has looked at.
func (p phrasings) share(e knowledge.Entry) float64 {
	if _, looked := p[e.ID]; !looked {
		return usual
	}
	sum := usual * usualWeight
	for _, said := range e.Phrasings {
		sum += p[e.ID][said]
	}
	return sum / float64(len(e.Phrasings)+usualWeight)
}
