package guide

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"rongjun/knowledge"
)

// entryRecord is an entry as the files of the folder entries write it. Citations and days are read
// as plain text: the YAML library takes longer for a value that unmarshals itself than for all the
// rest.
type entryRecord struct {
	ID        string           `yaml:"id"`
	Topic     string           `yaml:"topic"`
	Question  string           `yaml:"question"`
	Phrasings []string         `yaml:"phrasings"`
	Short     string           `yaml:"short"`
	Details   string           `yaml:"details"`
	Who       string           `yaml:"who"`
	HowMuch   string           `yaml:"how_much"`
	Bring     []string         `yaml:"bring"`
	Where     string           `yaml:"where"`
	When      string           `yaml:"when"`
	Appeal    string           `yaml:"appeal"`
	Limits    string           `yaml:"limits"`
	Cites     []string         `yaml:"cites"`
	Related   []string         `yaml:"related"`
	Region    knowledge.Region `yaml:"region"`
	Review    string           `yaml:"review"`
}

func (r entryRecord) entry() (knowledge.Entry, error) {
	e := knowledge.Entry{
		ID: r.ID, Topic: r.Topic, Question: r.Question, Phrasings: r.Phrasings, Bring: r.Bring,
		Short: strings.TrimSpace(r.Short), Details: strings.TrimSpace(r.Details),
		Who: strings.TrimSpace(r.Who), HowMuch: strings.TrimSpace(r.HowMuch),
		Where: strings.TrimSpace(r.Where), When: strings.TrimSpace(r.When),
		Appeal: strings.TrimSpace(r.Appeal), Limits: strings.TrimSpace(r.Limits),
		Related: r.Related, Region: r.Region,
	}
	var errs []error
	for _, written := range r.Cites {
		c, err := knowledge.ParseCitation(written)
		errs = append(errs, err)
		e.Cites = append(e.Cites, c)
	}
	review, err := knowledge.ParseDate(r.Review)
	e.Review = review
	return e, errors.Join(append(errs, err)...)
}

func readEntries(fsys fs.FS) ([]located[knowledge.Entry], error) {
	files, err := fs.Glob(fsys, "entries/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
	}
	// Reading them takes most of a start, so all processors do it.
	lists, faults := make([][]located[entryRecord], len(files)), make([]error, len(files))
	var reading sync.WaitGroup
	for i, file := range files {
		reading.Go(func() { lists[i], faults[i] = readList[entryRecord](fsys, file) })
	}
	reading.Wait()
	var entries []located[knowledge.Entry]
	var errs []error
	for i, records := range lists {
		if faults[i] != nil {
			errs = append(errs, faults[i])
		}
		for _, r := range records {
			e, err := r.value.entry()
			if err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", r.file, r.line, err))
			}
			entries = append(entries, located[knowledge.Entry]{e, r.file, r.line})
		}
	}
	return entries, errors.Join(errs...)
}

// check holds what one entry alone cannot know: unique IDs, citations that the register knows and
// that are still the law, related entries that exist.
func check(entries []located[knowledge.Entry], register Register) error {
	var errs []error
	first := make(map[string]located[knowledge.Entry], len(entries))
	for _, l := range entries {
		if before, ok := first[l.value.ID]; ok {
			errs = append(errs, l.fault("id %q is taken at %s:%d", l.value.ID, before.file, before.line))
			continue
		}
		first[l.value.ID] = l
	}
	for _, l := range entries {
		if err := l.value.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", l.file, l.line, err))
		}
		errs = append(errs, checkCites(l, register)...)
		for i, id := range l.value.Related {
			if _, ok := first[id]; !ok || id == l.value.ID || slices.Contains(l.value.Related[:i], id) {
				errs = append(errs, l.fault("entry %q: related %q is unknown, itself or named twice",
					l.value.ID, id))
			}
		}
	}
	return errors.Join(errs...)
}

func checkCites(l located[knowledge.Entry], register Register) []error {
	var errs []error
	for _, c := range l.value.Cites {
		e, err := register.Lookup(c.Doc)
		switch {
		case err != nil:
			errs = append(errs, l.fault("entry %q cites %s, which is not in the register", l.value.ID, c))
		case e.Key != c.Doc:
			errs = append(errs, l.fault("entry %q cites %s by an alias, want %s", l.value.ID, c, e.Key))
		case !e.Repealed.IsZero() || len(e.ReplacedBy) > 0:
			errs = append(errs, l.fault("entry %q cites %s, which is repealed", l.value.ID, c))
		}
	}
	return errs
}
