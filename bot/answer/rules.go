package answer

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed rules/*.txt
var ruleFiles embed.FS

// rule recognises one thing in folded text.
type rule struct {
	patterns   []pattern
	exceptions []pattern
}

// rules are all rules by name.
type rules map[string]rule

// loadRules reads every file of the folder; a name that comes twice is an error.
func loadRules() (rules, error) {
	all := make(rules)
	err := fs.WalkDir(ruleFiles, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := ruleFiles.ReadFile(path)
		if err != nil {
			return err
		}
		sections, err := parseSections(path, string(data))
		if err != nil {
			return err
		}
		return all.add(sections)
	})
	if err != nil {
		return nil, fmt.Errorf("load rules: %w", err)
	}
	return all, nil
}

func (rs rules) add(sections []section) error {
	for _, s := range sections {
		if _, twice := rs[s.name]; twice {
			return fmt.Errorf("rule %q is there twice", s.name)
		}
		var r rule
		for _, line := range s.lines {
			source, exception := strings.CutPrefix(line, "!")
			pattern, err := compile(source)
			if err != nil {
				return fmt.Errorf("rule %q: %w", s.name, err)
			}
			if exception {
				r.exceptions = append(r.exceptions, pattern)
			} else {
				r.patterns = append(r.patterns, pattern)
			}
		}
		rs[s.name] = r
	}
	return nil
}

// gap is what "*" stands for: a few characters within the sentence. A "*" after a class, a group or
// an escape keeps its usual meaning.
const gap = "[^。!?]{0,8}?"

var star = regexp.MustCompile(`([\])])?\*`)

func compile(source string) (pattern, error) {
	return newPattern(star.ReplaceAllStringFunc(source, func(s string) string {
		if s == "]*" {
			return s
		}
		return strings.TrimSuffix(s, "*") + gap
	}))
}

// find returns the words by which the rule applies to the text, or "" when it does not.
func (rs rules) find(name, text string) string {
	r := rs[name]
	held := charactersOf(text)
	for _, p := range r.patterns {
		if !p.mayMatch(held) {
			continue
		}
		at := p.FindStringIndex(text)
		if at == nil {
			continue
		}
		for _, e := range r.exceptions {
			if e.mayMatch(held) && e.MatchString(text) {
				return ""
			}
		}
		if at[0] == at[1] {
			return text
		}
		return text[at[0]:at[1]]
	}
	return ""
}

// has reports whether the rule applies to the text.
func (rs rules) has(name, text string) bool { return rs.find(name, text) != "" }

// without takes the words of a rule out of a text, and ends the sentence there, so that no pattern
// reaches over the gap.
func (rs rules) without(name, text string) string {
	held := charactersOf(text + "。") // what is taken out counts as held, which only costs time
	for _, p := range rs[name].patterns {
		if p.mayMatch(held) {
			text = p.ReplaceAllString(text, "。")
		}
	}
	return text
}
