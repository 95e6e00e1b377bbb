package wecomtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	phoneBody = 64 << 10
	keepAlive = 15 * time.Second
)

// phoneAct is what a person does on the phone.
type phoneAct struct {
	Customer string `json:"customer"`
	Account  string `json:"account"`
	Text     string `json:"text"`
	MenuID   string `json:"menu_id"`
	MsgID    string `json:"msgid"`
	Kind     string `json:"kind"`
}

// act answers a post of the page by doing it as the customer.
func (p *phone) act(do func(*Customer, phoneAct)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in phoneAct
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, phoneBody)).Decode(&in)
		if err != nil {
			http.Error(w, "看不懂这个请求。", http.StatusBadRequest)
			return
		}
		c, account := p.find(in.Customer, in.Account)
		if c == nil {
			http.Error(w, noSuchPhone, http.StatusNotFound)
			return
		}
		in.Account = account
		do(c, in)
		w.WriteHeader(http.StatusNoContent)
	}
}

// phoneStatus is what the platform knows and a real phone would not show.
type phoneStatus struct {
	Run   string    `json:"run"` // differs after a restart, when all lines are gone
	State int       `json:"state"`
	Left  int       `json:"left"`            // messages that may still be sent
	Until time.Time `json:"until,omitzero"`  // when the window closes
	Now   time.Time `json:"now"`             // the platform's clock
	Agent string    `json:"agent,omitempty"` // the receptionist
}

// events streams the screen by SSE: each line under its number, so that a page that was cut
// off goes on behind the last one it has, and the status whenever something has changed.
func (p *phone) events(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c, account := p.find(q.Get("customer"), q.Get("account"))
	if c == nil {
		http.Error(w, noSuchPhone, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	seen, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	flush := http.NewResponseController(w)
	for {
		lines, status, news := c.screen(account, seen)
		for _, l := range lines {
			seen = l.N
			if l.Account == account {
				_, _ = fmt.Fprintf(w, "id: %d\nevent: line\ndata: %s\n\n", l.N, encode(l))
			}
		}
		_, _ = fmt.Fprintf(w, "event: status\ndata: %s\n\n", encode(status))
		if flush.Flush() != nil {
			return
		}
		select {
		case <-news:
		case <-alive.C:
			_, _ = io.WriteString(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		case <-p.s.Context().Done():
			return
		}
	}
}

// screen returns the lines after a number, the status, and what is closed at the next change.
func (c *Customer) screen(openKfID string, after int) ([]line, phoneStatus, <-chan struct{}) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if after < 0 || after > len(c.lines) {
		after = 0 // the number is from before a restart: show everything
	}
	ses := c.s.accounts[openKfID].session(c)
	status := phoneStatus{
		Run: c.s.run, State: ses.state, Left: max(ses.left, 0), Now: c.s.cfg.Now(), Agent: ses.servicer,
	}
	if !ses.wroteAt.IsZero() {
		status.Until = ses.wroteAt.Add(sendWindow)
	}
	return append([]line{}, c.lines[after:]...), status, c.news
}
