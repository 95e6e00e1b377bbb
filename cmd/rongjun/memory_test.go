package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

var residentLine = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// resident is the memory that a process holds, in MiB.
func resident(t testing.TB, p *process) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err)
	found := residentLine.FindSubmatch(status)
	require.NotNil(t, found)
	kilobytes, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return kilobytes / 1024
}

func TestMemoryDoesNotGrowWithTheConversations(t *testing.T) {
	t.Parallel()
	if !long() {
		t.Skip("RONGJUN_TEST_LONG is not set: ten thousand conversations take minutes")
	}
	const contacts, atOnce = 10_000, 50
	srv := platform(t, wecomtest.Config{})
	port := freePort(t)
	p := launch(t, environment(srv, "RONGJUN_DATA="+t.TempDir(), "RONGJUN_LOG_LEVEL=error",
		"RONGJUN_LISTEN=127.0.0.1:"+port, "RONGJUN_TURN_QUIET=20ms"), "serve")
	p.out.await(t, "荣军已启动")
	srv.SetCallback("http://127.0.0.1:" + port + "/callback/wecom")
	questions := fortyQuestions(t)
	first := &customer{Customer: srv.Customer("first"), t: t}
	first.Say(testAccount, questions[0].question)
	first.hear(questions[0].citation)
	idle := resident(t, p)

	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i := range contacts {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			q := questions[i%len(questions)]
			c := &customer{Customer: srv.Customer(fmt.Sprintf("c%d", i)), t: t}
			c.Say(testAccount, q.question)
			c.hear(q.citation)
		})
	}
	all.Wait()
	after := resident(t, p)
	t.Logf("%d MiB after the first answer, %d MiB after %d conversations", idle, after, contacts)
	assert.Less(t, after, idle+300, "what is answered is not kept in memory")
	assert.Zero(t, p.stop(t))
}
