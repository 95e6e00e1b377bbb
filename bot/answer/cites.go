package answer

import (
	"slices"

	"rongjun/knowledge"
)

// bearing is the share of an entry's answer, in percent, from which a citation after the first is
// shown: the fewer sources stand under a reply, the likelier one of them is looked up.
const bearing = 25

// citesFor are the citations to show under what was said of an entry: the most important, those that
// carry much of it, and those that alone carry a figure that was said. Where it is not known what
// they carry, all are.
func (w *work) citesFor(e knowledge.Entry, said string) []knowledge.Citation {
	var supports []knowledge.Support
	if w.library.Supports != nil {
		supports = w.library.Supports(e)
	}
	if supports == nil {
		return e.Cites
	}
	wanted := make(map[string]bool)
	for _, f := range w.figures.All(said) {
		wanted[f.Value] = true
	}
	var kept []knowledge.Citation
	for i, c := range e.Cites {
		carries := slices.ContainsFunc(supports[i].Figures, func(f string) bool { return wanted[f] })
		if len(w.inForce(e.Cites[i:i+1])) == 0 || len(kept) > 0 && supports[i].Share < bearing && !carries {
			continue
		}
		kept = append(kept, c)
		for _, f := range supports[i].Figures {
			delete(wanted, f)
		}
	}
	return kept
}
