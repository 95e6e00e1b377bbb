package answer

import (
	"strings"
	"unicode/utf8"

	"rongjun/bot"
)

// wordless tells what a turn wants that is not, or not only, in words; empty if its words say it. A
// recording that could not be heard goes to a person whatever stands beside it: nobody knows what was
// asked.
func wordless(t bot.Turn, q Question) Intent {
	shown := make(map[bot.Kind]bool)
	for _, m := range t.Messages {
		shown[m.Kind] = true
		if m.Kind == bot.KindVoice && m.Text == "" {
			return intentVoice
		}
	}
	switch {
	case q.Folded != "":
		return ""
	case shown[bot.KindLocation]:
		return intentDirectory
	case shown[bot.KindNotice]:
		return intentTooLarge
	case shown[bot.KindImage]:
		return intentPicture
	}
	for _, kind := range []bot.Kind{
		bot.KindUnknown, bot.KindVideo, bot.KindFile, bot.KindLink, bot.KindCard,
	} {
		if shown[kind] {
			return intentUnknownKind
		}
	}
	return ""
}

// whereabouts is the last place on the map that the contact sent, in this turn or shortly before.
func whereabouts(t bot.Turn) *bot.Location {
	for _, list := range [][]bot.Message{t.Messages, t.History} {
		for i := len(list) - 1; i >= 0; i-- {
			if l := list[i].Location; l != nil && (l.Latitude != 0 || l.Longitude != 0) {
				return l
			}
		}
	}
	return nil
}

// mostHeard is how many characters of a recording are repeated to the contact.
const mostHeard = 60

// heard is what was heard in the recordings of a turn, so that the contact can say if it is wrong.
func heard(t bot.Turn) string {
	var words []string
	for _, m := range t.Messages {
		if m.Kind == bot.KindVoice && m.Text != "" {
			words = append(words, m.Text)
		}
	}
	text := strings.Join(words, " ")
	if utf8.RuneCountInString(text) > mostHeard {
		text = string([]rune(text)[:mostHeard]) + "……"
	}
	return text
}
