package bot

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ReasonDanger is why a person is needed when somebody may be in danger. It is told at any hour.
const ReasonDanger = "来信人可能有危险，请马上看"

// How much of what a contact said is told outside the desk: the last messages with words in them, each
// no longer than this.
const (
	quotedMessages = 2
	quotedRunes    = 48
)

// lastWords is what the contact last said, without numbers that would tell who they are. A call for a
// person alone says little, so what came before it is told too.
func lastWords(transcript []Message) string {
	var said []string
	for _, m := range slices.Backward(transcript) {
		words := m.Kind == KindText || m.Kind == KindVoice
		if m.From != FromContact || !words || m.State == MessageRecalled {
			continue
		}
		if words := shortened(Mask(m.Text), quotedRunes); words != "" {
			said = append(said, words)
		}
		if len(said) == quotedMessages {
			break
		}
	}
	slices.Reverse(said)
	return strings.Join(said, " / ")
}

// shortened is the beginning of a text on one line.
func shortened(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// ChannelTitle names a channel for staff.
func ChannelTitle(channel string) string {
	switch channel {
	case "web":
		return "网页"
	case "wecom":
		return "微信客服"
	case "wecom-app":
		return "企业微信应用"
	case "wechat":
		return "公众号"
	}
	return channel
}
