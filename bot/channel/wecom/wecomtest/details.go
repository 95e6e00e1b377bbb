package wecomtest

import (
	"net/http"

	"rongjun/bot/channel/platform/platformtest"
)

type detailsRequest struct {
	IDs         []string `json:"external_userid_list"`
	WithContext int      `json:"need_enter_session_context"`
}

type customerItem struct {
	ID      string        `json:"external_userid"`
	Name    string        `json:"nickname"`
	Avatar  string        `json:"avatar"`
	Gender  int           `json:"gender"`
	Context *enterContext `json:"enter_session_context,omitempty"`
}

type enterContext struct {
	Scene string `json:"scene"`
	Param string `json:"scene_param"`
}

// customerDetails answers customer/batchget: who was not active in the last 48 hours is
// invalid, like who does not exist.
func (s *Server) customerDetails(_ *http.Request, body []byte) (any, error) {
	var in detailsRequest
	if err := platformtest.Decode(body, &in); err != nil {
		return nil, err
	}
	if len(in.IDs) == 0 || len(in.IDs) > 100 {
		return nil, refuse(codeBadParam, "external_userid_list holds none or more than 100")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list, invalid := []customerItem{}, []string{}
	for _, id := range in.IDs {
		c := s.customers[id]
		if c == nil || !s.active(c) {
			invalid = append(invalid, id)
			continue
		}
		item := customerItem{ID: id, Name: c.name}
		if in.WithContext == 1 && !lapsed(c.scenedAt, s.cfg.Now()) {
			item.Context = &enterContext{c.scene.Scene, c.scene.Param}
		}
		list = append(list, item)
	}
	return struct {
		List    []customerItem `json:"customer_list"`
		Invalid []string       `json:"invalid_external_userid"`
	}{list, invalid}, nil
}

func (s *Server) active(c *Customer) bool {
	now := s.cfg.Now()
	if !lapsed(c.scenedAt, now) {
		return true
	}
	for _, a := range s.accounts {
		if ses := a.sessions[c.id]; ses != nil && !lapsed(ses.wroteAt, now) {
			return true
		}
	}
	return false
}
