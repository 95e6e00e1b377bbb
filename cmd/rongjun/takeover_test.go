package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// shifting is a model that answers after a random time, with words that the guard will replace.
func shifting(t *testing.T, most time.Duration) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(rand.N(most)):
		case <-r.Context().Done():
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
			"finish_reason": "stop",
			"message":       map[string]any{"role": "assistant", "content": "可以办理。[1]"},
		}}})
	}))
	t.Cleanup(s.Close)
	return s
}

// sendLog remembers which bot messages the platform began to read when, by customer.
type sendLog struct {
	mu    sync.Mutex
	begun map[string][]time.Time
}

func (l *sendLog) hook(c wecomtest.SendCall) {
	if c.Stage == wecomtest.SendBegun {
		time.Sleep(rand.N(15 * time.Millisecond)) // a slow network, while the request is under way
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun[c.To] = append(l.begun[c.To], c.At)
}

func (l *sendLog) after(customer string, t time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, at := range l.begun[customer] {
		if at.After(t) {
			n++
		}
	}
	return n
}

func TestNoBotRequestBeginsAfterATakeoverReturned(t *testing.T) {
	t.Parallel()
	trials := sized(300, 2000)
	model := shifting(t, 60*time.Millisecond)
	srv := platform(t, wecomtest.Config{})
	log := &sendLog{begun: map[string][]time.Time{}}
	srv.OnSend(log.hook)
	p, stop := running(t, settings(t, func(s *config.Config) {
		onPlatform(srv)(s)
		s.Turn.Quiet = 5 * time.Millisecond
		s.LLM = config.Endpoint{BaseURL: model.URL, Model: "m", Timeout: 5 * time.Second}
	}))
	srv.SetCallback(p.URL() + "/callback/wecom")
	question := fortyQuestions(t)[0].question
	span := replySpan(t, srv, question)

	var mu sync.Mutex
	taken := map[string]time.Time{}
	slots := make(chan struct{}, trialsAtOnce)
	var all sync.WaitGroup
	for i := range trials {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			name := fmt.Sprintf("c%d", i)
			srv.Customer(name).Say(testAccount, question)
			conversation := p.awaitConversation(t, name)
			time.Sleep(rand.N(span)) // the moment of the takeover shifts
			_, err := p.desk.Takeover(t.Context(), conversation, "wang")
			returned := time.Now()
			if assert.NoError(t, err) {
				mu.Lock()
				taken[name] = returned
				mu.Unlock()
			}
		})
	}
	all.Wait()
	stop() // from here on nothing of the program runs, so nothing can still be on its way
	require.Len(t, taken, trials)
	answered := 0
	for name, at := range taken {
		assert.Zero(t, log.after(name, at), "%s was sent something by the bot after the takeover", name)
		if len(srv.Customer(name).Received()) > 0 {
			answered++
		}
	}
	t.Logf("%d of %d takeovers came after a reply had begun", answered, trials)
	assert.Greater(t, answered, trials/20, "the moments did not shift enough to test anything")
	assert.Less(t, answered, trials, "the moments did not shift enough to test anything")
}

// trialsAtOnce contacts are taken over side by side.
const trialsAtOnce = 12

// replySpan is how long an answer takes on this machine now, when so many contacts ask at once, and as
// long again: the moments of the takeovers shift over all of it. The first answer is not counted, since
// it waits for the guide to be loaded.
func replySpan(t *testing.T, srv *wecomtest.Server, question string) time.Duration {
	t.Helper()
	var began time.Time
	for wave := range 2 {
		began = time.Now()
		var all []*customer
		for i := range trialsAtOnce {
			c := &customer{Customer: srv.Customer(fmt.Sprintf("warm%d-%d", wave, i)), t: t}
			c.Say(testAccount, question)
			all = append(all, c)
		}
		for _, c := range all {
			c.hear("《")
		}
	}
	return 2 * time.Since(began)
}

func (p *Program) awaitConversation(t *testing.T, customer string) int64 {
	t.Helper()
	changed, end := p.hub.Subscribe(bot.EveryConversation)
	defer end()
	deadline := time.After(patience)
	for {
		c, err := p.store.ConversationOf(t.Context(), bot.Address{
			Channel: wecom.Name, Account: testAccount, ExternalID: customer,
		})
		if err == nil {
			return c.ID
		}
		if !errors.Is(err, bot.ErrNotFound) {
			t.Error(err)
			return 0
		}
		select {
		case <-changed:
		case <-deadline:
			t.Error("the message never arrived")
			return 0
		}
	}
}
