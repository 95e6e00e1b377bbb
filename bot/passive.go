package bot

import (
	"context"
	"fmt"
	"time"
)

// PassiveAnswer is how a callback is answered with a text instead of an acknowledgement.
type PassiveAnswer struct {
	// Limits are what the platform takes as one answer.
	Limits Limits
	// Body makes the answer's body. It is the same for the same callback and text, however often the
	// platform asks.
	Body func(text string) ([]byte, error)
}

// Fetched is what a contact's message fetched.
type Fetched struct {
	// Text is what is to be said, empty for nothing.
	Text string
	// State says who is in charge, Unanswered whether messages still wait for a turn, Sending whether a
	// message of ours is in the sender's hands for a moment.
	State      State
	Unanswered bool
	Sending    bool
}

// PassiveStore gives out what contacts fetch.
type PassiveStore interface {
	// Fetch marks as sent what waits to be sent in the conversation of a received message, as much as
	// join takes, and keeps its text with the message: the same message fetches the same again, and
	// nothing more. A message that is being sent and those behind it wait.
	Fetch(ctx context.Context, message int64, join Join) (Fetched, error)
}

// Join makes one text of as many messages as it holds, from the first on, and says how many.
type Join func([]Message) (text string, taken int)

// Passive answers callbacks with what there is to say, for platforms on which nothing can be sent
// otherwise. Messages wait in the outbox (Held) until a callback of their contact fetches them, which
// any process may do; so a platform that asks again is told the same, also by another process.
type Passive struct {
	Store PassiveStore
	Hub   *Hub
	// Patience is how long an answer is waited for; the platform gives up after five seconds.
	Patience time.Duration
}

// passiveLook is how often the store is looked at besides being told of changes.
const passiveLook = 300 * time.Millisecond

// The words for those who must come again.
const (
	waitWords  = "正在为您查。过几秒钟回复“1”，就能看到答案。"
	staffWords = "您的话已经转给工作人员。过一会儿回复“1”，看有没有回复。"
	moreWords  = "\n\n（还有内容，回复“1”接着看）"
)

// Await returns what a message just received is answered with: what there is to say when it comes
// within the patience, else how to fetch it later. It is empty where nothing is to be said.
func (p *Passive) Await(
	ctx context.Context, in Incoming, a Accepted, l Limits,
) (string, error) {
	changed, end := p.Hub.Subscribe(a.Conversation)
	defer end()
	late := time.NewTimer(p.Patience)
	defer late.Stop()
	look := time.NewTicker(passiveLook)
	defer look.Stop()
	for {
		f, err := p.Store.Fetch(ctx, a.Message, l.joinFetched)
		if err != nil {
			return "", fmt.Errorf("fetch: %w", err)
		}
		words, done := f.words(in)
		if done {
			return words, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("wait for something to say: %w", ctx.Err())
		case <-late.C:
			return waitWords, nil
		case <-changed:
		case <-look.C:
		}
	}
}

// words are what the message is answered with now, if that is known.
func (f Fetched) words(in Incoming) (words string, done bool) {
	silent := in.Kind == KindEvent || in.Recalls != "" || in.History
	switch {
	case f.Text != "" || silent:
		return f.Text, true
	case f.Sending:
		return "", false
	case f.State == StateStaff, f.State == StateQueued && !f.Unanswered:
		return staffWords, true
	}
	return "", !f.Unanswered
}

// joinFetched is a Join for one answer: menus in words, and a line where something is left.
func (l Limits) joinFetched(messages []Message) (text string, taken int) {
	room := l
	room.Text -= len(moreWords)
	for i, m := range messages {
		words := room.InWords(Reply{Text: m.Text, Sources: m.Sources, Choices: m.Choices})
		if i == 0 {
			text = words
			continue
		}
		if len(text)+len("\n\n")+len(words) > room.Text {
			return text + moreWords, i
		}
		text += "\n\n" + words
	}
	return text, len(messages)
}
