package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// chatView is what the page of the web chat shows.
type chatView struct {
	Lines []chatLine
	// After is the place in the stream behind the last line.
	After int64
	Mode  mode
	// Awaiting is whether the last word is the contact's and the bot's answer comes soon.
	Awaiting bool
	// Look makes the address under which a page without script looks again: a browser that stands at
	// #end would otherwise only move there once more and load nothing.
	Look int
	// Notice is what went wrong with a form, Draft the words to be sent again, under ClientID.
	Notice   string
	Draft    string
	ClientID string
	MaxSaid  int
	Starters []string
}

// NextLook is the number of the look after this one.
func (v chatView) NextLook() int { return 1 - v.Look }

// chatLine is one message on the page.
type chatLine struct {
	chatMessage
	// Day is the heading above the first message of a day.
	Day string
	// Clock is the time of day.
	Clock string
	Who   string
	// Tappable is whether its choices still stand: those of the last message only.
	Tappable bool
}

// Shown is the text as the page sets it.
func (l chatLine) Shown() []textLine { return textLines(l.From, l.Text) }

// mode is who is in charge, in words for the contact.
type mode struct {
	State bot.State `json:"state"`
	Words string    `json:"words"`
}

// starters are what a newcomer can tap instead of typing.
var starters = []string{
	"退役后一次性补助怎么领？", "优待证怎么办理？", "伤残等级怎么评定？", "最近的服务站在哪里？",
}

// awaitingFor is how long the page expects an answer to come by itself.
const awaitingFor = 30 * time.Second

func (f *face) chatPage(c echo.Context) error {
	who, err := f.visitor(c)
	if err != nil {
		return err
	}
	view, err := f.chatView(c.Request().Context(), who)
	if err != nil {
		return err
	}
	if look, err := strconv.Atoi(c.QueryParam("look")); err == nil {
		view.Look = look % 2
	}
	return f.pages.render(c, http.StatusOK, "chat.html", view)
}

func (f *face) chatView(ctx context.Context, who visitor) (chatView, error) {
	id, err := f.randomID()
	if err != nil {
		return chatView{}, err
	}
	v := chatView{
		ClientID: id, MaxSaid: maxSaid, Starters: starters, Mode: modeOf(bot.Conversation{}),
	}
	conversation, err := f.o.Transcript.ConversationOf(ctx, who.Address)
	if errors.Is(err, bot.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return chatView{}, fmt.Errorf("show chat: %w", err)
	}
	messages, err := f.o.Visible.Visible(ctx, conversation.ID, 0, shownAtFirst)
	if err != nil {
		return chatView{}, fmt.Errorf("show chat: %w", err)
	}
	v.Mode = modeOf(conversation)
	v.Lines = chatLines(messages, f.o.Now())
	if len(messages) == 0 {
		return v, nil
	}
	last := messages[len(messages)-1]
	v.After = last.Shown
	v.Awaiting = last.From == bot.FromContact && conversation.State == bot.StateBot &&
		f.o.Now().Sub(last.At) < awaitingFor
	return v, nil
}

func chatLines(messages []bot.Message, now time.Time) []chatLine {
	lines := make([]chatLine, len(messages))
	day := ""
	for i, m := range messages {
		at := m.At.In(knowledge.China())
		lines[i] = chatLine{
			chatMessage: chatMessageOf(m), Clock: at.Format("15:04"), Who: writer(m.From),
			Tappable: i == len(messages)-1,
		}
		if d := dayName(at, now); d != day {
			day, lines[i].Day = d, d
		}
	}
	return lines
}

// dayName is how people call a day: 今天, 昨天, 11月20日, or with the year where it is another one.
func dayName(at, now time.Time) string {
	day, today := knowledge.DateOf(at), knowledge.DateOf(now.In(knowledge.China()))
	switch {
	case day == today:
		return "今天"
	case day == today.AddDays(-1):
		return "昨天"
	case day.Year == today.Year:
		return fmt.Sprintf("%d月%d日", day.Month, day.Day)
	}
	return day.Chinese()
}

