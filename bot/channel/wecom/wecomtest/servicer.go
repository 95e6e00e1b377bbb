package wecomtest

import "net/http"

// servicer is a receptionist's seat at one account.
type servicer struct {
	user      string
	stopped   bool
	activated bool
}

type servicerItem struct {
	User   string `json:"userid"`
	Status int    `json:"status"`
}

// listServicers answers servicer/list.
func (s *Server) listServicers(r *http.Request, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[r.URL.Query().Get("open_kfid")]
	if a == nil {
		return nil, refuse(codeBadAccount, "invalid open_kfid")
	}
	list := []servicerItem{}
	for _, v := range a.servicers {
		item := servicerItem{User: v.user}
		if v.stopped {
			item.Status = 1
		}
		list = append(list, item)
	}
	return struct {
		List []servicerItem `json:"servicer_list"`
	}{list}, nil
}

// mayReceive says whether a receptionist can be given a customer.
func (a *account) mayReceive(user string) error {
	v := a.servicer(user)
	switch {
	case v == nil || v.stopped:
		return refuse(codeNotReceiving, "servicer is not receiving")
	case !v.activated:
		return refuse(codeNotActivated, "servicer is not activated")
	}
	return nil
}

func (a *account) servicer(user string) *servicer {
	for _, v := range a.servicers {
		if v.user == user {
			return v
		}
	}
	return nil
}
