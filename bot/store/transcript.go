package store

import (
	"context"
	"database/sql"
	"slices"

	"rongjun/bot"
)

// Conversation implements bot.TranscriptStore.
func (s *Store) Conversation(ctx context.Context, id int64) (bot.Conversation, error) {
	return s.conversation(ctx, "read conversation", readByID, id)
}

// ConversationOf implements bot.TranscriptStore.
func (s *Store) ConversationOf(ctx context.Context, a bot.Address) (bot.Conversation, error) {
	return s.conversation(ctx, "read conversation of contact", readByAddress,
		a.Channel, a.Account, a.ExternalID)
}

func (s *Store) conversation(
	ctx context.Context, do, query string, args ...any,
) (bot.Conversation, error) {
	var rows []conversationRow
	err := s.peek(ctx, &rows, query, args...)
	if err == nil && len(rows) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return bot.Conversation{}, fault(do, err)
	}
	return rows[0].conversation(), nil
}

// listed picks the longest waiting first, then the latest changed, in one statement: between two, who
// begins to wait would be missed by both.
const listed = `WHERE c.id IN (
	SELECT id FROM (SELECT w.id FROM conversations AS w
		WHERE w.waiting_since > 0 AND (?0 = '' OR w.state = ?0)
		ORDER BY w.waiting_since, w.id LIMIT ?1) AS waiting
	UNION ALL
	SELECT id FROM (SELECT r.id FROM conversations AS r
		WHERE r.waiting_since = 0 AND (?0 = '' OR r.state = ?0)
		ORDER BY r.changed DESC, r.id DESC LIMIT ?1) AS rest)
	ORDER BY CASE WHEN c.waiting_since > 0 THEN 0 ELSE 1 END, c.waiting_since,
		CASE WHEN c.waiting_since > 0 THEN c.id ELSE -c.changed END, c.id DESC LIMIT ?1`

// Conversations implements bot.TranscriptStore.
func (s *Store) Conversations(
	ctx context.Context, state bot.State, limit int,
) ([]bot.Conversation, error) {
	var rows []conversationRow
	err := s.read().scan(ctx, &rows, selectConversations+listed, state, max(limit, 0))
	if err != nil {
		return nil, fault("list conversations", err)
	}
	out := make([]bot.Conversation, len(rows))
	for i := range rows {
		out[i] = rows[i].conversation()
	}
	return out, nil
}

// Messages implements bot.TranscriptStore.
func (s *Store) Messages(
	ctx context.Context, conversation, after int64, limit int,
) ([]bot.Message, error) {
	query := laterMessages
	if after == 0 {
		query = lastMessages
	}
	out, err := s.page(ctx, query, page{conversation, after, limit})
	return out, fault("read transcript", err)
}

// Visible implements bot.VisibleStore.
func (s *Store) Visible(
	ctx context.Context, conversation, after int64, limit int,
) ([]bot.Message, error) {
	query := laterVisible
	if after == 0 {
		query = lastVisible
	}
	out, err := s.page(ctx, query, page{conversation, after, limit})
	return out, fault("read visible messages", err)
}

// page is a part of a conversation: what comes after a place, or the last.
type page struct {
	conversation, after int64
	limit               int
}

const (
	laterMessages = "SELECT * FROM messages WHERE conversation = ? AND id > ? ORDER BY id LIMIT ?"
	lastMessages  = "SELECT * FROM messages WHERE conversation = ? AND id > ? ORDER BY id DESC LIMIT ?"
	visible       = "SELECT * FROM messages WHERE conversation = ? AND shown > 0 AND shown > ?"
	laterVisible  = visible + " ORDER BY shown LIMIT ?"
	lastVisible   = visible + " ORDER BY shown DESC LIMIT ?"
)

func (s *Store) page(ctx context.Context, query string, p page) ([]bot.Message, error) {
	var rows []messageRow
	err := s.peek(ctx, &rows, query, p.conversation, p.after, max(p.limit, 0))
	if err != nil {
		return nil, err
	}
	if p.after == 0 {
		slices.Reverse(rows)
	}
	return s.read().messages(ctx, rows)
}
