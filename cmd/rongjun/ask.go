package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rongjun/bot"
	"rongjun/config"
	"rongjun/knowledge"
)

type askCommand struct {
	Question string `arg:"" help:"问题。"`
	Region   string `help:"提问人所在地区，如 浙江省/杭州市。"`
	AsOf     string `name:"as-of" help:"按哪一天的规定回答，如 2026-11-23；不填为今天。" placeholder:"DAY"`
}

// askAnswer is the answer as JSON.
type askAnswer struct {
	Decision bot.Decision `json:"decision"`
	Reply    string       `json:"reply"`
	Sources  []bot.Source `json:"sources"`
	Choices  []string     `json:"choices"`
	Trace    bot.Trace    `json:"trace"`
}

// Run answers one question as a contact would read it, without a running server: from the shipped
// guide and, where the data folder holds a database, from what is published in it.
func (a askCommand) Run(ctx context.Context, c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	day, err := knowledge.ParseDate(a.AsOf)
	if err != nil {
		return &usageError{"--as-of 应写成 2026-11-23 这样的日期。"}
	}
	if strings.TrimSpace(a.Question) == "" {
		return &usageError{"请写出要问的问题。"}
	}
	if a.Region != "" {
		region, err := readRegion(a.Region)
		if err != nil {
			return err
		}
		s.Region = string(region)
	}
	answer, err := ask(ctx, s, w, turnOf(a.Question, day))
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(w.out, asJSON(answer))
	}
	_, err = fmt.Fprintln(w.out, written(answer.Reply))
	return err
}

// ask answers one turn from what the data folder holds.
func ask(
	ctx context.Context, s config.Config, w world, t bot.Turn,
) (answer bot.Answer, err error) {
	shelf, done, err := standingShelf(ctx, s)
	if err != nil {
		return bot.Answer{}, err
	}
	defer func() { err = errors.Join(err, done()) }()
	answerer, err := newAnswerer(s, shelf, newLog(s.Log, w), whileWaiting)
	if err != nil {
		return bot.Answer{}, err
	}
	if err := shelf.publish(ctx); err != nil {
		return bot.Answer{}, err
	}
	return answerer.Answer(ctx, t)
}

// standingShelf is a shelf for one task beside a running serve: on what the database holds if there
// is one, which is not made, else for the shipped guide alone.
func standingShelf(ctx context.Context, s config.Config) (*shelf, func() error, error) {
	nothing := func() error { return nil }
	if haveDatabase(s) != nil {
		shelf, err := newShelf(s, nil)
		return shelf, nothing, err
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return nil, nothing, err
	}
	shelf, err := newShelf(s, db)
	if err != nil {
		return nil, nothing, errors.Join(err, db.Close())
	}
	return shelf, db.Close, nil
}

func turnOf(question string, day knowledge.Date) bot.Turn {
	now := time.Now()
	return bot.Turn{
		Conversation: bot.Conversation{State: bot.StateBot, Introduced: true},
		Messages: []bot.Message{{
			From: bot.FromContact, Kind: bot.KindText,
			Text: bot.CleanText(question, bot.MaxText), At: now,
		}},
		Now: now, AsOf: day,
	}
}

func asJSON(a bot.Answer) askAnswer {
	out := askAnswer{
		Decision: a.Decision, Reply: written(a.Reply), Trace: a.Trace,
		Sources: []bot.Source{}, Choices: []string{},
	}
	out.Sources = append(out.Sources, a.Reply.Sources...)
	for _, choice := range a.Reply.Choices {
		out.Choices = append(out.Choices, choice.Text)
	}
	return out
}

// written is a reply as text, with its sources below.
func written(r bot.Reply) string {
	lines := []string{r.Text}
	for i, s := range r.Sources {
		if i == 0 {
			lines = append(lines, "")
		}
		lines = append(lines, "依据："+s.Line())
	}
	return strings.Join(lines, "\n")
}
