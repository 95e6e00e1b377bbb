package wecomtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// stageReceptionist is the member of staff who works in the page's WeCom client, stageColleague whom they
// pass customers to.
const (
	stageReceptionist = "SimXiaoWang"
	stageColleague    = "SimXiaoLi"
)

// SetRestart lets the page start the program anew; restart is called at the tap of its button and
// returns when the program runs again.
func (s *Server) SetRestart(restart func() error) {
	s.switches.mu.Lock()
	defer s.switches.mu.Unlock()
	s.switches.restart = restart
}

// stage adds to the phone's page the WeCom client of a receptionist, what goes over the line, and the
// switches for faults.
func (p *phone) stage(mux *http.ServeMux) {
	mux.HandleFunc("POST /send", p.act(sendKind))
	mux.HandleFunc("GET /client/events", p.clientEvents)
	for path, do := range map[string]func(*Receptionist, *Customer, phoneAct){
		"pick": func(r *Receptionist, c *Customer, in phoneAct) { r.PickUp(in.Account, c) },
		"say":  func(r *Receptionist, c *Customer, in phoneAct) { r.Say(in.Account, c, in.Text) },
		"end":  func(r *Receptionist, c *Customer, in phoneAct) { r.End(in.Account, c) },
		"pass": func(_ *Receptionist, c *Customer, in phoneAct) {
			p.s.AddReceptionist(in.Account, stageColleague).Take(in.Account, c)
		},
		"receive": func(r *Receptionist, _ *Customer, in phoneAct) {
			r.Receive(in.Account, in.Text == "on")
		},
	} {
		mux.HandleFunc("POST /client/"+path, p.act(func(c *Customer, in phoneAct) {
			do(p.s.AddReceptionist(in.Account, stageReceptionist), c, in)
		}))
	}
	mux.HandleFunc("GET /wire", p.wireEvents)
	mux.HandleFunc("GET /switches", p.showSwitches)
	mux.HandleFunc("POST /switches", p.setSwitches)
	mux.HandleFunc("POST /revoke", func(w http.ResponseWriter, _ *http.Request) {
		p.s.RevokeTokens()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /restart", p.restart)
}

// A picture and a recording to send, as small as they can be: one white dot, and silence.
var (
	sampleImage = []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9")
	sampleVoice = append([]byte("#!AMR\n"), make([]byte, 32*50)...)
)

// sampleLarge is how often the line of a large file is in it: 19 MB.
const sampleLarge = 19 << 20 / 28

// sendKind sends what is no plain text.
func sendKind(c *Customer, in phoneAct) {
	switch in.Kind {
	case "image":
		c.SendImage(in.Account, sampleImage)
	case "voice":
		c.SendVoice(in.Account, sampleVoice)
	case "video":
		c.SendVideo(in.Account, []byte("\x00\x00\x00\x18ftypmp42"))
	case "file":
		c.SendFile(in.Account, "退役证明.pdf", []byte("%PDF-1.4\n%%EOF\n"))
	case "large":
		c.SendFile(in.Account, "历年材料.pdf", bytes.Repeat([]byte("%PDF-1.4 一页又一页\n"), sampleLarge))
	case "location":
		c.SendLocation(in.Account, Place{
			Latitude: 30.2462, Longitude: 120.1553, Name: "样例市人民公园", Address: "样例市样例区公园路 1 号",
		})
	case "link":
		c.SendLink(in.Account, "退役军人优待政策", "https://example.invalid/policy")
	case "twice":
		c.Say(in.Account, "我是去年退役的义务兵")
		c.Say(in.Account, "想问一次性退役金什么时候发")
	case "unknown":
		c.SendRaw(in.Account, map[string]any{"msgtype": "hologram", "hologram": map[string]any{"x": 1}})
	}
}

// clientView is what the receptionist sees.
type clientView struct {
	Receiving bool            `json:"receiving"`
	Sessions  []clientSession `json:"sessions"`
	Lines     []line          `json:"lines"` // of the customer chosen
	State     int             `json:"state"`
	Mine      bool            `json:"mine"`
	By        string          `json:"by,omitempty"` // who has them
}

// clientSession is one customer in the list.
type clientSession struct {
	Customer string    `json:"customer"`
	State    int       `json:"state"`
	Mine     bool      `json:"mine"`
	Last     string    `json:"last"`
	Time     time.Time `json:"time"`
}

// clientLines is how many lines of a talk the client shows.
const clientLines = 60

// clientEvents streams what the receptionist sees, whole, whenever something has changed.
func (p *phone) clientEvents(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c, account := p.find(q.Get("customer"), q.Get("account"))
	if c == nil {
		http.Error(w, noSuchPhone, http.StatusNotFound)
		return
	}
	p.s.AddReceptionist(account, stageReceptionist)
	p.stream(w, r, func() ([]event, <-chan struct{}) {
		view, news := p.s.clientView(account, c)
		return []event{{name: "view", data: encode(view)}}, news
	})
}

// clientView gathers what the receptionist sees, and what is closed at the next change.
func (s *Server) clientView(openKfID string, chosen *Customer) (clientView, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[openKfID]
	view := clientView{Sessions: []clientSession{}, Lines: []line{}}
	if seat := a.servicer(stageReceptionist); seat != nil {
		view.Receiving = !seat.stopped
	}
	for _, ses := range a.sessions {
		name, mine := ses.customer.id[min(len(phoneIDs), len(ses.customer.id)):], ses.servicer == stageReceptionist
		one := clientSession{Customer: name, State: ses.state, Mine: mine, Time: ses.wroteAt}
		if n := len(ses.customer.lines); n > 0 {
			one.Last, one.Time = ses.customer.lines[n-1].Text, ses.customer.lines[n-1].Time
		}
		view.Sessions = append(view.Sessions, one)
	}
	slices.SortFunc(view.Sessions, func(a, b clientSession) int { return b.Time.Compare(a.Time) })
	ses := a.session(chosen)
	view.State, view.Mine, view.By = ses.state, ses.servicer == stageReceptionist, ses.servicer
	for _, l := range chosen.lines[max(0, len(chosen.lines)-clientLines):] {
		if l.Account == openKfID {
			view.Lines = append(view.Lines, l)
		}
	}
	if s.stir == nil {
		s.stir = make(chan struct{})
	}
	return view, s.stir
}

// wireEvents streams what goes over the line, each entry under its number.
func (p *phone) wireEvents(w http.ResponseWriter, r *http.Request) {
	seen, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	p.stream(w, r, func() ([]event, <-chan struct{}) {
		entries, news := p.s.wire.after(seen)
		var out []event
		for _, e := range entries {
			seen = e.N
			out = append(out, event{id: e.N, name: "wired", data: encode(e)})
		}
		return out, news
	})
}

// event is one event of a stream.
type event struct {
	id   int
	name string
	data []byte
}

// stream sends what next gives, and asks again when its channel is closed.
func (p *phone) stream(
	w http.ResponseWriter, r *http.Request, next func() ([]event, <-chan struct{}),
) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	flush := http.NewResponseController(w)
	for {
		events, news := next()
		for _, e := range events {
			if e.id > 0 {
				_, _ = fmt.Fprintf(w, "id: %d\n", e.id)
			}
			_, _ = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.name, e.data)
		}
		if flush.Flush() != nil {
			return
		}
		select {
		case <-news:
		case <-alive.C:
			_, _ = fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		case <-p.s.Context().Done():
			return
		}
	}
}

func (p *phone) showSwitches(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(encode(p.s.switches.shown()))
}

func (p *phone) setSwitches(w http.ResponseWriter, r *http.Request) {
	var in Switches
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, phoneBody)).Decode(&in)
	if err != nil {
		http.Error(w, "看不懂这个请求。", http.StatusBadRequest)
		return
	}
	p.s.Switch(in)
	w.WriteHeader(http.StatusNoContent)
}

func (p *phone) restart(w http.ResponseWriter, _ *http.Request) {
	p.s.switches.mu.Lock()
	restart := p.s.switches.restart
	p.s.switches.mu.Unlock()
	if restart == nil {
		http.Error(w, "这个模拟器不管程序的启动。", http.StatusNotFound)
		return
	}
	if err := restart(); err != nil {
		http.Error(w, "程序没有重新启动起来："+err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
