package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/store"
	"rongjun/handlers"
)

// indexState reads the state of the index out of an answer of /readyz.
func indexState(resp *http.Response) (string, error) {
	defer func() { _ = resp.Body.Close() }()
	var ready handlers.Readiness
	if err := json.NewDecoder(resp.Body).Decode(&ready); err != nil {
		return "", fmt.Errorf("read /readyz: %w", err)
	}
	return string(ready.Parts["index"].State), nil
}

// prove holds what the program's database says against what the platform has seen, contact by contact,
// and measures on the way. The program has stopped.
func (r *loadRun) prove(ctx context.Context, report *loadReport) (err error) {
	db, err := store.Open(ctx, store.Options{
		URL: r.settings.DatabaseURL.Reveal(), Dir: r.settings.Data,
	})
	if err != nil {
		return fmt.Errorf("open the program's database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	wrote := map[string]int{}
	for _, s := range r.said {
		wrote[s.contact]++
	}
	m := newMeasurement()
	for contact, messages := range wrote {
		if err := r.proveContact(ctx, db, contact, messages, m, report); err != nil {
			return err
		}
	}
	r.acknowledged(report)
	m.into(report)
	report.Messages = len(r.said)
	report.Refused = r.refused
	report.Proven = report.Unanswered == 0 && report.Twice == 0 && report.Disordered == 0 &&
		len(report.Refused) == 0
	return nil
}

func (r *loadRun) proveContact(
	ctx context.Context, db *store.Store, contact string, messages int, m *measurement, report *loadReport,
) error {
	c, err := db.ConversationOf(ctx, bot.Address{
		Channel: wecom.Name, Account: r.account, ExternalID: contact,
	})
	if errors.Is(err, bot.ErrNotFound) {
		report.Unanswered += messages
		return nil
	}
	if err != nil {
		return fmt.Errorf("find a contact's conversation: %w", err)
	}
	transcript, err := db.Messages(ctx, c.ID, 0, 10_000)
	if err != nil {
		return fmt.Errorf("read a transcript: %w", err)
	}
	turns, err := db.TurnsOf(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("read turns: %w", err)
	}
	byID := map[int64]bot.Message{}
	for _, one := range transcript {
		byID[one.ID] = one
	}
	answered := map[int64]bool{}
	var replied []string
	for _, turn := range turns {
		if turn.Outcome != bot.TurnFinished {
			continue
		}
		for _, id := range turn.Messages {
			if answered[id] {
				report.Twice++
			}
			answered[id] = true
		}
		for _, part := range turn.Parts {
			replied = append(replied, byID[part].PlatformID)
		}
		r.measure(m, turn, byID)
	}
	report.Unanswered += messages - len(answered)
	if !slices.Equal(replied, r.received(contact)) {
		report.Disordered++
	}
	return nil
}

// received is what has come to a contact, in order.
func (r *loadRun) received(contact string) []string {
	var ids []string
	for _, one := range r.platform.Customer(contact).Received() {
		ids = append(ids, one.MsgID)
	}
	return ids
}

// measure takes the times of a turn whose first part has arrived.
func (r *loadRun) measure(m *measurement, turn bot.TurnRecord, byID map[int64]bot.Message) {
	if len(turn.Parts) == 0 || len(turn.Messages) == 0 {
		return
	}
	s, known := r.said[byID[turn.Messages[len(turn.Messages)-1]].PlatformID]
	arrived, sent := r.arrived[byID[turn.Parts[0]].PlatformID]
	if !known || !sent || s.warm {
		return
	}
	m.turns++
	m.decisions[string(turn.Decision)]++
	if turn.Trace.WordsOnly {
		m.wordsOnly++
	}
	total := arrived.Sub(s.at)
	if !s.prompt {
		m.patient = append(m.patient, total)
		m.patientLess = append(m.patientLess, max(0, total-r.settings.Turn.Quiet))
		return
	}
	m.prompt = append(m.prompt, total)
	var answering time.Duration
	for _, step := range turn.Trace.Steps {
		m.steps[step.Name] += step.Took
		answering += step.Took
	}
	m.before += turn.Ended.Sub(s.at) - answering
	m.answering += answering
	m.after += arrived.Sub(turn.Ended)
}

// acknowledged takes the times in which callbacks were answered.
func (r *loadRun) acknowledged(report *loadReport) {
	var took []time.Duration
	for _, c := range r.platform.Callbacks() {
		if c.Status != http.StatusOK {
			report.CallbacksFailed++
			continue
		}
		took = append(took, c.Took)
	}
	report.Acknowledged = spreadOf(took)
}
