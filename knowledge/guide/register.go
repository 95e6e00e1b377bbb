package guide

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"rongjun/knowledge"
)

const registerFile = "register.yaml"

// Register knows the enactments that are cited or may be asked about, also those whose full text is
// not imported.
type Register struct {
	enactments []knowledge.Enactment
	// index gives the place in enactments by key and by alias.
	index map[string]int
}

// enactmentRecord is an enactment as register.yaml writes it.
type enactmentRecord struct {
	Key        string           `yaml:"key"`
	Aliases    []string         `yaml:"aliases"`
	Title      string           `yaml:"title"`
	Issuer     string           `yaml:"issuer"`
	Level      knowledge.Level  `yaml:"level"`
	Region     knowledge.Region `yaml:"region"`
	Adopted    string           `yaml:"adopted"`
	Published  string           `yaml:"published"`
	Effective  string           `yaml:"effective"`
	Repealed   string           `yaml:"repealed"`
	Replaces   []string         `yaml:"replaces"`
	ReplacedBy []string         `yaml:"replaced_by"`
	Source     string           `yaml:"source"`
	Note       string           `yaml:"note"`
}

func (r enactmentRecord) enactment() (knowledge.Enactment, error) {
	e := knowledge.Enactment{
		Key: r.Key, Aliases: r.Aliases, Title: r.Title, Issuer: r.Issuer, Level: r.Level,
		Region: r.Region, Replaces: r.Replaces, ReplacedBy: r.ReplacedBy, Source: r.Source,
		Note: r.Note,
	}
	var errs [4]error
	e.Adopted, errs[0] = knowledge.ParseDate(r.Adopted)
	e.Published, errs[1] = knowledge.ParseDate(r.Published)
	e.Effective, errs[2] = knowledge.ParseDate(r.Effective)
	e.Repealed, errs[3] = knowledge.ParseDate(r.Repealed)
	return e, errors.Join(errs[:]...)
}

func readRegister(fsys fs.FS) (Register, error) {
	records, err := readList[enactmentRecord](fsys, registerFile)
	if err != nil {
		return Register{}, err
	}
	r := Register{index: make(map[string]int)}
	var errs []error
	for i, l := range records {
		e, err := l.value.enactment()
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", l.file, l.line, err))
		}
		r.enactments = append(r.enactments, e)
		for _, key := range append([]string{e.Key}, e.Aliases...) {
			if _, taken := r.index[key]; taken || key == "" {
				errs = append(errs, l.fault("key %q is empty or taken", key))
			}
			r.index[key] = i
		}
	}
	for i, l := range records {
		errs = append(errs, r.check(r.enactments[i], l)...)
	}
	return r, errors.Join(errs...)
}

// check holds that an enactment is complete enough to be cited and that both ends of a replacement
// agree: the old text ends on the day on which the new one begins.
func (r Register) check(e knowledge.Enactment, l located[enactmentRecord]) []error {
	var errs []error
	if e.Title == "" || e.Issuer == "" || strings.ContainsAny(e.Title, "《》") {
		errs = append(errs, l.fault("%q needs a title without 《》 and an issuer", e.Key))
	}
	switch e.Level {
	case knowledge.LevelNational, knowledge.LevelProvince, knowledge.LevelCity, knowledge.LevelCounty:
	default:
		errs = append(errs, l.fault("%q has the unknown level %q", e.Key, e.Level))
	}
	if (e.Level == knowledge.LevelNational) != (e.Region == "") {
		errs = append(errs, l.fault("%q: level %s does not fit region %q", e.Key, e.Level, e.Region))
	}
	if len(e.ReplacedBy) > 0 && e.Repealed.IsZero() {
		errs = append(errs, l.fault("%q is replaced but has no day of repeal", e.Key))
	}
	for _, key := range e.ReplacedBy {
		next, err := r.Lookup(key)
		if err != nil || !slices.Contains(next.Replaces, e.Key) || next.Effective != e.Repealed {
			errs = append(errs, l.fault("%q and its successor %q do not agree", e.Key, key))
		}
	}
	for _, key := range e.Replaces {
		before, err := r.Lookup(key)
		if err != nil || !slices.Contains(before.ReplacedBy, e.Key) {
			errs = append(errs, l.fault("%q and its predecessor %q do not agree", e.Key, key))
		}
	}
	return errs
}

// Lookup finds an enactment by its key or an alias; the error is knowledge.ErrNotFound.
func (r Register) Lookup(key string) (knowledge.Enactment, error) {
	i, ok := r.index[key]
	if !ok {
		return knowledge.Enactment{}, fmt.Errorf("enactment %q: %w", key, knowledge.ErrNotFound)
	}
	return r.enactments[i], nil
}

// All returns the enactments, sorted by key.
func (r Register) All() []knowledge.Enactment {
	all := slices.Clone(r.enactments)
	slices.SortFunc(all, func(a, b knowledge.Enactment) int { return cmp.Compare(a.Key, b.Key) })
	return all
}

// Cite writes a citation as people read it: 《退役军人安置条例》第二十二条（2024年9月1日起施行）. A text that
// is no longer in force is marked so. A document that the register does not know is named by its
// key.
func (r Register) Cite(c knowledge.Citation) string {
	e, err := r.Lookup(c.Doc)
	if err != nil {
		return "《" + c.Doc + "》" + knowledge.ArticleName(c.Article)
	}
	// A title within a title stands in 〈〉; the register writes it so.
	return "《" + e.Title + "》" + knowledge.ArticleName(c.Article) + validity(e)
}

func validity(e knowledge.Enactment) string {
	var parts []string
	if !e.Effective.IsZero() {
		parts = append(parts, e.Effective.Chinese()+"起施行")
	}
	if !e.Repealed.IsZero() {
		parts = append(parts, e.Repealed.Chinese()+"起不再施行")
	}
	if len(parts) == 0 {
		return ""
	}
	return "（" + strings.Join(parts, "，") + "）"
}
