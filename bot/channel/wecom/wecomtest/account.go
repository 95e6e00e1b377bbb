package wecomtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

// account is one customer-service account with everything that happens in it.
type account struct {
	id, name  string
	managed   bool // the API may act for it (manage_privilege)
	log       []entry
	sent      map[string]bool // msgids that send_msg has taken
	sessions  map[string]*session
	servicers []*servicer
	bellKeys  map[string]time.Time // tokens of events, until when each is good
	bellOrder []string             // the same tokens, the oldest first
	pages     Pages
	loose     []time.Time // pulls without an event's token in the last minute
}

// entry is one message or event as sync_msg returns it.
type entry struct {
	at    time.Time
	msgid string
	raw   json.RawMessage
}

// session is what is between one customer and one account.
type session struct {
	account  *account
	customer *Customer
	state    int
	servicer string
	wroteAt  time.Time // the customer's last message; zero: none ever
	left     int       // messages that send_msg may still send
	welcomed time.Time
	greeted  map[int]bool // states for which trans has given its code already
}

// AddAccount adds a customer-service account that is managed through the API.
func (s *Server) AddAccount(openKfID, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts[openKfID] != nil {
		panic("wecomtest: account " + openKfID + " added twice")
	}
	s.order = append(s.order, openKfID)
	s.accounts[openKfID] = &account{
		id: openKfID, name: name, managed: true,
		sent: map[string]bool{}, sessions: map[string]*session{},
		bellKeys: map[string]time.Time{},
	}
}

// SetManaged puts an account under the API or takes it away from it, and rings the bell that
// tells so (kf_account_auth_change). Without it every send is refused with 95018.
func (s *Server) SetManaged(openKfID string, managed bool) {
	s.mu.Lock()
	s.mustAccount(openKfID).managed = managed
	s.mu.Unlock()
	element := "AuthDelOpenKfId"
	if managed {
		element = "AuthAddOpenKfId"
	}
	s.ring(s.eventXML("kf_account_auth_change",
		fmt.Sprintf("<%s><![CDATA[%s]]></%s>", element, openKfID, element)))
}

type accountItem struct {
	ID      string `json:"open_kfid"`
	Name    string `json:"name"`
	Avatar  string `json:"avatar"`
	Managed bool   `json:"manage_privilege"`
}

// listAccounts answers kf/account/list: at most 100 from an offset.
func (s *Server) listAccounts(_ *http.Request, body []byte) (any, error) {
	var in struct {
		Offset, Limit int
	}
	if len(body) > 0 {
		if err := platformtest.Decode(body, &in); err != nil {
			return nil, err
		}
	}
	if in.Limit == 0 {
		in.Limit = 100
	}
	if in.Offset < 0 || in.Limit < 0 || in.Limit > 100 {
		return nil, refuse(codeBadParam, "invalid offset or limit")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []accountItem{}
	for _, id := range s.order[min(in.Offset, len(s.order)):] {
		if len(list) == in.Limit {
			break
		}
		list = append(list, accountItem{
			ID: id, Name: s.accounts[id].name,
			Managed: s.accounts[id].managed,
		})
	}
	return struct {
		List []accountItem `json:"account_list"`
	}{list}, nil
}

// mustAccount is for the people of a test, who name accounts that they have added.
func (s *Server) mustAccount(id string) *account {
	a := s.accounts[id]
	if a == nil {
		panic("wecomtest: no account " + id)
	}
	return a
}

// session finds or opens what is between this account and a customer.
func (a *account) session(c *Customer) *session {
	ses := a.sessions[c.id]
	if ses == nil {
		ses = &session{account: a, customer: c, state: StateEnded, greeted: map[int]bool{}}
		a.sessions[c.id] = ses
	}
	return ses
}
