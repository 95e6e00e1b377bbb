// Package webchat is the channel of our own web page. Its messages arrive over HTTP and leave over the
// page's event stream, so sending is nothing but making the message visible, which the store does in
// the transaction that records it as sent.
package webchat

import (
	"context"

	"rongjun/bot"
)

// Name is the channel's name in addresses; it has one account of the same name.
const Name = "web"

// Channel is the web page as a bot.Channel.
type Channel struct{}

// Name returns the channel's name.
func (Channel) Name() string { return Name }

// Keyed is true: to make a message visible twice is to make it visible once.
func (Channel) Keyed() bool { return true }

// Parts leaves a reply whole, since a page has no limit.
func (Channel) Parts(r bot.Reply) []bot.Reply { return []bot.Reply{r} }

// Carries implements bot.FileChannel: the page shows and downloads what staff send.
func (Channel) Carries(bot.Kind) bool { return true }

// Send has nothing to do; see the package comment.
func (Channel) Send(context.Context, bot.Outgoing) (bot.Receipt, error) {
	return bot.Receipt{}, nil
}
