package wecomtest

import (
	"net/http"
	"sync"
	"time"
)

// Switches are the faults that the simulator's page turns on and off. The zero value: none.
type Switches struct {
	// Twice posts every callback twice; Late posts it some seconds late; Lost loses every second one;
	// Swapped posts each second one before the one before it.
	Twice   bool `json:"twice"`
	Late    bool `json:"late"`
	Lost    bool `json:"lost"`
	Swapped bool `json:"swapped"`
	// Slow lets every call of the API take some seconds.
	Slow bool `json:"slow"`
	// Send is what send_msg comes to: an errcode, DropsSend or FailsSend; 0: what is right.
	Send int `json:"send"`
	// Busy refuses sync_msg with 45009.
	Busy bool `json:"busy"`
	// Broken breaks every download off after some megabytes.
	Broken bool `json:"broken"`
}

// The values of Switches.Send that are no errcode.
const (
	// DropsSend closes the connection though the message has been taken.
	DropsSend = -1000
	// FailsSend answers with HTTP 502.
	FailsSend = -502
)

const (
	lateBy = 4 * time.Second
	slowBy = 3 * time.Second
	// breaksAt is how many bytes of a file pass at a time where downloads break off.
	breaksAt = 3 << 20
)

type switches struct {
	mu      sync.Mutex
	now     Switches
	restart func() error
}

// switchesShown is what the page is told.
type switchesShown struct {
	Switches
	MayRestart bool `json:"may_restart"`
}

func (s *switches) shown() switchesShown {
	s.mu.Lock()
	defer s.mu.Unlock()
	return switchesShown{s.now, s.restart != nil}
}

// Switch turns the page's faults on and off. Faults that were planted by [Server.Fault] are gone.
func (s *Server) Switch(to Switches) {
	s.switches.mu.Lock()
	defer s.switches.mu.Unlock()
	s.switches.now = to
	bells := Bells{Swap: to.Swapped}
	if to.Twice {
		bells.Copies = 1
	}
	if to.Late {
		bells.Delay = lateBy
	}
	if to.Lost {
		bells.LoseEvery = 2
	}
	s.SetBells(bells)
	s.ClearFaults()
	var slow time.Duration
	if to.Slow {
		slow = slowBy
	}
	send, pull := Fault{Delay: slow}, Fault{Delay: slow}
	switch to.Send {
	case DropsSend:
		send.Drop = DropAfter
	case FailsSend:
		send.Status = http.StatusBadGateway
	default:
		send.Code = to.Send
	}
	if to.Busy {
		pull.Code = codeTooOften
	}
	media := Fault{Delay: slow}
	if to.Broken {
		media.Break = breaksAt
	}
	for path, fault := range map[string]Fault{
		pathMedia: media, pathSend: send, pathSendOnEvent: send, "/cgi-bin/kf/sync_msg": pull,
		"/cgi-bin/kf/service_state/get": {Delay: slow}, "/cgi-bin/kf/service_state/trans": {Delay: slow},
	} {
		if fault.Delay > 0 || fault.Code != 0 || fault.Status != 0 || fault.Drop != NoDrop ||
			fault.Break > 0 {
			s.Fault(path, fault)
		}
	}
}
