package wecom

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rongjun/bot"
)

// The platform's limits in bytes [D94677]. A longer text is cut by it without a word.
const (
	maxTextBytes   = 2048
	maxHeadBytes   = 1024
	maxChoiceBytes = 128
	maxChoices     = 10
)

const (
	sourcesHead = "依据："
	menuHead    = "您可以直接点："
	cutNotice   = "……（内容较长，没有全部放下。需要的话请回复“人工”。）"
)

// Parts cuts a reply into at most bot.MaxParts messages that the platform takes whole: the text at
// the ends of sentences, the sources with its last piece, the menu with it too where that fits. When
// all do not fit, the menu goes first, and a cut text says so.
func (c *Channel) Parts(r bot.Reply) []bot.Reply {
	pieces := cut(r.Text, maxTextBytes)
	if len(pieces) > bot.MaxParts {
		pieces = shorten(r.Text)
	}
	parts := make([]bot.Reply, 0, bot.MaxParts)
	for _, piece := range pieces {
		parts = append(parts, bot.Reply{Text: piece})
	}
	parts = addSources(parts, r.Sources)
	return addMenu(parts, r.Choices)
}

// shorten keeps what MaxParts messages hold, less room for the notice.
func shorten(text string) []string {
	pieces := cut(text, maxTextBytes-len(cutNotice))[:bot.MaxParts]
	pieces[bot.MaxParts-1] += cutNotice
	return pieces
}

func addSources(parts []bot.Reply, sources []bot.Source) []bot.Reply {
	if len(sources) == 0 || len(parts) == 0 {
		return parts
	}
	last := &parts[len(parts)-1]
	with := bot.Reply{Text: last.Text, Sources: sources}
	if len(written(with)) <= maxTextBytes {
		last.Sources = sources
		return parts
	}
	alone := bot.Reply{Sources: sources}
	if len(parts) < bot.MaxParts && len(written(alone)) <= maxTextBytes {
		return append(parts, alone)
	}
	return parts
}

func addMenu(parts []bot.Reply, choices []bot.Choice) []bot.Reply {
	if len(choices) == 0 || len(parts) == 0 {
		return parts
	}
	choices = choices[:min(len(choices), maxChoices)]
	choices = slices.DeleteFunc(slices.Clone(choices), func(c bot.Choice) bool {
		return strings.TrimSpace(c.Text) == ""
	})
	last := &parts[len(parts)-1]
	if len(written(*last)) <= maxHeadBytes {
		last.Choices = choices
		return parts
	}
	if len(parts) == bot.MaxParts {
		return parts
	}
	return append(parts, bot.Reply{Text: menuHead, Choices: choices})
}

// written is a part's text as the customer reads it, with the sources below.
func written(r bot.Reply) string {
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

// cut splits a text into pieces of at most limit bytes: at the end of a paragraph where one lies in
// the second half, else of a sentence, else between two characters.
func cut(text string, limit int) []string {
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
