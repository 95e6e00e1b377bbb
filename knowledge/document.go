package knowledge

import "slices"

// Document is an enactment or a notice whose text we have: what is known of it, its text cut into
// clauses, and what an editor has still to decide.
type Document struct {
	// Enactment holds the key, title, issuer, level, region and dates; Key is the imported file's
	// name without extension.
	Enactment
	// Number is the issuer's own number (文号), such as 国务院令第608号.
	Number string
	// Edition tells versions of one title apart where the file's name does: "2019" or "2010-12-20".
	Edition string
	// Revised is the last revision that the text's history names.
	Revised Date
	// Repeals are the texts that this one says it ends (同时废止).
	Repeals []Reference
	// Ended says that the file's name calls the text replaced or repealed; EndedIn is the year it
	// names, 0 if none. The day itself, where known, is Repealed.
	Ended   bool
	EndedIn int
	// Given names the fields that stand in front matter or a sidecar; nothing read overrules them.
	Given []string
	// Front are the lines before the first clause: title, history, table of contents.
	Front   []string
	Clauses []Clause
	// Rows are those of a directory, which has no clauses.
	Rows []Row `json:",omitempty"`
	// Unsure lists what the text leaves open. It is never filled in by a guess.
	Unsure []Doubt
	// Hash identifies the content: two files of one hash are one text.
	Hash string
}

// Reference is a text named by another one: its title and, where it is said, the day of its issue.
type Reference struct {
	Title  string
	Issued Date
}

// Doubt is a question for the editor about one field of a document.
type Doubt struct {
	// Field is the name used in front matter: "effective", "region"; "articles" for the text itself,
	// "rows" for those of a directory.
	Field string
	// Why is said to the editor, in Chinese.
	Why string
}

// Clause is one article (条) of a statute with the headings it stands under, or one section of a
// text without articles; Article is then 0.
type Clause struct {
	// Book (编), Part (分编), Chapter (章) and Section (节) are headings as written, 第一章 总则.
	Book    string
	Part    string
	Chapter string
	Section string
	// Heading is the heading of a section of a notice or of an annex.
	Heading string
	Article int
	// Suffix is 1 for 第二十二条之一, 0 for most articles.
	Suffix     int
	Paragraphs []Paragraph
	// Text is the whole clause without its number, one paragraph or item a line.
	Text string
	// Effective and Repealed bound this clause alone, for an article amended singly; zero where the
	// clause goes with its document.
	Effective Date
	Repealed  Date
}

// Paragraph is one 款 of an article with its items (项), each with its mark: （一）….
type Paragraph struct {
	Text  string
	Items []string
}

// Name is the clause's number as laws write it, 第二十二条之一; empty for a text without articles.
func (c Clause) Name() string {
	name := ArticleName(c.Article)
	if name == "" || c.Suffix == 0 {
		return name
	}
	return name + "之" + chineseNumber(c.Suffix)
}

// Start is the first day on which the words of this document can have held: its day of effect, or
// the day of its last revision where that is later, as with an amended text that still names its
// first day of effect. Without a day of effect it is the day it was adopted or published. The
// second result says whether that day is the day of effect.
func (d Document) Start() (day Date, certain bool) {
	if d.Effective.IsZero() {
		return latest(d.Adopted, d.Published, d.Revised, d.edition()), false
	}
	day = latest(d.Effective, d.Revised)
	if edition := d.edition(); edition.Year > day.Year {
		day = edition
	}
	if d.given("effective") {
		day = d.Effective
	}
	return day, day == d.Effective
}

func latest(days ...Date) Date {
	var last Date
	for _, d := range days {
		if last.Before(d) {
			last = d
		}
	}
	return last
}

// End is the first day on which the document no longer holds, zero if none is set. Where the
// file's name says that it ended but no day is known, the earliest day that this can mean is
// taken, so that the text is cited too rarely rather than wrongly.
func (d Document) End() Date {
	if !d.Repealed.IsZero() || !d.Ended && len(d.ReplacedBy) == 0 {
		return d.Repealed
	}
	if d.EndedIn > 0 {
		return Date{Year: d.EndedIn, Month: 1, Day: 1}
	}
	if start, _ := d.Start(); !start.IsZero() {
		return start
	}
	return Date{Year: 1, Month: 1, Day: 1}
}

// Holds reports whether the document may be cited as in force on the day.
func (d Document) Holds(on Date) bool {
	start, _ := d.Start()
	end := d.End()
	return !on.Before(start) && (end.IsZero() || on.Before(end))
}

func (d Document) given(field string) bool {
	return slices.Contains(d.Given, field)
}

// edition is the first day that the edition in the file's name can mean.
func (d Document) edition() Date {
	if len(d.Edition) == len("2019") {
		day, err := ParseDate(d.Edition + "-01-01")
		if err != nil {
			return Date{}
		}
		return day
	}
	day, err := ParseDate(d.Edition)
	if err != nil {
		return Date{}
	}
	return day
}
