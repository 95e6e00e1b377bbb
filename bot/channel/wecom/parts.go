package wecom

import (
	"time"

	"rongjun/bot"
)

// limits are what the platform takes as one message [D94677], which is 2048 bytes of text, less what
// a parked one needs beside its own words.
var limits = bot.Limits{Text: bot.MaxParked - bot.ParkedRoom, Head: 1024, Choice: 128, Choices: 10, Items: 2}

// budget is what send_msg lets through after a message of the customer [D94677].
var budget = bot.Budget{Window: 48 * time.Hour, Messages: 5}

// Budget implements bot.Budgeted.
func (c *Channel) Budget() bot.Budget { return budget }

// Parts cuts a reply into messages that the platform takes whole.
func (c *Channel) Parts(r bot.Reply) []bot.Reply { return limits.Parts(r) }
