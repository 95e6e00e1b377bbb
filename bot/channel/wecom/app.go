package wecom

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// AppName is the name in addresses of the channel of the self-built app.
const AppName = "wecom-app"

// App is the corp's self-built app, to which its members write. It shares access token and callback
// with customer service and is a channel of its own all the same: its messages carry no key, know no
// window and no budget, and its contacts are our own people.
type App struct {
	c      *Channel
	faults *platform.Faults
	quotas quotas

	mu    sync.Mutex
	alert string
}

func newApp(c *Channel) *App {
	return &App{
		c: c, faults: platform.NewFaults(codes, c.o.Now), quotas: quotas{now: c.o.Now},
	}
}

// App returns the corp's app.
func (c *Channel) App() *App { return c.app }

// Name returns the channel's name.
func (a *App) Name() string { return AppName }

// Keyed is false. The platform can be told to drop a message that equals an earlier one, but it
// compares the words: the same answer, asked for twice, would arrive once [D90236].
func (a *App) Keyed() bool { return false }

// appLimits are what the app takes as one message [D90236]. Its menus are cards of their own, below the
// text.
var appLimits = bot.Limits{Text: 2048, Choice: 128, Choices: cardButtons}

// Parts cuts a reply into messages that the platform takes whole.
func (a *App) Parts(r bot.Reply) []bot.Reply { return appLimits.Parts(r) }

// FetchMedia begins a download of what a member sent.
func (a *App) FetchMedia(ctx context.Context, m bot.MediaRef) (bot.Download, error) {
	return a.c.FetchMedia(ctx, m)
}

const (
	appPath     = "/cgi-bin/message/send"
	textMessage = "text"
	cardMessage = "template_card"
)

// appMessage is message/send [D90236].
type appMessage struct {
	To    string    `json:"touser"`
	Type  string    `json:"msgtype"`
	Agent int       `json:"agentid"`
	Text  *appText  `json:"text,omitempty"`
	Image *fileBody `json:"image,omitempty"`
	File  *fileBody `json:"file,omitempty"`
	Card  *appCards `json:"template_card,omitempty"`
}

type appText struct {
	Content string `json:"content"`
}

type appAnswer struct {
	Invalid string `json:"invaliduser"`
	Code    string `json:"response_code"`
}

// nobody is the code for a message without a receiver that the app can reach.
const nobody = 81013

// Send sends one message to a member: choices as buttons on a card, where the words fit on it whole.
func (a *App) Send(ctx context.Context, o bot.Outgoing) (bot.Receipt, error) {
	if wait := a.quotas.take(o.ExternalID); wait > 0 {
		return bot.Receipt{}, bot.RetryAfter(errQuota, wait)
	}
	if o.File != nil {
		return bot.Receipt{}, a.sendFile(ctx, o)
	}
	said := bot.Reply{Text: o.Text, Sources: o.Sources, Choices: o.Choices}
	if len(o.Choices) > 0 && utf8.RuneCountInString(said.Written()) <= cardWordsRunes {
		err := a.sendMenu(ctx, o, said)
		if !wrongCard(err) {
			return bot.Receipt{}, err
		}
		// A menu that is refused is better sent as words than not at all.
	}
	_, err := a.post(ctx, appMessage{
		To: o.ExternalID, Type: textMessage, Agent: a.c.o.AgentID,
		Text: &appText{Content: appLimits.InWords(said)},
	})
	return bot.Receipt{}, err
}

// Carries implements bot.FileChannel.
func (a *App) Carries(k bot.Kind) bool { return a.c.Carries(k) }

// sendFile sends a picture or a file, which app and customer service keep on the platform together.
func (a *App) sendFile(ctx context.Context, o bot.Outgoing) error {
	if !a.Carries(o.Kind) {
		return bot.Permanent(errors.New("no place for files"))
	}
	return a.c.uploads().With(ctx, fileContent(a.c.o.Files, o), func(id string) error {
		m := appMessage{To: o.ExternalID, Type: string(o.Kind), Agent: a.c.o.AgentID}
		if o.Kind == bot.KindImage {
			m.Image = &fileBody{id}
		} else {
			m.File = &fileBody{id}
		}
		_, err := a.post(ctx, m)
		return err
	})
}

// wrongCard reports whether the platform refused the form of a message, and not the message.
func wrongCard(err error) bool {
	refused := platform.Refused(err)
	return refused != nil && (!refused.Known || refused.Class == platform.ClassPayload)
}

// post sends to members. That none of them is reached is a refusal for good, whether the platform says
// so or lists all as invalid.
func (a *App) post(ctx context.Context, m appMessage) (appAnswer, error) {
	var out appAnswer
	err := a.c.client.Post(ctx, appPath, m, &out)
	a.faults.Note(appPath, err)
	if err == nil && len(listed(out.Invalid)) == len(listed(m.To)) {
		err = bot.Permanent(fmt.Errorf("%s: no receiver is reached (%s)", appPath, codes[nobody].Meaning))
	}
	if err != nil {
		err = a.c.client.SendError(appPath, err)
	}
	return out, err
}

// listed takes a list of members apart as the platform writes it.
func listed(members string) []string {
	return strings.FieldsFunc(members, func(r rune) bool { return r == '|' })
}

// Status says whether members are reached and the platform means to let the app live: "ok", or "fault"
// with the reason in Chinese.
func (a *App) Status() (state, reason string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.alert != "" {
		return "fault", a.alert
	}
	return a.faults.Status()
}

// alerts are the events by which the platform warns that it will stop the app, or has done so.
var alerts = map[string]string{
	"inactive_alert":       "企业微信提示：应用长期没有使用，可能被停用",
	"low_active_alert":     "企业微信提示：应用使用太少，可能被停用",
	"close_inactive_agent": "企业微信已停用这个应用，请到管理后台重新启用",
}

// warn remembers an alert until a member uses the app again.
func (a *App) warn(event string) {
	a.c.o.Log.Warn("platform warns of the app's end", "channel", AppName, "event", event)
	a.setAlert(alerts[event])
}

func (a *App) setAlert(words string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.alert = words
}

// account is our side in addresses.
func (a *App) account() string { return strconv.Itoa(a.c.o.AgentID) }

var errQuota = errors.New("member has as many messages as the platform lets through")

// What is over these per member is dropped by the platform without a word [D90236], so we wait.
const (
	memberPerMinute = 30
	memberPerHour   = 1000
)

// quotas keeps when each member was sent something within the last hour.
type quotas struct {
	now func() time.Time

	mu   sync.Mutex
	sent map[string][]time.Time
}

// take counts a message for a member, or says how long there is no room for one.
func (q *quotas) take(member string) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	sent := q.sent[member]
	for len(sent) > 0 && now.Sub(sent[0]) >= time.Hour {
		sent = sent[1:]
	}
	wait := max(full(sent, now, memberPerHour, time.Hour), full(sent, now, memberPerMinute, time.Minute))
	if wait == 0 {
		sent = append(sent, now)
	}
	if q.sent == nil {
		q.sent = make(map[string][]time.Time)
	}
	q.sent[member] = sent
	return wait
}

// full is how long it takes until fewer than most of the times lie within the span.
func full(sent []time.Time, now time.Time, most int, span time.Duration) time.Duration {
	if len(sent) < most {
		return 0
	}
	return max(0, sent[len(sent)-most].Add(span).Sub(now))
}
