package wecomtest

import "time"

// Who a line on the phone's screen is from.
const (
	fromCustomer = "customer"
	fromService  = "service"
	fromNotice   = "notice"
)

// line is one line on the phone's screen, as the simulator's page gets it.
type line struct {
	N       int       `json:"n"` // counts from 1
	From    string    `json:"from"`
	Time    time.Time `json:"time"`
	Account string    `json:"account"`
	MsgID   string    `json:"msgid,omitempty"`
	Type    string    `json:"type,omitempty"`
	Text    string    `json:"text,omitempty"`
	Menu    *Menu     `json:"menu,omitempty"`
	Cut     bool      `json:"cut,omitempty"`
	By      string    `json:"by,omitempty"`      // the receptionist who typed it
	Event   bool      `json:"event,omitempty"`   // whether it was sent by the code of an event
	Recalls int       `json:"recalls,omitempty"` // the line that is taken back
}
