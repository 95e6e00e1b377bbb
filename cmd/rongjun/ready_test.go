package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/webchat"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/handlers"
)

// filled is a data folder with so many conversations of five messages each.
func filled(t testing.TB, conversations int) string {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	require.NoError(t, err)
	const each, batch = 5, 200
	for first := 0; first < conversations; first += batch {
		var arrivals []bot.Arrival
		for i := range batch * each {
			contact := fmt.Sprintf("contact%d", first+i/each)
			arrivals = append(arrivals, bot.Arrival{Incoming: bot.Incoming{
				Address: bot.Address{
					Channel: webchat.Name, Account: webchat.Name, ExternalID: contact,
				},
				PlatformID: fmt.Sprintf("%s:%d", contact, i), Kind: bot.KindText, History: true,
				Text: "我是去年退役的义务兵，想问一次性退役金什么时候发，要带哪些材料。", At: time.Now(),
			}})
		}
		_, err := db.Receive(t.Context(), arrivals, bot.DefaultPacing())
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())
	return dir
}

// untilHealthy starts the built program and returns how long it takes from the start of the process
// to the first answer of /healthz.
func untilHealthy(t testing.TB, data string) (time.Duration, *process) {
	t.Helper()
	port := freePort(t)
	binary(t) // built before the clock starts
	began := time.Now()
	p := launch(t, []string{"RONGJUN_DATA=" + data, "RONGJUN_LISTEN=127.0.0.1:" + port}, "serve")
	for time.Since(began) < patience {
		resp, err := http.Get("http://127.0.0.1:" + port + "/healthz")
		if err == nil {
			took := time.Since(began)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, http.StatusOK, resp.StatusCode)
			return took, p
		}
		time.Sleep(time.Millisecond) // nothing listens yet; there is no signal to wait for
	}
	t.Fatalf("never healthy:\n%s", p.out)
	return 0, nil
}

// soonHealthy is how long a built binary may take until /healthz answers.
const soonHealthy = 500 * time.Millisecond

// TestABuiltBinaryIsHealthySoonOnAFilledDatabase counts what the program used of the processors until
// then, since on a shared machine the time on the wall is also others'.
func TestABuiltBinaryIsHealthySoonOnAFilledDatabase(t *testing.T) {
	t.Parallel()
	took, p := untilHealthy(t, filled(t, 2000))
	used := processorTime(t, p)
	t.Logf("with 2,000 conversations healthy after %s, of which the program worked %s",
		took.Round(time.Millisecond), used)
	assert.Less(t, used, soonHealthy)
	assert.Less(t, took, 10*time.Second)
	assert.Zero(t, p.stop(t))
}

// processorTime is what a process has used so far.
func processorTime(t *testing.T, p *process) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("this system has no /proc to read the time of a process from")
	}
	require.NoError(t, err)
	// The fields after the name, which stands in parentheses: user and system time are the 12th and 13th.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const tick = 10 * time.Millisecond
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		require.NoError(t, err)
		ticks += n
	}
	return time.Duration(ticks) * tick
}

func BenchmarkStartUntilHealthy(b *testing.B) {
	data := filled(b, 2000)
	var all time.Duration
	for b.Loop() {
		took, p := untilHealthy(b, data)
		all += took
		p.stop(b)
	}
	b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms/start")
}

func readiness(t *testing.T, status int, body []byte) handlers.Readiness {
	t.Helper()
	var r handlers.Readiness
	require.NoError(t, json.Unmarshal(body, &r), string(body))
	assert.Equal(t, r.Ready, status == http.StatusOK)
	return r
}

func TestReadyOnlyOnceTheGuideIsLoaded(t *testing.T) {
	t.Parallel()
	p, err := Open(t.Context(), Options{
		Settings: settings(t, nil), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	recorder := httptest.NewRecorder()
	p.server.Handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	require.Equal(t, http.StatusServiceUnavailable, recorder.Code)
	r := readiness(t, recorder.Code, recorder.Body.Bytes())
	assert.Equal(t, handlers.Faulty, r.Parts["index"].State)
	assert.NotEmpty(t, r.Parts["index"].Reason)

	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
		require.NoError(t, p.Close())
	})
	v := newVisitor(t, p.URL())
	v.say("优待证怎么办理？")
	v.watch("").next("bot") // an answer shows that the guide is loaded
	got := v.get("/readyz")
	require.Equal(t, http.StatusOK, got.status)
	r = readiness(t, got.status, []byte(got.body))
	assert.Equal(t, handlers.Works, r.Parts["database"].State)
	assert.Equal(t, handlers.Works, r.Channels["web"].State)
	assert.Equal(t, handlers.Off, r.Channels["wecom"].State)
	assert.Equal(t, handlers.Off, r.Parts["model"].State)
}

func TestRetrievalThatIsLessThanWasSetIsNamed(t *testing.T) {
	t.Parallel()
	p, _ := running(t, settings(t, func(s *config.Config) {
		s.Embeddings = config.Endpoint{BaseURL: "http://127.0.0.1:1/v1", Model: "nobody listens"}
	}))
	v := newVisitor(t, p.URL())
	v.say("优待证怎么办理？")
	v.watch("").next("bot")
	got := v.get("/readyz")
	index := readiness(t, got.status, []byte(got.body)).Parts["index"]
	assert.Equal(t, handlers.Limited, index.State)
	assert.Regexp(t, "只按字词检索|按内置模型检索", index.Reason, "by words at first, then as it is built in")
}

func TestAFaultOfTheChannelIsNamedWhileTheRestWorksAndEndsWhenItIsMended(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	for _, path := range []string{"/cgi-bin/kf/account/list", "/cgi-bin/kf/sync_msg"} {
		srv.Fault(path, wecomtest.Fault{Code: 60020})
	}
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "优待证怎么办理？")
	v := newVisitor(t, p.URL())
	v.say("优待证怎么办理？")
	v.watch("").next("bot")
	state := func() handlers.Status {
		got := v.get("/readyz")
		require.Equal(t, http.StatusOK, got.status, "one channel's fault stops no other")
		return readiness(t, got.status, []byte(got.body)).Channels["wecom"]
	}
	require.Eventually(t, func() bool { return state().State == handlers.Faulty },
		patience, 20*time.Millisecond)
	assert.Contains(t, state().Reason, "60020")
	assert.Contains(t, state().Reason, "可信IP")
	srv.ClearFaults()
	li.hear("优待证")
	require.Eventually(t, func() bool { return state().State == handlers.Works },
		patience, 100*time.Millisecond)
}
