package bot

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits are what a platform takes as one message, in bytes. A longer text would be cut by it without
// a word.
type Limits struct {
	// Text is the longest text, Head the longest text above a menu, Choice the longest item of one.
	Text   int
	Head   int
	Choice int
	// Choices is the most items of a menu.
	Choices int
	// Items is the most messages of one reply that are items alone; 0 where the platform shows none.
	Items int
}

const (
	sourcesHead = "依据："
	menuHead    = "您可以直接点："
	cutNotice   = "……（内容较长，没有全部放下。需要的话请回复“人工”。）"
)

// Parts cuts a reply into at most as many messages as it has room for that the platform takes whole: the text at the
// ends of sentences, the sources with its last piece, the menu with it too where that fits. When all
// do not fit, the menu goes first, and a cut text says so.
func (l Limits) Parts(r Reply) []Reply {
	most := MaxParts
	if r.Room > 0 {
		most = min(most, r.Room)
	}
	pieces := l.cut(r.Text)
	if len(pieces) > most {
		pieces = l.shorten(r.Text, most)
	}
	parts := make([]Reply, 0, most)
	for _, piece := range pieces {
		parts = append(parts, Reply{Text: piece})
	}
	parts = l.addSources(parts, r.Sources, most)
	parts = l.addMenu(parts, r.Choices, most)
	return l.addItems(parts, r.Items, most)
}

// Label is the text of a choice as far as the platform shows it.
func (l Limits) Label(c Choice) string { return cutText(c.Text, l.Choice)[0] }

// InWords is a message without its menu: what could have been tapped can be written instead.
func (l Limits) InWords(r Reply) string {
	words := r.Written()
	for _, choice := range r.Choices {
		line := "\n·" + choice.Text
		if len(words)+len(line) > l.Text {
			break
		}
		words += line
	}
	return words
}

// Written is a reply's text as the contact reads it, with the sources below.
func (r Reply) Written() string {
	if len(r.Sources) == 0 {
		return r.Text
	}
	lines := make([]string, 0, len(r.Sources)+2)
	if r.Text != "" {
		lines = append(lines, r.Text, "")
	}
	for i, s := range r.Sources {
		line := s.Line()
		if i == 0 {
			line = sourcesHead + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func (l Limits) cut(text string) []string { return cutText(text, l.Text) }

// shorten keeps what so many messages hold, less room for the notice.
func (l Limits) shorten(text string, most int) []string {
	pieces := cutText(text, l.Text-len(cutNotice))[:most]
	pieces[most-1] += cutNotice
	return pieces
}

func (l Limits) addSources(parts []Reply, sources []Source, most int) []Reply {
	if len(sources) == 0 || len(parts) == 0 {
		return parts
	}
	last := &parts[len(parts)-1]
	with := Reply{Text: last.Text, Sources: sources}
	if len(with.Written()) <= l.Text {
		last.Sources = sources
		return parts
	}
	alone := Reply{Sources: sources}
	if len(parts) < most && len(alone.Written()) <= l.Text {
		return append(parts, alone)
	}
	return parts
}

func (l Limits) addMenu(parts []Reply, choices []Choice, most int) []Reply {
	if len(choices) == 0 || len(parts) == 0 {
		return parts
	}
	choices = choices[:min(len(choices), l.Choices)]
	choices = slices.DeleteFunc(slices.Clone(choices), func(c Choice) bool {
		return strings.TrimSpace(c.Text) == ""
	})
	last := &parts[len(parts)-1]
	if len(last.Written()) <= l.Head {
		last.Choices = choices
		return parts
	}
	if len(parts) == most {
		return parts
	}
	return append(parts, Reply{Text: menuHead, Choices: choices})
}

// cutText splits a text into pieces of at most limit bytes: at the end of a paragraph where one lies
// in the second half, else of a sentence, else between two characters.
func cutText(text string, limit int) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	var pieces []string
	for len(text) > limit {
		n := cutAt(text, limit)
		pieces = append(pieces, strings.TrimSpace(text[:n]))
		text = strings.TrimSpace(text[n:])
	}
	if text != "" {
		pieces = append(pieces, text)
	}
	return pieces
}

func cutAt(text string, limit int) int {
	n := limit
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	head := text[:n]
	for _, ends := range []string{"\n", "。！？；!?;", "，、, "} {
		if i := strings.LastIndexAny(head, ends); i >= n/2 {
			_, size := utf8.DecodeRuneInString(head[i:])
			return i + size
		}
	}
	return n
}
