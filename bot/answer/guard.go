package answer

import (
	"regexp"
	"strings"

	"rongjun/bot"
	"rongjun/knowledge/figure"
)

// crisisNumbers are the figures that our own words may hold.
const crisisNumbers = "110 120 12356"

var (
	lawTitle = regexp.MustCompile(`《[^《》]+》`)
	link     = regexp.MustCompile(`(?:https?://|www\.)[^\s，。；）)]+|` +
		`[A-Za-z0-9-]+\.(?:com|cn|net|org|gov)[^\s，。；）)]*`)
)

// guard lets nothing leave that the passages do not carry. What it drops of the offline text is a
// fault of ours, and the trace says so.
func (a *Answerer) guard(w *work, d draft) bot.Reply {
	c := newCarried(w, d)
	var kept []string
	for _, l := range d.lines {
		text := l.text
		if !l.fixed {
			text = c.sift(text, func(fault string) { w.fault("dropped: " + fault) })
		}
		if text != "" {
			kept = append(kept, text)
		}
	}
	if len(kept) == 0 {
		return bot.Reply{}
	}
	return bot.Reply{Text: strings.Join(kept, "\n"), Sources: d.sources, Choices: d.choices, Items: d.items}
}

// fault notes a fault without losing an earlier one.
func (w *work) fault(why string) {
	if w.trace.Fault != "" {
		why = w.trace.Fault + "; " + why
	}
	w.trace.Fault = why
}

// carried is what a reply may state.
type carried struct {
	read    *figure.Reader
	figures figure.Sets
	own     figure.Set
	text    string
}

func newCarried(w *work, d draft) carried {
	texts := append([]string{crisisNumbers}, d.carriers...)
	for _, s := range d.sources {
		texts = append(texts, s.Line())
	}
	return carried{
		read: w.figures, figures: w.figures.Sets(texts...), own: figure.NewSet(w.question.Said),
		text: strings.Join(texts, "\n"),
	}
}

// sift drops the sentences of a text that state what is not carried.
func (c carried) sift(text string, report func(fault string)) string {
	var kept strings.Builder
	for _, s := range sentences(text) {
		if fault := c.fault(s); fault != "" {
			report(fault)
			continue
		}
		kept.WriteString(s)
	}
	return strings.TrimSpace(kept.String())
}

// fault says what in a sentence is not carried, empty for nothing. The contact's own figures may
// come back only as theirs.
func (c carried) fault(sentence string) string {
	for _, f := range c.read.All(sentence) {
		mine := strings.Contains(sentence, "您说") && c.own.Has(f)
		if !c.figures.Has(f) && !mine {
			return "figure " + f.Value
		}
	}
	for _, title := range lawTitle.FindAllString(sentence, -1) {
		if !strings.Contains(c.text, title) {
			return "title " + title
		}
	}
	for _, l := range link.FindAllString(sentence, -1) {
		if !strings.Contains(c.text, l) {
			return "link"
		}
	}
	return ""
}
