package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// longestStop is how long a stop may take by contract.
const longestStop = 10 * time.Second

// stopUnderWork sends a question whose model hangs, stops the built program in the middle, and
// returns the contact and the environment for a second start. release is called after the signal. A stop
// that takes too long is tried again, since the machine may have been busy.
func stopUnderWork(t *testing.T, release func(*fakeModel)) (v *visitor, env []string) {
	t.Helper()
	for range 3 {
		var took time.Duration
		if v, env, took = stopOnce(t, release); took < longestStop {
			return v, env
		}
	}
	t.Errorf("a stop never took less than %s", longestStop)
	return v, env
}

func stopOnce(t *testing.T, release func(*fakeModel)) (*visitor, []string, time.Duration) {
	t.Helper()
	model := newModel(t, hanging)
	port := freePort(t)
	env := []string{
		"RONGJUN_DATA=" + t.TempDir(), "RONGJUN_LISTEN=127.0.0.1:" + port,
		"RONGJUN_LLM_BASE_URL=" + model.url, "RONGJUN_LLM_MODEL=slow", "RONGJUN_LLM_TIMEOUT=50s",
		"RONGJUN_TURN_QUIET=30ms",
	}
	p := launch(t, env, "serve")
	p.out.await(t, "荣军已启动")
	v := newVisitor(t, "http://127.0.0.1:"+port)
	page := v.watch("")
	v.say(modelQuestion)
	require.Equal(t, "contact", page.next().From)
	model.awaitCall(t)
	began := time.Now()
	done := make(chan int, 1)
	go func() { done <- p.stop(t) }()
	<-page.ended // the program has heard the signal
	release(model)
	assert.Zero(t, <-done, p.out.String())
	took := time.Since(began)
	t.Logf("stopped after %s", took.Round(time.Millisecond))
	return v, env[:2], took
}

func TestAStopPutsATurnBackThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	v, env := stopUnderWork(t, func(*fakeModel) {})
	launch(t, env, "serve")
	answeredOnce(t, v)
}

func TestAStopLetsATurnFinishThatIsNearlyDone(t *testing.T) {
	t.Parallel()
	v, env := stopUnderWork(t, func(m *fakeModel) { m.behave(good) })
	launch(t, env, "serve")
	assert.Contains(t, answeredOnce(t, v).Text, modelWords)
}

// answeredOnce waits for the one answer to the contact's one question, and for nothing more.
func answeredOnce(t *testing.T, v *visitor) line {
	t.Helper()
	v.awaitUp()
	page := v.watch("")
	answer := page.next("bot")
	assert.True(t, answer.cites(modelSource), answer)
	// A second question is answered in its turn: nothing stands between the two answers.
	v.say("谢谢")
	assert.Equal(t, "contact", page.next().From)
	assert.Contains(t, page.next("bot").Text, "不客气")
	return answer
}
