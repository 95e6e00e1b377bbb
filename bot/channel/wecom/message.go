package wecom

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rongjun/bot"
)

// errNotForUs marks what a pull returns and belongs to no conversation.
var errNotForUs = errors.New("not for us")

// The origins of pulled messages [D94670].
const (
	originCustomer = 3
	originEvent    = 4
	originServicer = 5
)

// pulled is what every message of sync_msg begins with. What it says stands in a field that is named
// after its type. In events the account and the customer stand inside.
type pulled struct {
	MsgID    string `json:"msgid"`
	External string `json:"external_userid"`
	SendTime number `json:"send_time"`
	Origin   number `json:"origin"`
	Servicer string `json:"servicer_userid"`
	MsgType  string `json:"msgtype"`
}

// number is an integer that may also come as a text or with a point: a message must not be lost for
// that.
type number int64

// UnmarshalJSON reads 1, "1" and 1.0; anything else is 0.
func (n *number) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err == nil && f > -1e15 && f < 1e15 {
		*n = number(f)
	}
	return nil
}

// content is what a message or an event says, of one kind.
type content interface {
	// fill puts it into the words of package bot.
	fill(*bot.Incoming)
}

// parse reads one message of a pull. What cannot be read as what it says it is, is kept raw and
// counts as unknown; errNotForUs marks what belongs to no conversation.
func (c *Channel) parse(account string, raw json.RawMessage) (bot.Incoming, error) {
	var h pulled
	if err := json.Unmarshal(raw, &h); err != nil {
		return bot.Incoming{}, fmt.Errorf("message of another shape: %w", err)
	}
	if h.MsgID == "" {
		return bot.Incoming{}, fmt.Errorf("message without an id: %w", bot.ErrInvalid)
	}
	in := bot.Incoming{
		Address:    bot.Address{Channel: Name, Account: account, ExternalID: h.External},
		PlatformID: h.MsgID,
		At:         time.Unix(int64(h.SendTime), 0).UTC(),
	}
	switch {
	case h.Origin == originEvent || h.MsgType == "event":
		return fromEvent(in, raw)
	case h.External == "":
		return bot.Incoming{}, errNotForUs
	case h.Origin == originServicer:
		in.Author = h.Servicer
		if in.Author == "" {
			in.Author = unnamedServicer
		}
	case h.Origin != originCustomer:
		return bot.Incoming{}, errNotForUs
	}
	said := read(kinds, h.MsgType, raw)
	said.fill(&in)
	if _, lost := said.(unread); lost {
		in.Raw = raw
	}
	return in, nil
}

// unnamedServicer stands for a receptionist whom the platform does not name.
const unnamedServicer = "接待人员"

// read decodes the field named after the kind into the kind's own type.
func read(types map[string]func() content, kind string, raw json.RawMessage) content {
	make, known := types[kind]
	if !known {
		return unread{}
	}
	said := make()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return unread{}
	}
	body, there := fields[kind]
	if !there {
		if _, empty := said.(*shown); empty {
			return said
		}
		return unread{}
	}
	if err := json.Unmarshal(body, said); err != nil {
		return unread{}
	}
	return said
}

// unread is a message of a kind that this program does not know, or that is not what it says.
type unread struct{}

func (unread) fill(in *bot.Incoming) { in.Kind, in.Text = bot.KindUnknown, "〔消息〕" }
