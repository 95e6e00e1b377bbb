package answer

import (
	"strings"
	"unicode/utf8"

	"rongjun/bot"
	"rongjun/knowledge"
)

// draft is a reply before the guard has read it.
type draft struct {
	lines   []line
	sources []bot.Source
	choices []bot.Choice
	items   []bot.Item
	// carriers are the texts that may carry what the lines state, besides each line's own.
	carriers []string
}

// line is one line of a draft.
type line struct {
	text string
	// fixed marks our own words, which state nothing of the law.
	fixed bool
}

// say adds our own words.
func (d *draft) say(text string) {
	if text != "" {
		d.lines = append(d.lines, line{text: text, fixed: true})
	}
}

// state adds what a passage says.
func (d *draft) state(text string) {
	if text = strings.TrimSpace(text); text != "" {
		d.lines = append(d.lines, line{text: text})
	}
}

// textFrom is what the lines from a number on say.
func (d *draft) textFrom(number int) string {
	var said strings.Builder
	for _, l := range d.lines[number:] {
		said.WriteString(l.text + "\n")
	}
	return said.String()
}

func (d *draft) length() int {
	n := 0
	for _, l := range d.lines {
		n += utf8.RuneCountInString(l.text)
	}
	return n
}

// mostText is about how many characters a reply has: what a phone shows without much scrolling.
const mostText = 480

// fit adds a labelled text if there is room for it; of a longer text the first sentences.
func (d *draft) fit(label, text string, room int) {
	kept := ""
	left := room - d.length() - utf8.RuneCountInString(label)
	for _, sentence := range sentences(text) {
		if d.saysAlready(sentence) {
			continue
		}
		left -= utf8.RuneCountInString(sentence)
		if left < 0 {
			break
		}
		kept += sentence
	}
	if kept != "" {
		d.state(label + kept)
	}
}

// saysAlready reports whether most pairs of characters of a sentence stand in the draft.
func (d *draft) saysAlready(sentence string) bool {
	var said strings.Builder
	for _, l := range d.lines {
		said.WriteString(l.text)
	}
	runes := []rune(sentence)
	known, all := 0, 0
	for i := range len(runes) - 1 {
		all++
		if strings.Contains(said.String(), string(runes[i:i+2])) {
			known++
		}
	}
	return all > 0 && known*10 >= all*mostlyKnown
}

// mostlyKnown is how many tenths of a sentence make it a repetition.
const mostlyKnown = 8

// offer adds a tappable choice once.
func (d *draft) offer(text, act string) {
	for _, c := range d.choices {
		if c.Act == act {
			return
		}
	}
	d.choices = append(d.choices, bot.Choice{Text: text, Act: act})
}

// cite adds the sources of citations, each once, in order.
func (d *draft) cite(w *work, cites []knowledge.Citation) {
	for _, c := range w.inForce(cites) {
		source, carrier := w.source(c)
		if !d.cites(c) {
			d.sources = append(d.sources, source)
			d.carriers = append(d.carriers, carrier)
		}
	}
}

func (d *draft) cites(c knowledge.Citation) bool {
	for _, s := range d.sources {
		if s.Cite == c {
			return true
		}
	}
	return false
}

// source is a citation as it is shown, and the texts that it brings along: what the register knows
// of the enactment and, where it is imported, the article.
func (w *work) source(c knowledge.Citation) (bot.Source, string) {
	s := bot.Source{Title: "《" + c.Doc + "》", Article: knowledge.ArticleName(c.Article), Cite: c}
	e, err := w.library.Register.Lookup(c.Doc)
	if err == nil {
		s.Title = "《" + e.Title + "》"
		if !e.Effective.IsZero() {
			s.InForce = e.Effective.Chinese() + "起施行"
		}
	}
	carrier := s.Line() + "\n" + e.Published.Chinese() + "\n" + e.Adopted.Chinese()
	if w.library.Article != nil {
		if text, ok := w.library.Article(c); ok {
			carrier += "\n" + text
		}
	}
	return s, carrier
}

// sentences cuts a text after each end of a sentence; joined they give the text.
func sentences(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		switch r {
		case '。', '！', '？', '；', '\n':
			end := i + utf8.RuneLen(r)
			out = append(out, text[start:end])
			start = end
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}
