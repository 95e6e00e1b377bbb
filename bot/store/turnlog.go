package store

import (
	"context"

	"rongjun/bot"
)

type turnRow struct {
	ID       int64
	Outcome  bot.TurnOutcome
	Cause    string
	Decision bot.Decision
	Ended    stamp
	Asked    string
	Trace    string
}

const (
	turnsOf = `SELECT id, outcome, cause, decision, ended, asked, trace
		FROM turns WHERE conversation = ? ORDER BY id`
	partsOfTurns = `SELECT id, turn FROM messages
		WHERE conversation = ? AND sender = 'bot' AND turn IS NOT NULL ORDER BY id`
)

// TurnsOf lists the turns of a conversation, finished and dropped, oldest first.
func (s *Store) TurnsOf(ctx context.Context, conversation int64) ([]bot.TurnRecord, error) {
	const do = "list turns"
	var rows []turnRow
	err := s.peek(ctx, &rows, turnsOf, conversation)
	if err != nil {
		return nil, fault(do, err)
	}
	var parts []struct{ ID, Turn int64 }
	err = s.peek(ctx, &parts, partsOfTurns, conversation)
	if err != nil {
		return nil, fault(do, err)
	}
	byTurn := make(map[int64][]int64)
	for _, p := range parts {
		byTurn[p.Turn] = append(byTurn[p.Turn], p.ID)
	}
	out := make([]bot.TurnRecord, len(rows))
	for i, r := range rows {
		out[i] = bot.TurnRecord{
			ID: r.ID, Outcome: r.Outcome, Cause: r.Cause, Decision: r.Decision,
			Ended: r.Ended.time(), Parts: byTurn[r.ID],
		}
		if err := fromJSON(r.Asked, &out[i].Messages); err != nil {
			return nil, fault(do, err)
		}
		if err := fromJSON(r.Trace, &out[i].Trace); err != nil {
			return nil, fault(do, err)
		}
	}
	return out, nil
}
