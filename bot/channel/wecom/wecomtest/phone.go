package wecomtest

import (
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// phone serves the simulator's page.
type phone struct {
	s    *Server
	page *template.Template
}

// Phone is a page that is a customer's phone: what is sent shows as it arrives, texts can be
// written, menus tapped and messages recalled. Beside it are the WeCom client of a receptionist, what
// goes over the line, and switches for faults. Which customer and account it shows stands in
// the query (customer, account; by default customer 1 and the first account). It has no access
// control and is made for a listener on the own machine; other sites cannot post to it. It may
// be mounted under any path with [http.StripPrefix].
func (s *Server) Phone() http.Handler {
	p := &phone{s, template.Must(template.ParseFS(pageFiles, "page/phone.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.show)
	mux.Handle("GET /page/", http.FileServerFS(pageFiles))
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("POST /say", p.act(func(c *Customer, in phoneAct) {
		c.Say(in.Account, in.Text)
	}))
	mux.HandleFunc("POST /tap", p.act(func(c *Customer, in phoneAct) {
		c.Tap(in.Account, in.MenuID, in.Text)
	}))
	mux.HandleFunc("POST /enter", p.act(func(c *Customer, in phoneAct) {
		c.Enter(in.Account, Scene{Scene: "simulator"})
	}))
	mux.HandleFunc("POST /recall", p.act(func(c *Customer, in phoneAct) {
		c.Recall(in.Account, in.MsgID)
	}))
	p.stage(mux)
	return http.NewCrossOriginProtection().Handler(mux)
}

// phonePage is what the page's template shows.
type phonePage struct {
	Account, AccountName string
	Customer             string
	Customers            []string
	Next                 string // the name of a customer who is not there yet
}

func (p *phone) show(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c, account := p.find(q.Get("customer"), q.Get("account"))
	if c == nil {
		http.Error(w, noSuchPhone, http.StatusNotFound)
		return
	}
	customers := p.customers()
	data := phonePage{
		Account: account, AccountName: p.accountName(account),
		Customer: strings.TrimPrefix(c.id, phoneIDs), Customers: customers,
	}
	for n := 1; data.Next == ""; n++ {
		if name := strconv.Itoa(n); !slices.Contains(customers, name) {
			data.Next = name
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; "+
		"style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "+
		"frame-ancestors 'none'")
	_ = p.page.Execute(w, data) // a failed write has nobody left to be told
}

const (
	phoneIDs    = "wmSimulator_" // what the external_userid of a phone begins with
	noSuchPhone = "没有这个客服帐号，或者客户名不对：只能用字母、数字、_ 和 -，最多 32 个。"
)

// find returns the customer whose phone it is, nil when the names are wrong.
func (p *phone) find(customer, account string) (c *Customer, openKfID string) {
	if customer == "" {
		customer = "1"
	}
	p.s.mu.Lock()
	if account == "" && len(p.s.order) > 0 {
		account = p.s.order[0]
	}
	known := p.s.accounts[account] != nil
	p.s.mu.Unlock()
	if !known || len(customer) > 32 || !made(customer, "_-") {
		return nil, ""
	}
	c = p.s.Customer(phoneIDs + customer)
	c.SetName("模拟客户 " + customer)
	return c, account
}

// customers are the names of all phones there are.
func (p *phone) customers() (names []string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for id := range p.s.customers {
		if name, ok := strings.CutPrefix(id, phoneIDs); ok {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b) // so that 10 comes after 9
		}
		return strings.Compare(a, b)
	})
	return names
}

func (p *phone) accountName(id string) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.accounts[id].name
}
