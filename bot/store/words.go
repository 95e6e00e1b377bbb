package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"rongjun/bot"
)

// On PostgreSQL, where every statement is a trip, what contacts write most of the time takes a single
// one: a text to an open conversation that is known here. Whatever is out of the ordinary storeWords
// leaves alone, and it goes the way that Receive has for everything.
const (
	// lockWords holds the conversations in the order given. It is a statement of its own, since one
	// sees only what was committed before it began, and not what it waited for.
	lockWords = `SELECT c.id FROM unnest($1::bigint[]) AS v(id), LATERAL
		(SELECT id FROM conversations WHERE id = v.id FOR NO KEY UPDATE) AS c`

	// storeWords does for a new text to an open conversation, in which nothing is parked, what
	// storeRun and settle do, and returns the conversation and the message. OFFSET 0, and LIMIT in
	// place of EXISTS, keep what is asked of one row apart from the others, so that each finds its
	// index even with a plan that was made when the tables were empty.
	storeWords = `WITH fit AS MATERIALIZED (
			SELECT v.*, now, at, c.shown + 1 AS shown, at < c.budget_from AS earlier
			FROM unnest($4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::bigint[],
				$10::boolean[], $11::boolean[])
				AS v(conversation, account, platform_id, text, raw, written, prompt, urgent),
				LATERAL (SELECT ` + postgresClock + ` AS now OFFSET 0) AS n,
				LATERAL (SELECT coalesce(nullif(v.written, 0), n.now) AS at OFFSET 0) AS w,
				LATERAL (SELECT * FROM conversations WHERE id = v.conversation OFFSET 0) AS c
			WHERE c.state <> 'closed'
				AND (at < c.budget_from OR c.budget_last < (at / 1000000 + 1) * 1000000)
				AND (SELECT 1 FROM recalls AS r WHERE r.account = v.account
					AND r.message_platform_id = v.platform_id AND r.conversation = v.conversation
					LIMIT 1) IS NULL
				AND (SELECT 1 FROM messages AS p WHERE p.conversation = v.conversation
					AND p.state = 'parked' AND p.` + unfinished + ` LIMIT 1) IS NULL
		), stored AS (
			INSERT INTO messages (conversation, sender, kind, text, raw, account, platform_id, state,
				at, arrived, prompt, urgent, shown)
			SELECT conversation, 'contact', 'text', text, raw, account, platform_id, 'received',
				at, now, prompt, urgent, shown
			FROM fit
			ON CONFLICT (account, platform_id) WHERE account IS NOT NULL DO NOTHING
			RETURNING id, conversation
		)
		UPDATE conversations AS c SET changed = fit.now, shown = fit.shown,
			unread_first = CASE c.unread_last WHEN 0 THEN fit.now ELSE c.unread_first END,
			unread_last = fit.now,
			unread_prompt = c.unread_prompt OR fit.prompt,
			unread_urgent = c.unread_urgent OR fit.urgent,
			turn_at = ` + turnAt + `,
			budget_from = greatest(c.budget_from, fit.at),
			budget_sent = CASE WHEN fit.earlier THEN c.budget_sent ELSE 0 END,
			budget_closed = c.budget_closed AND fit.earlier
		FROM fit JOIN stored ON stored.conversation = fit.conversation
		WHERE c.id = fit.conversation
		RETURNING c.id AS conversation, stored.id AS message`

	// turnAt is bot.Pacing.TurnAt; a test holds the two equal. $1 is Quiet, $2 Longest, $3 PerMinute.
	turnAt = `CASE WHEN c.unread_urgent OR fit.urgent THEN fit.now ELSE greatest(
			CASE WHEN c.unread_prompt OR fit.prompt THEN fit.now ELSE least(fit.now + $1::bigint,
				CASE c.unread_last WHEN 0 THEN fit.now ELSE c.unread_first END + $2::bigint) END,
			c.unread_ready,
			CASE WHEN $3::bigint > 0 THEN (SELECT t.ended + 60000000 FROM turns AS t
				WHERE t.conversation = c.id AND t.outcome = 'finished'
				ORDER BY t.id DESC OFFSET $3 - 1 LIMIT 1) END) END`
)

// word is a text to a known conversation.
type word struct {
	receipt *receipt
	place   place
}

// receiveWords stores those that can be stored in one trip, and returns the others.
func (s *Store) receiveWords(ctx context.Context, group []*receipt) (left []*receipt) {
	if !s.engine.postgres {
		return group
	}
	words := s.wordsOf(group)
	if len(words) == 0 {
		return group
	}
	err := s.storeWords(ctx, words, group[0].pacing)
	for _, r := range group {
		if errors.Is(err, bot.ErrUnavailable) {
			r.err = err
		} else if r.accepted == nil {
			left = append(left, r)
		}
	}
	return left
}

// wordsOf finds those with a single text, ordered by conversation. Of one contact only the first
// may be among them: what comes later must be stored later.
func (s *Store) wordsOf(group []*receipt) []word {
	var words []word
	came := make(map[bot.Address]bool)
	for _, r := range group {
		first := r.arrivals[0]
		if len(r.arrivals) == 1 && !came[first.Address] && isWord(&first) {
			if p, ok := s.known.find(first.Address); ok {
				words = append(words, word{r, p})
			}
		}
		for _, a := range r.arrivals {
			came[a.Address] = true
		}
	}
	slices.SortFunc(words, func(a, b word) int {
		return cmp.Compare(a.place.conversation, b.place.conversation)
	})
	return words
}

// isWord reports whether an arrival is a text of the contact and nothing else.
func isWord(a *bot.Arrival) bool {
	return a.Kind == bot.KindText && a.Author == "" && a.Recalls == "" &&
		!a.History && !a.Fetches && a.Media == nil && a.Location == nil
}

func (s *Store) storeWords(ctx context.Context, words []word, p bot.Pacing) (err error) {
	const do = "receive words"
	defer caught(do, &err)
	ctx, cancel := context.WithTimeout(ctx, longestReceive)
	defer cancel()
	ids := make([]int64, len(words))
	args := make([][]any, len(words))
	byID := make(map[int64]*receipt, len(words))
	for i, w := range words {
		a := &w.receipt.arrivals[0]
		ids[i], byID[w.place.conversation] = w.place.conversation, w.receipt
		args[i] = []any{
			w.place.conversation, w.place.account, a.PlatformID, a.Text, a.Raw,
			int64(stampOf(a.At)), a.Prompt, a.Urgent,
		}
	}
	pacing := []any{p.Quiet.Microseconds(), p.Longest.Microseconds(), int64(p.PerMinute)}
	var stored []struct{ Conversation, Message int64 }
	lock := statement{name: "lock_words", text: lockWords, args: []any{ids}}
	store := statement{name: "store_words", text: storeWords}
	err = s.oneTrip(ctx, lock, store.with(&stored, append(pacing, columnsOf(args, len(args[0]))...)))
	if err != nil {
		return fault(do, err)
	}
	var changed []int64
	for _, row := range stored {
		changed = append(changed, row.Conversation)
		byID[row.Conversation].accepted = []bot.Accepted{
			{Message: row.Message, Conversation: row.Conversation, New: true},
		}
	}
	s.tell(changed, bot.WorkTurns)
	return nil
}
