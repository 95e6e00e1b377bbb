package answer

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The faults of a model's text.
var (
	errEmpty    = errors.New("empty")
	errBabble   = errors.New("too long")
	errRepeats  = errors.New("repeats itself")
	errUncited  = errors.New("cites nothing")
	errRefuses  = errors.New("refuses")
	errInvented = errors.New("invented")
	errThin     = errors.New("too little is left")
	errMarkup   = errors.New("writes markup")
	errLeaks    = errors.New("repeats its instructions")
)

// checked is a model's text that may be shown, and the passages that it cites.
type checked struct {
	text string
	used map[int]bool
}

var (
	marker  = regexp.MustCompile(`[\[［【]\s*(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]］】]`)
	numbers = regexp.MustCompile(`\d+`)
	refusal = regexp.MustCompile(`作为(?:一个)?(?:AI|人工智能|语言模型|大模型)|` +
		`我(?:无法|不能)(?:回答|提供|协助)|(?i:I cannot|I can't|as an AI)`)
	markup = regexp.MustCompile(`</?[A-Za-z!][^>]*>`)
	// tied are the words of right and limit: the passage must use them too.
	tied = []string{
		"不可以", "可以", "不得", "应当", "必须", "免费", "全部", "一律", "仅", "不超过",
	}
)

const (
	longestText = 900
	leastText   = 15
)

// check holds a model's text to its passages: an invented figure, citation, title or link spoils
// the whole; a sentence with a word of right or limit that its passage lacks is dropped.
func check(text string, w *work, passages []numbered) (checked, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return checked{}, errEmpty
	case utf8.RuneCountInString(text) > longestText:
		return checked{}, errBabble
	case refusal.MatchString(text):
		return checked{}, errRefuses
	case markup.MatchString(text):
		return checked{}, errMarkup
	case repeats(text):
		return checked{}, errRepeats
	}
	c := checked{used: make(map[int]bool)}
	dropped, err := c.keep(text, w, passages)
	switch {
	case err != nil:
		return checked{}, err
	case len(c.used) == 0:
		return checked{}, errUncited
	case utf8.RuneCountInString(c.text) < leastText || dropped > len(sentences(c.text)):
		return checked{}, errThin
	}
	return c, nil
}

// keep takes over the sentences that their passages carry and counts the others. A sentence without
// a citation rests on that of the sentence before.
func (c *checked) keep(text string, w *work, passages []numbered) (dropped int, err error) {
	var before []numbered
	for _, s := range markedSentences(text) {
		cited, err := citedBy(s, passages)
		if err != nil {
			return 0, err
		}
		if len(cited) == 0 {
			cited = before
		}
		before = cited
		s = strings.TrimSpace(marker.ReplaceAllString(s, ""))
		if err := invented(s, w, cited); err != nil {
			return 0, err
		}
		if s == "" || len(cited) == 0 || lacksWords(s, cited) {
			dropped++
			continue
		}
		for _, p := range cited {
			c.used[p.Number] = true
		}
		c.text += s
	}
	return dropped, nil
}

// markedSentences cuts a text into sentences with their markers, which stand before or after the
// full stop.
func markedSentences(text string) []string {
	var out []string
	for _, s := range sentences(text) {
		at := marker.FindStringIndex(s)
		if len(out) > 0 && at != nil && at[0] == 0 {
			end := at[1]
			for next := marker.FindStringIndex(s[end:]); next != nil && next[0] == 0; {
				end += next[1]
				next = marker.FindStringIndex(s[end:])
			}
			out[len(out)-1] += s[:end]
			s = s[end:]
		}
		if strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}

// citedBy gives the passages that a sentence cites; a number that no passage has is an error.
func citedBy(s string, passages []numbered) ([]numbered, error) {
	var cited []numbered
	for _, m := range marker.FindAllStringSubmatch(s, -1) {
		for _, digits := range numbers.FindAllString(m[1], -1) {
			n, err := strconv.Atoi(digits)
			if err != nil || n < 1 || n > len(passages) {
				return nil, fmt.Errorf("%w citation [%s]", errInvented, digits)
			}
			cited = append(cited, passages[n-1])
		}
	}
	return cited, nil
}

// invented reports a figure, title or link that the cited passages do not hold.
func invented(s string, w *work, cited []numbered) error {
	var d draft
	for _, p := range cited {
		d.carriers = append(d.carriers, p.Title, p.Text)
		d.cite(w, p.cites)
	}
	if fault := newCarried(w, d).fault(s); fault != "" {
		return fmt.Errorf("%w %s", errInvented, fault)
	}
	return nil
}

// lacksWords reports whether a sentence uses a word of right or limit that its passages do not.
func lacksWords(s string, cited []numbered) bool {
	var texts strings.Builder
	for _, p := range cited {
		texts.WriteString(p.Text + "\n")
	}
	carried := texts.String()
	for _, word := range tied {
		if strings.Contains(s, word) {
			if !strings.Contains(carried, word) {
				return true
			}
			s = strings.ReplaceAll(s, word, "")
		}
	}
	return false
}

// leastLeak is how many characters of a sentence must stand in the instructions to be a leak:
// shorter ones are words that anybody uses.
const leastLeak = 9

// leaks reports whether a text repeats a clause of the instructions.
func leaks(text, instructions string) bool {
	clauses := strings.FieldsFunc(marker.ReplaceAllString(text, ""), func(r rune) bool {
		return strings.ContainsRune("。！？；：\n", r)
	})
	for _, c := range clauses {
		c = strings.TrimSpace(c)
		if utf8.RuneCountInString(c) >= leastLeak && strings.Contains(instructions, c) {
			return true
		}
	}
	return false
}

// repeats reports a text in which a sentence comes three times.
func repeats(text string) bool {
	count := make(map[string]int)
	for _, s := range sentences(marker.ReplaceAllString(text, "")) {
		s = strings.TrimSpace(s)
		if count[s]++; utf8.RuneCountInString(s) > 3 && count[s] > 2 {
			return true
		}
	}
	return false
}
