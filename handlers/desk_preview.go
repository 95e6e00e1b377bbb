package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rongjun/bot"
)

// previewed is how many of the last messages of a conversation are looked at for a list.
const previewed = 8

// previewOf is what the matter is: the contact's latest words that say more than that a person is
// wanted, else the contact's latest words, else the latest of all.
func previewOf(latest []bot.Message) string {
	const length = 60
	preview, own := "", false
	for _, m := range slices.Backward(latest) {
		text := bot.CleanText(cmp.Or(m.Text, kindWords(m)), length)
		if m.State == bot.MessageRecalled || m.Kind == bot.KindEvent || text == "" {
			continue
		}
		if m.From == bot.FromContact && !callsForPerson(text) {
			return text
		}
		if preview == "" || m.From == bot.FromContact && !own {
			preview, own = text, m.From == bot.FromContact
		}
	}
	return preview
}

// callsForPerson reports whether a text says no more than the button 转人工 does.
func callsForPerson(text string) bool {
	return strings.Contains(text, "人工") && utf8.RuneCountInString(text) <= 6
}

// lastWord is the contact's message to which nobody has answered yet, 0 for none.
func lastWord(latest []bot.Message) int64 {
	for _, m := range slices.Backward(latest) {
		switch {
		case m.From == bot.FromSystem, m.State == bot.MessageRecalled, m.Kind == bot.KindEvent:
		case m.From == bot.FromContact:
			return m.ID
		default:
			return 0
		}
	}
	return 0
}

// unanswered are the conversations of a member in which the contact has the last word, each with that
// word, so that a new word makes a new name.
func (f *face) unanswered(ctx context.Context, member string) ([]string, error) {
	all, err := f.o.Transcript.Conversations(ctx, bot.StateStaff, listed)
	if err != nil {
		return nil, fmt.Errorf("list taken over: %w", err)
	}
	names := []string{}
	for _, c := range all {
		if c.Staff != member {
			continue
		}
		latest, err := f.o.Transcript.Messages(ctx, c.ID, 0, previewed)
		if err != nil {
			return nil, fmt.Errorf("look for an unanswered word: %w", err)
		}
		if word := lastWord(latest); word != 0 {
			names = append(names, fmt.Sprintf("%d/%d", c.ID, word))
		}
	}
	return names, nil
}
