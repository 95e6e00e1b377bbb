package bot

import (
	"fmt"
	"strings"
	"time"

	"rongjun/knowledge"
)

// Budget is what a platform lets through after a message of a contact, until the next one.
type Budget struct {
	// Window is how long something may be sent, Messages how many.
	Window   time.Duration
	Messages int
}

// Budgeted is a channel whose platform keeps a budget.
type Budgeted interface {
	Budget() Budget
}

// Spent is how much of the budget a conversation has used.
type Spent struct {
	// From is the contact's last message by the platform's clock, zero for none.
	From time.Time
	// Sent counts what may have arrived since.
	Sent int
	// Closed is set when the platform took nothing more, whatever we counted.
	Closed bool
}

const (
	// windowMargin keeps a message from being on its way when the window closes.
	windowMargin = 10 * time.Minute
	// keptForStaff is how many messages of the budget only a person may use.
	keptForStaff = 1
)

// Left is how many messages may still be sent in the name of a writer.
func (b Budget) Left(s Spent, from From, now time.Time) int {
	most := b.Messages
	if from == FromBot {
		most -= keptForStaff
	}
	if s.Closed || s.From.IsZero() || b.remaining(s, now) <= windowMargin {
		return 0
	}
	return max(0, most-s.Sent)
}

func (b Budget) remaining(s Spent, now time.Time) time.Duration {
	return s.From.Add(b.Window).Sub(now)
}

// Words say how the budget stands: 已发 3／5 条，还剩 31 小时.
func (b Budget) Words(s Spent, now time.Time) string {
	left := b.remaining(s, now)
	switch {
	case s.From.IsZero():
		return ""
	case left <= windowMargin:
		return "对方太久没来消息，现在发不出去，写的话会在对方再来消息时先送"
	case s.Closed || s.Sent >= b.Messages:
		return "这一轮的条数已用完，写的话会在对方再来消息时先送"
	}
	words := fmt.Sprintf("已发 %d／%d 条，", s.Sent, b.Messages)
	if left < time.Hour {
		return words + fmt.Sprintf("还剩 %d 分钟", int(left.Minutes()))
	}
	return words + fmt.Sprintf("还剩 %d 小时", int(left.Hours()))
}

// lateAfter is how much of the window may be left when staff are warned, fewMessages how many.
const (
	lateAfter   = 3 * time.Hour
	fewMessages = 1
)

// Late reports whether staff who still have something to say must hurry: little of the window or of
// the messages is left.
func (b Budget) Late(s Spent, now time.Time) bool {
	left := b.remaining(s, now)
	return !s.From.IsZero() && left > 0 && (left < lateAfter || b.Messages-s.Sent <= fewMessages)
}

// MaxParked is how long a message made of parked ones may be, in bytes, and ParkedRoom what a channel
// with a budget keeps free of it in every message, for the words that say from when it is.
const (
	MaxParked  = 2048
	ParkedRoom = 64
)

// JoinParked makes as few texts as hold the messages, which were parked in this order. The first says
// from when they are.
func JoinParked(messages []Message) []string {
	var out []string
	for _, m := range messages {
		text := Reply{Text: m.Text, Sources: m.Sources}.Written()
		if len(out) == 0 {
			if !joined(text) {
				text = parkedSince(m.At) + text
			}
			out = append(out, text)
			continue
		}
		last := &out[len(out)-1]
		if len(*last)+len("\n\n")+len(text) <= MaxParked {
			*last += "\n\n" + text
			continue
		}
		out = append(out, text)
	}
	return out
}

func parkedSince(at time.Time) string {
	return fmt.Sprintf("（%s没能送出的回复）\n", at.In(knowledge.China()).Format("1月2日15:04"))
}

// joined reports whether a text is made of parked ones already, so that it says from when only once.
func joined(text string) bool {
	head, _, _ := strings.Cut(text, "\n")
	return strings.HasPrefix(head, "（") && strings.HasSuffix(head, "没能送出的回复）")
}
