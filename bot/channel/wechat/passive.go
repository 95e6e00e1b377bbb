package wechat

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/silenceper/wechat/v2/util"

	"rongjun/bot"
)

// passiveLimits are what an answer to a callback may hold, less room for the line that says that more
// is to be had. There are no menus in it, so there is no shorter head.
var passiveLimits = bot.Limits{Text: 1980, Head: 1800, Choice: 128, Choices: 10}

// maxAnswer is the most bytes of an answer to a callback.
const maxAnswer = 2048

// fetchWords are the words that ask for what waits.
const fetchWords = "1"

// Passive is an official account without the customer-service API, as a bot.Channel and a callback:
// nothing can be sent to a contact but in the answer to a callback of theirs.
type Passive struct{ account }

// NewPassive checks the options.
func NewPassive(o Options) (*Passive, error) {
	a, err := newAccount(o, passiveLimits)
	if err != nil {
		return nil, err
	}
	return &Passive{a}, nil
}

// Keyed is true: Send sends nothing, so it may be done over.
func (p *Passive) Keyed() bool { return true }

// Send leaves the message to be fetched.
func (p *Passive) Send(context.Context, bot.Outgoing) (bot.Receipt, error) {
	return bot.Receipt{}, bot.Held()
}

// Decode opens a callback as an account does, and says how it can be answered.
func (p *Passive) Decode(query url.Values, body []byte) (bot.Delivery, error) {
	plain, err := p.open(query, body)
	if err != nil {
		return bot.Delivery{}, err
	}
	p.watchClock(query.Get("timestamp"))
	d, m, err := p.read(plain)
	if err != nil || len(d.Messages) == 0 {
		return d, err
	}
	in := &d.Messages[0]
	in.Fetches = in.Kind == bot.KindText && halfWidth(in.Text) == fetchWords
	if in.Enter != nil {
		// A greeting goes into the answer too, and waits like everything else.
		in.Enter.Ticket = bot.Ticket{}
	}
	d.Passive = &bot.PassiveAnswer{
		Limits: bot.Limits{Text: maxAnswer, Choice: passiveLimits.Choice},
		Body:   func(text string) ([]byte, error) { return p.answer(m, text) },
	}
	return d, nil
}

func halfWidth(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), "１", "1") }

// cdata is a text in the form in which the platform writes its own.
type cdata struct {
	Text string `xml:",cdata"`
}

// answer is a text as the answer to a message.
type answer struct {
	XMLName xml.Name `xml:"xml"`
	To      cdata    `xml:"ToUserName"`
	From    cdata    `xml:"FromUserName"`
	Created string   `xml:"CreateTime"`
	Type    cdata    `xml:"MsgType"`
	Content cdata    `xml:"Content"`
}

// sealed is an encrypted answer.
type sealed struct {
	XMLName   xml.Name `xml:"xml"`
	Encrypt   cdata    `xml:"Encrypt"`
	Signature cdata    `xml:"MsgSignature"`
	Timestamp string   `xml:"TimeStamp"`
	Nonce     cdata    `xml:"Nonce"`
}

// answer writes a text as the answer to a message. Nothing in it is left to chance or to the clock: the
// platform that asks again gets the very same bytes.
func (p *Passive) answer(m message, text string) ([]byte, error) {
	created := strconv.FormatInt(m.at(p.o.Now()).Unix(), 10)
	plain, err := xml.Marshal(answer{
		To: cdata{m.From}, From: cdata{m.Account}, Created: created,
		Type: cdata{"text"}, Content: cdata{text},
	})
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	if p.o.Plain {
		return plain, nil
	}
	mac := hmac.New(sha256.New, []byte(p.o.AESKey))
	mac.Write([]byte(m.once()))
	mac.Write(plain)
	own := mac.Sum(nil)
	encrypted, err := util.EncryptMsg(own[:16], plain, p.o.AppID, p.o.AESKey)
	if err != nil {
		return nil, fmt.Errorf("encrypt answer: %w", err)
	}
	nonce := hex.EncodeToString(own[16:24])
	body, err := xml.Marshal(sealed{
		Encrypt:   cdata{string(encrypted)},
		Signature: cdata{util.Signature(p.o.Token, created, nonce, string(encrypted))},
		Timestamp: created, Nonce: cdata{nonce},
	})
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return body, nil
}
