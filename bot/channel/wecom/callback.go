package wecom

import (
	"crypto/subtle"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/silenceper/wechat/v2/util"

	"rongjun/bot"
)

// skew is how far a callback's timestamp may be from our clock before it is worth a line in the log.
// It is never refused for that: the platform's own retries are old [D90238].
const skew = 10 * time.Minute

// Verify answers the platform's check of the callback address [D90238]: the signature is proved over
// the encrypted text, and its plain text goes back as it is. Every fault is bot.ErrForged.
func (c *Channel) Verify(query url.Values) ([]byte, error) {
	return c.open(query, query.Get("echostr"))
}

// envelope is what a callback's body is wrapped in [D90238].
type envelope struct {
	XMLName xml.Name
	Encrypt string `xml:"Encrypt"`
}

// Decode opens a callback. bot.ErrEnvelope says that there is nothing to open, bot.ErrForged that it
// was not made by the platform for this corp; the faults of the second kind look all alike.
func (c *Channel) Decode(query url.Values, body []byte) (bot.Delivery, error) {
	if !utf8.Valid(body) {
		return bot.Delivery{}, fmt.Errorf("body is not UTF-8: %w", bot.ErrEnvelope)
	}
	if intricate(body) {
		return bot.Delivery{}, fmt.Errorf("body has too many tags: %w", bot.ErrEnvelope)
	}
	var e envelope
	if err := xml.Unmarshal(body, &e); err != nil || e.Encrypt == "" {
		return bot.Delivery{}, fmt.Errorf("body has no Encrypt element: %w", bot.ErrEnvelope)
	}
	plain, err := c.open(query, e.Encrypt)
	if err != nil {
		return bot.Delivery{}, err
	}
	return c.read(plain)
}

// maxMarks is the most tags and quotes of an envelope together; real ones have some twenty. Neither
// stands in the base64 that fills the rest.
const maxMarks = 100

// intricate reports whether a body has more of them, which only keeps the parser busy.
func intricate(body []byte) bool {
	marks := 0
	for _, b := range body {
		if b == '<' || b == '"' || b == '\'' {
			marks++
		}
	}
	return marks > maxMarks
}

// open checks the signature before it decrypts, so that nothing can be learned by trying padding.
func (c *Channel) open(query url.Values, encrypted string) ([]byte, error) {
	timestamp, nonce := query.Get("timestamp"), query.Get("nonce")
	want := util.Signature(c.o.Token, timestamp, nonce, encrypted)
	have := query.Get("msg_signature")
	if encrypted == "" || subtle.ConstantTimeCompare([]byte(want), []byte(have)) != 1 {
		return nil, bot.ErrForged
	}
	_, plain, err := util.DecryptMsg(c.o.CorpID, encrypted, c.o.AESKey)
	if err != nil {
		return nil, bot.ErrForged
	}
	c.watchClock(timestamp)
	return plain, nil
}

func (c *Channel) watchClock(timestamp string) {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return
	}
	if off := c.o.Now().Sub(time.Unix(seconds, 0)); off.Abs() > skew {
		c.o.Log.Warn("timestamp of a callback is far off", "channel", Name, "off", off)
	}
}

// event is the plain text of a callback about customer service [D94670, D97712]. Those of the app come
// to the same address and name who did something.
type event struct {
	From    string   `xml:"FromUserName"`
	MsgType string   `xml:"MsgType"`
	Event   string   `xml:"Event"`
	Token   string   `xml:"Token"`
	OpenKf  string   `xml:"OpenKfId"`
	Added   []string `xml:"AuthAddOpenKfId"`
	Removed []string `xml:"AuthDelOpenKfId"`
}

// read turns an event into bells. What this program does not act on is acknowledged all the same:
// the platform would only send it again.
func (c *Channel) read(plain []byte) (bot.Delivery, error) {
	var e event
	if err := xml.Unmarshal(plain, &e); err != nil {
		return bot.Delivery{}, fmt.Errorf("plain text is no XML: %w", bot.ErrEnvelope)
	}
	var d bot.Delivery
	switch {
	case e.From != "":
		return c.app.read(plain)
	case e.Event == "kf_msg_or_event" && e.OpenKf != "":
		d.Bells = []bot.Bell{{Channel: Name, Account: e.OpenKf, Token: e.Token}}
	case e.Event == "kf_account_auth_change":
		d.Bells = c.authChanged(e)
	default:
		c.o.Log.Debug("callback without an act", "channel", Name, "type", plainName(e.MsgType),
			"event", plainName(e.Event))
	}
	return d, nil
}

const authChange = "kf_account_auth_change"

// authChanged pulls the accounts that were put under the API at once. One that was taken away can no
// longer be answered, which an operator must know, until accounts are added again or listed.
func (c *Channel) authChanged(e event) []bot.Bell {
	var bells []bot.Bell
	for _, account := range e.Added {
		c.faults.Note(authChange, nil)
		bells = append(bells, bot.Bell{Channel: Name, Account: account})
	}
	if len(e.Removed) > 0 {
		c.faults.Add(authChange, codeNotManaged)
	}
	return bells
}

// plainName is the name of a kind as the platform writes them; anything else could be somebody's words,
// which no log may hold.
func plainName(name string) string {
	odd := func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }
	if len(name) > 40 || strings.ContainsFunc(name, odd) {
		return "other"
	}
	return name
}
