package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/store"
)

// questionsFile has forty questions, each with a citation that no other of them has: a line each,
// question, tab, citation as it is written in the reply. See questions_test.go for how they are chosen.
const questionsFile = "testdata/questions.txt"

type asked struct{ question, citation string }

func fortyQuestions(t *testing.T) []asked {
	t.Helper()
	var all []asked
	seen := map[string]bool{}
	file, err := os.ReadFile(questionsFile)
	require.NoError(t, err)
	for s := bufio.NewScanner(bytes.NewReader(file)); s.Scan(); {
		question, citation, ok := strings.Cut(s.Text(), "\t")
		require.True(t, ok, s.Text())
		require.False(t, seen[citation], "%s is expected twice", citation)
		seen[citation] = true
		all = append(all, asked{question, citation})
	}
	require.Len(t, all, 40)
	return all
}

// killRun is the built program on a stand-in platform, killed at random moments while contacts talk.
type killRun struct {
	t         *testing.T
	platform  *wecomtest.Server
	env       []string
	questions []asked
	// contacts write messages each; kills is how often the program dies meanwhile.
	contacts, messages, kills int
	// wait is how long a contact waits for an answer.
	wait time.Duration

	// database is where the program keeps its data.
	database store.Options
	process  *process

	// sent counts the contacts' messages; said holds a token after each.
	sent atomic.Int64
	said chan struct{}
}

func TestKilledAtAnyMomentNothingIsLostAndNothingIsSaidTwice(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{
		"sqlite": func(*testing.T) string { return "" }, "postgres": postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := database(t)
			data := t.TempDir()
			srv := platform(t, wecomtest.Config{CallbackPause: 200 * time.Millisecond})
			port := freePort(t)
			k := &killRun{
				t: t, platform: srv, questions: fortyQuestions(t), contacts: 50,
				wait:     patience,
				messages: sized(6, 40), kills: sized(10, 100), said: make(chan struct{}, 1),
				database: store.Options{URL: url, Dir: data},
				env: environment(srv, "RONGJUN_DATA="+data, "RONGJUN_DATABASE_URL="+url,
					"RONGJUN_LISTEN=127.0.0.1:"+port, "RONGJUN_TURN_QUIET=100ms",
					"RONGJUN_TURN_PER_MINUTE=100000"),
			}
			srv.SetCallback("http://127.0.0.1:" + port + "/callback/wecom")
			k.run(func() {})
			k.check()
		})
	}
}

// run lets all talk; said is called when the last answer was heard, before the program ends.
func (k *killRun) run(said func()) {
	k.start()
	ctx, cancel := context.WithTimeout(k.t.Context(), time.Duration(k.kills)*8*time.Second+2*k.wait)
	defer cancel()
	var talking sync.WaitGroup
	for i := range k.contacts {
		talking.Go(func() {
			if !k.talk(ctx, i) {
				cancel() // one contact who waits in vain ends the run
			}
		})
	}
	// The kills are spread over the messages; the moment of each is random.
	for i := range k.kills {
		k.awaitSent(ctx, int64((i+1)*k.contacts*k.messages/(k.kills+2)))
		time.Sleep(rand.N(400 * time.Millisecond))
		k.process.kill()
		k.start()
	}
	talking.Wait()
	said()
	k.awaitOutbox(ctx)
	assert.Zero(k.t, k.process.stop(k.t), k.process.out.String())
}

// awaitSent waits until the contacts have written so many messages.
func (k *killRun) awaitSent(ctx context.Context, n int64) {
	for k.sent.Load() < n && ctx.Err() == nil {
		select {
		case <-k.said:
		case <-ctx.Done():
		}
	}
}

// awaitOutbox waits until the running program has sent all it has to send.
func (k *killRun) awaitOutbox(ctx context.Context) {
	db, err := store.Open(ctx, k.database)
	require.NoError(k.t, err)
	defer db.Close()
	require.Eventually(k.t, func() bool {
		all, err := db.Conversations(ctx, "", 10_000)
		require.NoError(k.t, err)
		for _, c := range all {
			transcript, err := db.Messages(ctx, c.ID, 0, 10_000)
			require.NoError(k.t, err)
			for _, m := range transcript {
				if m.State == bot.MessagePending || m.State == bot.MessageSending {
					return false
				}
			}
		}
		return true
	}, patience, 100*time.Millisecond)
}

func (k *killRun) start() {
	k.process = launch(k.t, k.env, "serve")
	k.process.out.await(k.t, "荣军已启动")
}

