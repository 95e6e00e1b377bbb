package knowledge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrInvalid marks data that breaks the rules of its type; the message names the field.
var ErrInvalid = errors.New("invalid")

// ErrNotFound says that no entry, enactment or record has the given key.
var ErrNotFound = errors.New("not found")

// Citation points at one article of one document. Article is the number of the article (条),
// whatever paragraph or item is meant; 0 for texts without articles.
type Citation struct {
	Doc     string `json:"doc"`
	Article int    `json:"article"`
}

// ParseCitation reads the written form "退役军人安置条例(2024)#22"; without "#" the article is 0.
func ParseCitation(s string) (Citation, error) {
	doc, number, found := strings.Cut(strings.TrimSpace(s), "#")
	if doc == "" {
		return Citation{}, fmt.Errorf("citation %q: no document: %w", s, ErrInvalid)
	}
	if !found {
		return Citation{Doc: doc}, nil
	}
	article, err := strconv.Atoi(number)
	if err != nil || article < 1 {
		return Citation{}, fmt.Errorf("citation %q: article is not a positive number: %w", s, ErrInvalid)
	}
	return Citation{Doc: doc, Article: article}, nil
}

// String is the written form that ParseCitation reads.
func (c Citation) String() string {
	if c.Article == 0 {
		return c.Doc
	}
	return c.Doc + "#" + strconv.Itoa(c.Article)
}

// UnmarshalText reads the written form, so that data files can carry citations as strings.
func (c *Citation) UnmarshalText(text []byte) error {
	parsed, err := ParseCitation(string(text))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// UnmarshalJSON reads the object that the fields are written as; without it, JSON would expect the
// written form where it has written an object.
func (c *Citation) UnmarshalJSON(data []byte) error {
	type fields Citation
	if err := json.Unmarshal(data, (*fields)(c)); err != nil {
		return fmt.Errorf("citation: %w", err)
	}
	return nil
}

// Level is the rank of the body that issued a text.
type Level string

// The levels of issuers, from the widest to the narrowest.
const (
	LevelNational Level = "国家"
	LevelProvince Level = "省"
	LevelCity     Level = "市"
	LevelCounty   Level = "县"
)

// Enactment is what the register knows of one version of a law, regulation or notice: enough to cite
// it rightly even where its full text is not imported. Dates are zero where they are not known, and
// an unknown date is said as unknown, never guessed.
type Enactment struct {
	// Key names this version everywhere: the statutes folder's file name without extension.
	Key string
	// Aliases are other keys of the very same text.
	Aliases []string
	// Title is the official full title without a year.
	Title     string
	Issuer    string
	Level     Level
	Region    Region
	Adopted   Date
	Published Date
	Effective Date
	// Repealed is the first day on which the text is no longer in force.
	Repealed   Date
	Replaces   []string
	ReplacedBy []string
	// Source is the official address of the text, empty where none is certain.
	Source string
	// Note says what an editor should know, such as a status that needs checking.
	Note string
}

// InForce reports whether the text is in force on the day. An enactment without a date of effect
// counts as in force unless it is repealed or replaced.
func (e Enactment) InForce(on Date) bool {
	if !e.Effective.IsZero() && on.Before(e.Effective) {
		return false
	}
	if !e.Repealed.IsZero() {
		return on.Before(e.Repealed)
	}
	return len(e.ReplacedBy) == 0
}

// Entry is one authored answer of the guide, in our own plain words.
type Entry struct {
	ID    string
	Topic string
	// Question is the question in plain words; Phrasings are how people really say it.
	Question  string
	Phrasings []string
	// Short is the answer in at most 120 characters; the other fields carry what it leaves out.
	Short   string
	Details string
	Who     string
	HowMuch string
	Bring   []string
	Where   string
	When    string
	Appeal  string
	// Limits says what the cited texts leave to others (a province, the forces) and who decides it.
	Limits string
	// Cites are the articles the entry rests on, the most important first.
	Cites   []Citation
	Related []string
	Region  Region
	// Review is the day by which an editor looks at the entry again.
	Review Date
}

// MaxShort is the most characters that Entry.Short may have.
const MaxShort = 120

// Validate checks an entry alone; whether its citations and related entries exist is the guide's to check.
func (e Entry) Validate() error {
	var errs []error
	bad := func(field, why string) {
		errs = append(errs, fmt.Errorf("entry %q: %s %s: %w", e.ID, field, why, ErrInvalid))
	}
	for _, f := range []struct{ name, value string }{
		{"id", e.ID}, {"topic", e.Topic}, {"question", e.Question}, {"short", e.Short},
	} {
		if strings.TrimSpace(f.value) == "" {
			bad(f.name, "is empty")
		}
	}
	if n := len([]rune(e.Short)); n > MaxShort {
		bad("short", fmt.Sprintf("has %d characters, more than %d", n, MaxShort))
	}
	if len(e.Cites) == 0 {
		bad("cites", "are missing")
	}
	return errors.Join(errs...)
}

// Passage is a retrievable slice of a document or of the guide, with what is needed to filter and to
// cite it.
type Passage struct {
	// ID is unique in an index: "entry:ID" for an entry, "DOC#22" or "DOC#22/3" for statute text,
	// "place:ID" and the like for directory records.
	ID string
	// Entry is the guide entry's ID, empty for other passages.
	Entry string
	// Title is the heading shown with the passage.
	Title string
	// Text is what is shown and searched.
	Text string
	// Phrasings are searched, not shown.
	Phrasings []string
	// Cites are the articles the passage rests on, the most important first.
	Cites []Citation
	// Own is set for the text of a document that no entry of the guide rests on, such as the notice of
	// a county: nobody else tells what it says.
	Own    bool
	Region Region
	// Effective and Repealed bound the time in which the passage may be cited.
	Effective Date
	Repealed  Date
}
