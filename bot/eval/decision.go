package eval

import (
	"slices"

	"rongjun/bot"
)

var decisions = []bot.Decision{
	bot.DecideAnswer, bot.DecidePartial, bot.DecideAsk, bot.DecideDirectory, bot.DecideRule,
	bot.DecideHandover, bot.DecideCrisis, bot.DecideDecline, bot.DecideSensitive, bot.DecideNone,
	bot.DecideError,
}

func known(d bot.Decision) bool { return slices.Contains(decisions, d) }

// Fold maps a decision to the five that questions are labelled with. A question back counts as
// directory where a place was asked for, as partial elsewhere. An error folds to itself, so that it
// equals no label.
func Fold(d, label bot.Decision) bot.Decision {
	switch d {
	case bot.DecideCrisis:
		return bot.DecideHandover
	case bot.DecideSensitive:
		return bot.DecideDecline
	case bot.DecideRule:
		return bot.DecideAnswer
	case bot.DecideNone:
		return bot.DecidePartial
	case bot.DecideAsk:
		if label == bot.DecideDirectory {
			return bot.DecideDirectory
		}
		return bot.DecidePartial
	}
	return d
}

// right reports whether a decision is the labelled one, and both as they are compared.
func right(got, label bot.Decision) (want, folded bot.Decision, ok bool) {
	want, folded = Fold(label, label), Fold(got, label)
	return want, folded, want == folded && got != bot.DecideError
}
