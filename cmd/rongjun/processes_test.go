package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// turnsOf is how many turns this program finished, by its own metrics.
func (p *Program) turnsOf(t *testing.T) float64 {
	t.Helper()
	all, err := p.gathered.Gather()
	require.NoError(t, err)
	total := 0.0
	for _, f := range all {
		if f.GetName() == "rongjun_turns_total" {
			for _, m := range f.GetMetric() {
				total += m.GetCounter().GetValue()
			}
		}
	}
	return total
}

func TestTwoProcessesOnOnePostgreSQLShareTheWork(t *testing.T) {
	t.Parallel()
	url := postgres(t)
	srv := platform(t, wecomtest.Config{})
	open := func() *Program {
		p, _ := running(t, settings(t, func(s *config.Config) {
			onPlatform(srv)(s)
			s.DatabaseURL = config.NewSecret(url)
		}))
		return p
	}
	one, two := open(), open()
	srv.SetCallback(one.URL() + "/callback/wecom")
	questions := fortyQuestions(t)
	const contacts, rounds = 30, 2
	for round := range rounds {
		var all []*customer
		for i := range contacts {
			c := &customer{Customer: srv.Customer(fmt.Sprintf("c%d", i)), t: t}
			c.read = len(c.Received())
			c.Say(testAccount, questions[(i+round)%len(questions)].question)
			all = append(all, c)
		}
		for i, c := range all {
			c.hear(questions[(i+round)%len(questions)].citation)
		}
	}
	first, second := one.turnsOf(t), two.turnsOf(t)
	t.Logf("turns: %v and %v", first, second)
	assert.EqualValues(t, contacts*rounds, first+second, "every question is one turn of one process")
	assert.Positive(t, first)
	assert.Positive(t, second)
}
