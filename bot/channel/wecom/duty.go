package wecom

import (
	"encoding/json"
	"time"

	"rongjun/bot"
)

// duty is the event servicer_status_change [D94670]: a receptionist began to receive (1) or stopped
// (2), at an account and not with a customer.
type duty struct {
	Event struct {
		Type     string `json:"event_type"`
		Servicer string `json:"servicer_userid"`
		Status   number `json:"status"`
	} `json:"event"`
	SendTime number `json:"send_time"`
}

func dutyOf(account string, raw json.RawMessage) (bot.Duty, bool) {
	var d duty
	err := json.Unmarshal(raw, &d)
	if err != nil || d.Event.Type != "servicer_status_change" || d.Event.Servicer == "" {
		return bot.Duty{}, false
	}
	return bot.Duty{
		Account: account, Staff: d.Event.Servicer, Receiving: d.Event.Status == 1,
		At: time.Unix(int64(d.SendTime), 0).UTC(),
	}, true
}
