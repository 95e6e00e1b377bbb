package platformtest

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// Drop says when a connection is closed without an answer.
type Drop int

// The two moments at which a client cannot tell what became of its request, and neither.
const (
	NoDrop     Drop = iota
	DropBefore      // the request was read and has had no effect
	DropAfter       // the request was read and has taken effect
)

// Fault is a failure of one platform call. Delay comes first; of Drop, Status, Code and Break the first
// that is set decides, and with none of them the call is only late.
type Fault struct {
	Code   int           // answer HTTP 200 with this errcode, without effect
	Status int           // answer this HTTP status, without effect
	Drop   Drop          // close the connection without an answer
	Break  int           // close the connection after so many bytes of the answer's body
	Delay  time.Duration // wait before anything else; long enough, it is a hanging call
	Skip   int           // let this many matching calls pass first
	Times  int           // how many calls fail; 0: all until ClearFaults
	// Match, if set, picks the calls by their body.
	Match func(body []byte) bool
}

// faults are planted per path and taken in the order of planting.
type faults struct {
	mu     sync.Mutex
	byPath map[string][]*Fault
}

// Fault plants a fault on a path such as "/cgi-bin/kf/send_msg". Faults of one path are used up
// one after another.
func (p *Platform) Fault(path string, f Fault) {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	p.faults.byPath[path] = append(p.faults.byPath[path], &f)
}

// ClearFaults removes all planted faults.
func (p *Platform) ClearFaults() {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	clear(p.faults.byPath)
}

// take returns the fault that hits this call, or the zero Fault.
func (f *faults) take(path string, body []byte) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.byPath[path]
	for i, fault := range list {
		if fault.Match != nil && !fault.Match(body) {
			continue
		}
		if fault.Skip > 0 {
			fault.Skip--
			return Fault{}
		}
		if fault.Times == 1 {
			f.byPath[path] = append(list[:i:i], list[i+1:]...)
		} else if fault.Times > 1 {
			fault.Times--
		}
		return *fault
	}
	return Fault{}
}

// Serve counts a call and answers it: with the fault that is planted for it, else with what do
// makes of its body, as write words it. A fault may abort the connection, for which it panics with
// [http.ErrAbortHandler] as net/http wants it.
func (p *Platform) Serve(w http.ResponseWriter, r *http.Request,
	do func(body []byte) (any, error), write func(http.ResponseWriter, any, error),
) {
	p.count(r.URL.Path)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MostOf(r.URL.Path)))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := p.faults.take(r.URL.Path, body)
	p.Pause(r.Context(), fault.Delay)
	switch {
	case p.ctx.Err() != nil || fault.Drop == DropBefore:
		panic(http.ErrAbortHandler)
	case fault.Drop == DropAfter:
		_, _ = do(body)
		panic(http.ErrAbortHandler)
	case fault.Status != 0:
		http.Error(w, http.StatusText(fault.Status), fault.Status)
	case fault.Code != 0:
		write(w, nil, Refuse(fault.Code, "fault planted by the test"))
	default:
		out, err := do(body)
		if fault.Break > 0 {
			w = &breaking{w, fault.Break}
		}
		write(w, out, err)
	}
}

// Check refuses a call that does not come by its method (empty: any) or, unless it is open to all,
// with an access token that is good.
func (p *Platform) Check(r *http.Request, method string, open bool) error {
	switch {
	case method == http.MethodGet && r.Method != http.MethodGet:
		return Refuse(codeNeedGet, "require GET method")
	case method == http.MethodPost && r.Method != http.MethodPost:
		return Refuse(codeNeedPost, "require POST method")
	case open:
		return nil
	}
	return p.checkToken(r.URL.Query().Get("access_token"))
}
