package wecomtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"rongjun/bot/channel/platform/platformtest"
)

// wire keeps the last things that went over the line, for the simulator's page. Nothing is kept before
// somebody looks.
type wire struct {
	mu     sync.Mutex
	looked bool
	n      int
	log    []wired
	news   chan struct{} // closed and replaced at each entry
}

// wired is one thing that went over the line, as the page gets it.
type wired struct {
	N    int       `json:"n"` // counts from 1
	Time time.Time `json:"time"`
	// Way is "in" for a callback to the program and "out" for a call of the program.
	Way    string  `json:"way"`
	What   string  `json:"what"`
	Result string  `json:"result"`
	Good   bool    `json:"good"`
	Took   float64 `json:"took"` // milliseconds
	// Plain is the decrypted callback or the request, Sealed the callback as it travelled, Answer what
	// came back.
	Plain  string `json:"plain"`
	Sealed string `json:"sealed,omitempty"`
	Answer string `json:"answer,omitempty"`
}

const (
	wireEntries = 300
	wireBody    = 16 << 10
)

func (w *wire) watched() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.looked
}

func (w *wire) add(e wired) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.looked {
		return
	}
	w.n++
	e.N = w.n
	w.log = append(w.log, e)
	if len(w.log) > wireEntries {
		w.log = append([]wired{}, w.log[len(w.log)-wireEntries:]...)
	}
	close(w.news)
	w.news = make(chan struct{})
}

// after returns the entries behind a number, and what is closed at the next.
func (w *wire) after(n int) ([]wired, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.looked {
		w.looked, w.news = true, make(chan struct{})
	}
	if n > w.n {
		n = 0 // the number is from before a restart
	}
	for i, e := range w.log {
		if e.N > n {
			return append([]wired{}, w.log[i:]...), w.news
		}
	}
	return nil, w.news
}

// ServeHTTP answers one call of the platform's API, and keeps it while somebody looks at the line.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.wire.watched() {
		s.serveAPI(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, platformtest.MostOf(r.URL.Path)))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	tape := &tape{ResponseWriter: w}
	began := time.Now()
	defer func() {
		e := wired{
			Time: began, Way: "out", What: r.Method + " " + r.URL.Path + "?" + hushed(r.URL.Query()),
			Result: tape.result(), Plain: shown(body), Answer: shown(tape.text.Bytes()),
			Took: float64(time.Since(began).Microseconds()) / 1000,
		}
		e.Good = e.Result == "0" || tape.status == http.StatusPartialContent
		panicked := recover()
		if panicked != nil {
			e.Result, e.Good = "断开", false
		}
		s.wire.add(e)
		if panicked != nil {
			panic(panicked)
		}
	}()
	s.serveAPI(tape, r)
}

// tape keeps the beginning of an answer.
type tape struct {
	http.ResponseWriter
	status int
	text   bytes.Buffer
}

func (t *tape) WriteHeader(status int) {
	t.status = status
	t.ResponseWriter.WriteHeader(status)
}

// Unwrap lets the rest of what an answer can do through.
func (t *tape) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *tape) Write(p []byte) (int, error) {
	if room := wireBody - t.text.Len(); room > 0 {
		t.text.Write(p[:min(room, len(p))])
	}
	return t.ResponseWriter.Write(p)
}

// result is the errcode, or the status where there is none.
func (t *tape) result() string {
	if t.status != 0 && t.status != http.StatusOK {
		return fmt.Sprint("HTTP ", t.status)
	}
	var code int
	if n, _ := fmt.Sscanf(t.text.String(), `{"errcode":%d`, &code); n == 1 {
		return fmt.Sprint(code)
	}
	return "0"
}

// hushed is a query without what is secret in it.
func hushed(q url.Values) string {
	for _, name := range []string{"access_token", "corpsecret"} {
		if q.Has(name) {
			q.Set(name, "***")
		}
	}
	return strings.ReplaceAll(q.Encode(), "%2A%2A%2A", "***")
}

// shown is a body as the page may show it.
func shown(body []byte) string {
	switch {
	case !utf8.Valid(body):
		return fmt.Sprintf("（%d 字节）", len(body))
	case len(body) > wireBody:
		return string(bytes.ToValidUTF8(body[:wireBody], nil)) + "……"
	}
	return string(body)
}

// callbackWired keeps one try of a callback.
func (s *Server) callbackWired(c Callback, r *http.Request) {
	if !s.wire.watched() {
		return
	}
	e := wired{
		Time: c.At, Way: "in", What: fmt.Sprintf("POST %s（第 %d 个，第 %d 次）", r.URL.Path, c.N, c.Try),
		Result: "没有应答", Took: float64(c.Took.Microseconds()) / 1000, Plain: c.Plain,
		Good: c.Status == http.StatusOK,
	}
	if c.Status != 0 {
		e.Result = fmt.Sprint("HTTP ", c.Status)
	}
	if body, err := r.GetBody(); err == nil {
		sealed, _ := io.ReadAll(io.LimitReader(body, wireBody)) // bytes in memory
		e.Sealed = "?" + r.URL.RawQuery + "\n" + string(sealed)
	}
	s.wire.add(e)
}
