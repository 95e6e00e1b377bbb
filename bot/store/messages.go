package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"rongjun/bot"
)

// unfinished is the condition of messages_outbox: written like this, SQLite finds the index.
const unfinished = "state IN ('pending', 'sending', 'parked')"

// messageRow is a message with what only the store needs to know of it.
type messageRow struct {
	bun.BaseModel `bun:"table:messages"`

	ID           int64 `bun:",pk,autoincrement"`
	Conversation int64
	Sender       bot.From
	Author       string
	Kind         bot.Kind
	Text         string
	Act          string
	Raw          []byte
	Account      int64 `bun:",nullzero"`
	PlatformID   string
	ClientID     string `bun:",nullzero"`
	State        bot.MessageState
	Note         string
	At           stamp
	Arrived      stamp
	Prompt       bool
	Urgent       bool
	Turn         int64 `bun:",nullzero"`
	Part         int
	Sources      string
	Choices      string
	Items        string
	Shown        int64
	Location     string
	ReadyAt      stamp
	EventCode    string
	Expires      stamp

	NextAt         stamp
	Attempts       int
	FirstTried     stamp
	SentAt         stamp
	MayHaveArrived bool
	Fetched        string
	Claim          int64
	ClaimedUntil   stamp
	ClaimedBy      string
}

func (r *messageRow) message() (bot.Message, error) {
	m := bot.Message{
		ID: r.ID, Conversation: r.Conversation, From: r.Sender, Author: r.Author,
		Kind: r.Kind, Text: r.Text, Act: r.Act, PlatformID: r.PlatformID,
		State: r.State, Note: r.Note, At: r.At.time(), Turn: r.Turn, Part: r.Part, Shown: r.Shown,
	}
	if err := fromJSON(r.Sources, &m.Sources); err != nil {
		return m, fmt.Errorf("sources of message %d: %w", r.ID, err)
	}
	if err := fromJSON(r.Choices, &m.Choices); err != nil {
		return m, fmt.Errorf("choices of message %d: %w", r.ID, err)
	}
	if err := fromJSON(r.Items, &m.Items); err != nil {
		return m, fmt.Errorf("items of message %d: %w", r.ID, err)
	}
	if r.Location != "" {
		m.Location = new(bot.Location)
	}
	if err := fromJSON(r.Location, m.Location); err != nil {
		return m, fmt.Errorf("location of message %d: %w", r.ID, err)
	}
	return m, nil
}

// messages are the rows with their media.
func (q querier) messages(ctx context.Context, rows []messageRow) ([]bot.Message, error) {
	out := make([]bot.Message, len(rows))
	for i := range rows {
		m, err := rows[i].message()
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, q.addMedia(ctx, out)
}

// listJSON writes an empty list as the empty text.
func listJSON[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("write JSON: %w", err)
	}
	return string(b), nil
}

func locationJSON(l *bot.Location) (string, error) {
	if l == nil {
		return "", nil
	}
	b, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("write location: %w", err)
	}
	return string(b), nil
}

func fromJSON(text string, into any) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	return nil
}
