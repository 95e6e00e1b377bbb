package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/store"
)

func TestALoadRunProvesThatEveryMessageWasAnsweredOnceAndInOrder(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{
		"sqlite": func(*testing.T) string { return "" }, "postgres": postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{"simulate", "--load", "--json", "contacts=15", "rate=10", "for=3s"}
			if url := database(t); url != "" {
				args = append(args, "--database", url)
			}
			p := launch(t, []string{"RONGJUN_TURN_QUIET=100ms"}, args...)
			require.NoError(t, p.cmd.Wait())
			text := p.out.await(t, "\n}\n")
			var r loadReport
			require.NoError(t, json.Unmarshal([]byte(text[strings.Index(text, "{"):]), &r), text)
			assert.True(t, r.Proven, text)
			assert.Equal(t, 30, r.Messages)
			assert.Equal(t, 30, r.Acknowledged.N, "each callback was answered")
			assert.LessOrEqual(t, r.Turns, 30)
			assert.GreaterOrEqual(t, r.Turns, 15, "one each, where a slow machine joins the second message")
			assert.Positive(t, r.Prompt.P50)
			assert.Positive(t, r.Patient.P50)
			assert.Less(t, r.PatientLess.P50, r.Patient.P50)
			assert.Positive(t, r.Processor.Program)
			assert.Positive(t, r.Processor.Platform)
			assert.Contains(t, r.Steps, "retrieve")
		})
	}
}

func TestALoadRunIsNotProvenByWhatWasLostSaidTwiceOrOutOfOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*loadRun)
		want  loadReport
	}{
		"all is well": {func(*loadRun) {}, loadReport{Proven: true}},
		"a message that the program has never seen": {func(r *loadRun) {
			r.said["lost"] = saying{contact: "contact0", at: time.Now()}
		}, loadReport{Unanswered: 1}},
		"a contact whom the program has never seen": {func(r *loadRun) {
			r.said["lost"] = saying{contact: "nobody", at: time.Now()}
		}, loadReport{Unanswered: 1}},
		"something that the program did not mean to send": {func(r *loadRun) {
			r.platform.AddReceptionist(r.account, "zhang").Say(r.account, r.platform.Customer("contact0"), "x")
		}, loadReport{Disordered: 1}},
		"a refusal": {func(r *loadRun) { r.refused[95001]++ }, loadReport{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newLoadRun(loadPlan{Contacts: 1, Rate: 1, For: time.Second}, settings(t, nil))
			t.Cleanup(r.close)
			answeredRun(t, r)
			c.spoil(r)
			assert.Equal(t, c.want.Unanswered == 0, r.heard())
			var report loadReport
			require.NoError(t, r.prove(t.Context(), &report))
			assert.Equal(t, c.want.Proven, report.Proven)
			assert.Equal(t, c.want.Unanswered, report.Unanswered)
			assert.Equal(t, c.want.Disordered, report.Disordered)
		})
	}
}

// answeredRun lets one contact ask one question of a program of this process and hear the answer.
func answeredRun(t *testing.T, r *loadRun) {
	t.Helper()
	s, err := simulated(r.settings, r.platform)
	require.NoError(t, err)
	r.settings = s
	p, stop := running(t, s)
	r.platform.SetCallback(p.URL() + "/callback/wecom")
	c := &customer{Customer: r.platform.Customer("contact0"), t: t}
	r.said[c.Say(r.account, "优待证怎么办理？")] = saying{contact: "contact0", at: time.Now(), prompt: true}
	c.hear("优待证")
	require.Eventually(t, func() bool { return sentAll(t, p.store, r.account) }, patience, 10*time.Millisecond)
	stop()
}

// sentAll reports whether the only contact's answer is at the platform as a whole.
func sentAll(t *testing.T, db *store.Store, account string) bool {
	t.Helper()
	c, err := db.ConversationOf(t.Context(), bot.Address{
		Channel: wecom.Name, Account: account, ExternalID: "contact0",
	})
	require.NoError(t, err)
	all, err := db.Messages(t.Context(), c.ID, 0, 100)
	require.NoError(t, err)
	for _, m := range all {
		if m.State == bot.MessagePending || m.State == bot.MessageSending {
			return false
		}
	}
	return len(all) > 1
}

func TestThePlanOfALoadRunIsReadAndBounded(t *testing.T) {
	t.Parallel()
	p, err := readPlan([]string{"contacts=5", "rate=7", "for=90s", "questions=cached"})
	require.NoError(t, err)
	assert.Equal(t, loadPlan{Contacts: 5, Rate: 7, For: 90 * time.Second, Cached: true}, p)
	p, err = readPlan(nil)
	require.NoError(t, err)
	assert.Equal(t, loadPlan{Contacts: 2500, Rate: 50, For: time.Minute}, p)
	for _, words := range []string{
		"contacts=0", "contacts=20001", "rate=1001", "for=11m", "for=0s", "rate=fast", "questions=old", "speed=1", "x",
	} {
		o := newOperator(t)
		d := o.runs("simulate", "--load", words)
		assert.Equal(t, exitUsage, d.code, words)
		assert.Empty(t, d.out, words)
	}
	assert.Equal(t, exitUsage, newOperator(t).runs("simulate", "rate=1").code, "words without --load")
}
