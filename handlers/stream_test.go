package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// event is one event of a stream.
type event struct{ name, id, data string }

// events is an open stream; it ends with the test or with stop.
type events struct {
	all  chan event
	stop context.CancelFunc
}

func (b *browser) listen(path, lastID string) *events {
	b.t.Helper()
	ctx, stop := context.WithCancel(b.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+path, nil)
	require.NoError(b.t, err)
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := (&http.Client{Jar: b.jar}).Do(request) //nolint:bodyclose // closed by the reader
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, response.StatusCode)
	require.Contains(b.t, response.Header.Get("Content-Type"), "text/event-stream")
	e := &events{all: make(chan event, 100), stop: stop}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer response.Body.Close()
		e.read(response.Body)
	}()
	b.t.Cleanup(func() { stop(); <-done })
	return e
}

// read passes events on until the stream ends.
func (e *events) read(body io.Reader) {
	defer close(e.all)
	var now event
	for lines := bufio.NewScanner(body); lines.Scan(); {
		switch field, value, _ := strings.Cut(lines.Text(), ": "); field {
		case "event":
			now.name = value
		case "id":
			now.id = value
		case "data":
			now.data = value
		case "":
			if now.name != "" {
				e.all <- now
			}
			now = event{}
		}
	}
}

// next waits for the next event of a name.
func (e *events) next(t *testing.T, name string) event {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case got, ok := <-e.all:
			require.True(t, ok, "the stream ended before %q came", name)
			if got.name == name {
				return got
			}
		case <-late:
			require.Fail(t, "no event", name)
		}
	}
}

type message struct {
	ID, From, Text, Time string
	Sources              []map[string]string
	Replies              []map[string]string
}

func (e *events) message(t *testing.T) (message, string) {
	t.Helper()
	got := e.next(t, "message")
	var m message
	require.NoError(t, json.Unmarshal([]byte(got.data), &m))
	return m, got.id
}

func TestAStreamOpenedBeforeTheFirstWordSeesQuestionAndAnswer(t *testing.T) {
	t.Parallel()
	b := newRig(t).browser()
	b.get("/")
	e := b.listen("/chat/events", "")
	assert.Contains(t, e.next(t, "state").data, `"state":"bot"`)
	id := idOf(t, b.json("/chat/messages", `{"text":"怎么领","client_id":"a"}`))
	asked, _ := e.message(t)
	assert.Equal(t, id, asked.ID)
	assert.Equal(t, "contact", asked.From)
	answered, _ := e.message(t)
	assert.Equal(t, "bot", answered.From)
	assert.Equal(t, "《退役军人安置条例》", answered.Sources[0]["title"])
	assert.Equal(t, "第四十三条", answered.Sources[0]["article"])
	assert.Equal(t, "2024年9月1日起施行", answered.Sources[0]["in_force"])
	require.Len(t, answered.Replies, 2)
	assert.NotEmpty(t, answered.Replies[0]["id"])
	_, err := time.Parse(time.RFC3339, answered.Time)
	assert.NoError(t, err)
}

func TestAResumedStreamNeitherLosesNorRepeats(t *testing.T) {
	t.Parallel()
	b := newRig(t).browser()
	b.get("/")
	var seen []string
	last := ""
	const questions = 12
	for i := range questions {
		idOf(t, b.json("/chat/messages", fmt.Sprintf(`{"text":"第%d问","client_id":"q%d"}`, i, i)))
		e := b.listen("/chat/events", last)
		for range 2 {
			m, id := e.message(t)
			seen, last = append(seen, m.ID), id
		}
		e.stop()
	}
	unique := map[string]bool{}
	for _, id := range seen {
		unique[id] = true
	}
	assert.Len(t, unique, 2*questions, "every question and every answer once")
	place, err := strconv.Atoi(last)
	require.NoError(t, err)
	assert.Equal(t, 2*questions, place)
}

func TestAStreamWithoutAPlaceBeginsWithTheLastFifty(t *testing.T) {
	t.Parallel()
	b := newRig(t).browser()
	for i := range 60 {
		idOf(t, b.json("/chat/messages", fmt.Sprintf(`{"text":"第%d问","client_id":"q%d"}`, i, i)))
	}
	whole := b.listen("/chat/events?after=1", "")
	for range 59 {
		whole.message(t)
	}
	e := b.listen("/chat/events", "")
	first, id := e.message(t)
	place, err := strconv.Atoi(id)
	require.NoError(t, err)
	assert.Greater(t, place, 10)
	assert.NotEqual(t, "第0问", first.Text)
}

func TestAPlaceOfAnEarlierCookieLosesNothing(t *testing.T) {
	t.Parallel()
	b := newRig(t).browser()
	b.get("/")
	early := b.listen("/chat/events", "400")
	early.next(t, "state")
	idOf(t, b.json("/chat/messages", `{"text":"换了手机","client_id":"a"}`))
	m, _ := early.message(t)
	assert.Equal(t, "换了手机", m.Text)
	m, _ = b.listen("/chat/events", "400").message(t)
	assert.Equal(t, "换了手机", m.Text)
}

func TestAStreamEndsWithTheProgram(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.browser().listen("/chat/events", "")
	e.next(t, "state")
	r.stopStreams()
	select {
	case _, open := <-e.all:
		assert.False(t, open)
	case <-time.After(patience):
		assert.Fail(t, "the stream is still open")
	}
}

func TestTheStreamTellsWhoIsInCharge(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser()
	e := b.listen("/chat/events", "")
	e.next(t, "state")
	idOf(t, b.json("/chat/messages", `{"text":"转人工","client_id":"a"}`))
	assert.Contains(t, e.next(t, "state").data, `"state":"queued"`)
	_, err := r.desk.Takeover(t.Context(), r.only().ID, "李敏")
	require.NoError(t, err)
	state := e.next(t, "state").data
	assert.Contains(t, state, `"state":"staff"`)
	assert.NotContains(t, state, "李敏", "names of staff stay inside")
}
