package wecom

import (
	"encoding/json"
	"log/slog"

	"rongjun/bot"
)

// ReadMessage reads one message as if it stood alone on a page.
func ReadMessage(account string, raw json.RawMessage) bot.Page {
	var page bot.Page
	c := &Channel{o: Options{Log: slog.New(slog.DiscardHandler)}}
	c.add(&page, account, raw)
	return page
}
