package guide

import (
	"embed"
	"io/fs"
	"slices"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

//go:embed entries/*.yaml register.yaml sample/*.yaml
var shipped embed.FS

// Guide is the shipped content.
type Guide struct {
	// Entries are sorted by ID.
	Entries  []knowledge.Entry
	Register Register

	sample   sampleCity
	supports map[string]supportLine
}

// Load reads the content that is built into the program.
func Load() (*Guide, error) { return LoadFS(shipped) }

// LoadFS reads a guide from a folder of the same layout: entries/*.yaml, register.yaml and
// sample/*.yaml. All faults of a kind are returned at once; each wraps knowledge.ErrInvalid.
func LoadFS(fsys fs.FS) (*Guide, error) {
	register, err := readRegister(fsys)
	if err != nil {
		return nil, err
	}
	located, err := readEntries(fsys)
	if err != nil {
		return nil, err
	}
	if err := check(located, register); err != nil {
		return nil, err
	}
	sample, err := readSample(fsys)
	if err != nil {
		return nil, err
	}
	supports, err := readSupports(supportsFile)
	if err != nil {
		return nil, err
	}
	g := &Guide{Register: register, sample: sample, supports: supports}
	for _, l := range located {
		g.Entries = append(g.Entries, l.value)
	}
	slices.SortFunc(g.Entries, func(a, b knowledge.Entry) int { return strings.Compare(a.ID, b.ID) })
	return g, nil
}

// Entry finds an entry by its ID.
func (g *Guide) Entry(id string) (knowledge.Entry, bool) {
	i, ok := slices.BinarySearchFunc(g.Entries, id, func(e knowledge.Entry, id string) int {
		return strings.Compare(e.ID, id)
	})
	if !ok {
		return knowledge.Entry{}, false
	}
	return g.Entries[i], true
}

// Sample is the directory of the city that does not exist, its fairs set on days around today. It
// takes a millisecond at most; make it anew when the day changes.
func (g *Guide) Sample(today knowledge.Date) *directory.Directory {
	return directory.New(g.sample.records(today))
}
