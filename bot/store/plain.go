package store

import (
	"strings"
	"unicode/utf8"

	"rongjun/bot"
)

// plain makes a text into one that both databases take: without NUL, and with U+FFFD for every byte
// that is no UTF-8. Ids come from outside and may be anything.
func plain(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == 0 {
			return -1
		}
		return r
	}, s)
}

// plainArgs does so with the arguments of a query.
func plainArgs(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = plain(s)
		}
	}
	return args
}

func plainAddress(a bot.Address) bot.Address {
	return bot.Address{
		Channel: plain(a.Channel), Account: plain(a.Account), ExternalID: plain(a.ExternalID),
	}
}
