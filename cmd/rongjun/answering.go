package main

import (
	"fmt"
	"log/slog"
	"time"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/bot/llm"
	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/text"
)

// newShelf makes a shelf that nothing is published on yet. Without a store it will hold the shipped
// guide alone.
func newShelf(s config.Config, db *store.Store) (*shelf, error) {
	n, err := text.New()
	if err != nil {
		return nil, fmt.Errorf("load normaliser: %w", err)
	}
	made := &shelf{sample: usesSample(s), text: n}
	if db == nil {
		made.meaning, err = newMeaning(s, vectorFiles(s))
		return made, err
	}
	made.published = db
	made.meaning, err = newMeaning(s, vectorsAlso{db, vectorFiles(s)})
	return made, err
}

// How long a question's vector may take: while a contact waits, as the answerer has it; while answers
// are measured, as long as it takes, since a score that falls when the machine is busy says nothing.
const (
	whileWaiting time.Duration = 0
	unhurried                  = time.Minute
)

// newAnswerer makes an answerer on a shelf from the settings, with the services they name.
func newAnswerer(
	s config.Config, shelf *shelf, log *slog.Logger, patience time.Duration,
) (*answer.Answerer, error) {
	o := answer.Options{
		Library: shelf.library, Normaliser: shelf.text, Region: knowledge.Region(s.Region), Log: log,
		Patience: patience,
	}
	if m := s.MiniProgram; m.AppID != "" {
		o.Mini = &bot.MiniProgram{AppID: m.AppID, Path: m.Path, Title: m.Title}
	}
	if s.LLM.On() {
		o.Model = llm.New(llm.Options{
			BaseURL: s.LLM.BaseURL, Key: s.LLM.Key.Reveal(), Model: s.LLM.Model, Timeout: s.LLM.Timeout,
		})
	}
	if shelf.meaning != nil {
		wanted := shelf.meaning.wanted
		o.Embedder, o.Near, o.Tells = shelf.meaning, wanted.near, wanted.tells
	}
	a, err := answer.New(o)
	if err != nil {
		return nil, fmt.Errorf("make answerer: %w", err)
	}
	return a, nil
}

func (p *Program) openAnswerer() error {
	var err error
	if p.shelf, err = newShelf(p.settings, p.store); err != nil {
		return err
	}
	p.answerer, err = newAnswerer(p.settings, p.shelf, p.log, whileWaiting)
	return err
}