// writer is how the contact reads who wrote; the names of staff stay inside.
func writer(from bot.From) string {
	switch from {
	case bot.FromContact:
		return "我"
	case bot.FromStaff:
		return "工作人员"
	case bot.FromBot:
		return "智能助手"
	}
	return "提示"
}

func modeOf(c bot.Conversation) mode {
	switch c.State {
	case bot.StateQueued:
		return mode{c.State, "正在等工作人员，您可以接着说"}
	case bot.StateStaff:
		return mode{c.State, "工作人员正在为您服务"}
	case bot.StateClosed:
		return mode{c.State, "上次咨询已结束，有事请接着问"}
	}
	return mode{bot.StateBot, "智能助手在线，自动回答"}
}

// chatMessage is a message as contract and page know it.
type chatMessage struct {
	ID      string       `json:"id"`
	From    bot.From     `json:"from"`
	Text    string       `json:"text"`
	Time    string       `json:"time"`
	Sources []chatSource `json:"sources"`
	Replies []chatReply  `json:"replies"`
	// Items are what can be opened, Media is a picture or a file; both are left out where there are none.
	Items []chatItem `json:"items,omitempty"`
	Media *chatFile  `json:"media,omitempty"`
}

// chatItem is a place, a page or a mini-program. What has no URL is opened elsewhere.
type chatItem struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Note string `json:"note,omitempty"`
	URL  string `json:"url,omitempty"`
}

// chatFile is what staff sent; Show is picture for what the page shows, file for what is downloaded.
type chatFile struct {
	Show string `json:"show"`
	URL  string `json:"url,omitempty"`
	Text string `json:"text"`
}

type chatSource struct {
	Title   string `json:"title"`
	Article string `json:"article"`
	InForce string `json:"in_force"`
}

type chatReply struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func chatMessageOf(m bot.Message) chatMessage {
	out := chatMessage{
		ID: strconv.FormatInt(m.ID, 10), From: m.From, Text: m.Text,
		Time:    m.At.In(knowledge.China()).Format(time.RFC3339),
		Sources: []chatSource{}, Replies: []chatReply{},
	}
	if m.Kind == bot.KindTap && m.Text == "" {
		out.Text = "（点了一个选项）"
	}
	for _, s := range m.Sources {
		out.Sources = append(out.Sources, chatSource{s.Title, s.Article, s.InForce})
	}
	for _, r := range m.Choices {
		out.Replies = append(out.Replies, chatReply{r.ID, r.Text})
	}
	for _, i := range m.Items {
		out.Items = append(out.Items, chatItemOf(i))
	}
	out.Media = chatFileOf(m)
	if out.Media != nil {
		out.Text = ""
	}
	return out
}

func chatItemOf(i bot.Item) chatItem {
	switch {
	case i.Place != nil:
		return chatItem{"place", i.Place.Name, i.Place.Address, i.Place.MapLink()}
	case i.Page != nil:
		return chatItem{"page", i.Page.Title, i.Page.Note, i.Page.URL}
	}
	return chatItem{"mini", "小程序：" + i.Mini.Title, "请在微信里打开", ""}
}

// chatFileOf is nil for a message without a file of staff.
func chatFileOf(m bot.Message) *chatFile {
	if m.Media == nil || m.From != bot.FromStaff {
		return nil
	}
	if m.Media.State != bot.MediaKept {
		return &chatFile{Show: "file", Text: m.Media.Name + "（保留期已过）"}
	}
	f := &chatFile{
		Show: "file", URL: "/chat/media/" + strconv.FormatInt(m.ID, 10),
		Text: m.Media.Name + "（" + sizeWords(m.Media.Size) + "）",
	}
	if inline[m.Media.Type] == "picture" {
		f.Show = "picture"
	}
	return f
}
