package wecom

import "rongjun/bot"

// limits are what the platform takes as one message [D94677].
var limits = bot.Limits{Text: 2048, Head: 1024, Choice: 128, Choices: 10}

// Parts cuts a reply into messages that the platform takes whole.
func (c *Channel) Parts(r bot.Reply) []bot.Reply { return limits.Parts(r) }