// talk is one contact. Three in ten of all messages are a burst: two fragments and then the question.
func (k *killRun) talk(ctx context.Context, i int) bool {
	c := k.platform.Customer(fmt.Sprintf("contact%d", i))
	read := 0
	for sent := 0; sent < k.messages; sent++ {
		q := k.questions[(i*7+sent)%len(k.questions)]
		if k.messages-sent >= 3 && sent%10 == 0 && i%5 < 3 {
			k.say(c, "我想问个事")
			k.say(c, "是这样的")
			sent += 2
		}
		k.say(c, q.question)
		limited, done := context.WithTimeout(ctx, k.wait)
		var ok bool
		read, ok = awaitCitation(limited, c, read, q.citation)
		done()
		if !ok {
			k.t.Errorf("contact %d waits in vain for %s after %q; it has %d messages:\n%s",
				i, q.citation, q.question, len(c.Received()), k.latest(i))
			return false
		}
	}
	return true
}

func (k *killRun) say(c *wecomtest.Customer, text string) {
	c.Say(testAccount, text)
	k.sent.Add(1)
	select {
	case k.said <- struct{}{}:
	default:
	}
}

// awaitCitation waits for a message after the first read ones that holds the citation.
func awaitCitation(ctx context.Context, c *wecomtest.Customer, read int, citation string) (int, bool) {
	for {
		all, err := c.Wait(ctx, read+1)
		if err != nil {
			return read, false
		}
		for ; read < len(all); read++ {
			if strings.Contains(all[read].Text, citation) {
				return read + 1, true
			}
		}
	}
}

// latest tells how a contact's last messages stand, for who looks for the reason of a fault.
func (k *killRun) latest(contact int) string {
	ctx := context.Background()
	db, err := store.Open(ctx, k.database)
	if err != nil {
		return err.Error()
	}
	defer db.Close()
	c, err := db.ConversationOf(ctx, bot.Address{
		Channel: wecom.Name, Account: testAccount, ExternalID: fmt.Sprintf("contact%d", contact),
	})
	if err != nil {
		return err.Error()
	}
	transcript, err := db.Messages(ctx, c.ID, 0, 10_000)
	if err != nil {
		return err.Error()
	}
	told := fmt.Sprintf("now %s, conversation %s\n", time.Now().Format(time.TimeOnly), c.State)
	for _, m := range transcript[max(0, len(transcript)-8):] {
		told += fmt.Sprintf("  %d from %s, %s, %q, turn %d, at %s: %.30s\n", m.ID, m.From, m.State, m.Note,
			m.Turn, m.At.Format(time.TimeOnly), m.Text)
	}
	return told
}

// check reads the database as the last process left it.
func (k *killRun) check() {
	db, err := store.Open(context.Background(), k.database)
	require.NoError(k.t, err)
	defer db.Close()
	expected := map[string]string{}
	for _, q := range k.questions {
		expected[q.question] = q.citation
	}
	accepted := 0
	for i := range k.contacts {
		name := fmt.Sprintf("contact%d", i)
		c, err := db.ConversationOf(context.Background(), bot.Address{
			Channel: wecom.Name, Account: testAccount, ExternalID: name,
		})
		require.NoError(k.t, err)
		accepted += k.checkConversation(db, c.ID, k.platform.Customer(name).Received(), expected)
	}
	assert.Equal(k.t, k.contacts*k.messages, accepted, "every message was accepted")
}

// checkConversation holds one transcript against what the platform delivered, and returns how many
// messages of the contact it has.
func (k *killRun) checkConversation(
	db *store.Store, id int64, delivered []wecomtest.Received, expected map[string]string,
) int {
	t := k.t
	ctx := context.Background()
	transcript, err := db.Messages(ctx, id, 0, 10_000)
	require.NoError(t, err)
	byID := map[int64]bot.Message{}
	incoming := 0
	for _, m := range transcript {
		byID[m.ID] = m
		if m.From == bot.FromContact {
			incoming++
		}
	}
	turns, err := db.TurnsOf(ctx, id)
	require.NoError(t, err)
	belongs := map[int64]bool{}
	var replied []string
	for _, turn := range turns {
		if turn.Outcome != bot.TurnFinished {
			continue
		}
		require.NotEmpty(t, turn.Parts, "a turn without a reply")
		var reply strings.Builder
		for _, part := range turn.Parts {
			m := byID[part]
			replied = append(replied, m.PlatformID)
			reply.WriteString(m.Text)
			for _, s := range m.Sources {
				reply.WriteString(s.Line())
			}
		}
		for _, m := range turn.Messages {
			assert.False(t, belongs[m], "a message in two turns")
			belongs[m] = true
			if want, ok := expected[byID[m].Text]; ok {
				assert.Contains(t, reply.String(), want)
			}
		}
	}
	assert.Len(t, belongs, incoming, "every message belongs to a finished turn")
	var platformIDs []string
	for _, d := range delivered {
		platformIDs = append(platformIDs, d.MsgID)
	}
	assert.Equal(t, replied, platformIDs, "the parts are at the platform once and in order")
	return incoming
}
