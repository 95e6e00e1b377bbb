package handlers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
)

// deskView is the desk: the queue at one side, a conversation at the other.
type deskView struct {
	Member    staff.Member
	MayAnswer bool
	Tabs      []deskTab
	Tab       bot.State
	Queue     []queueLine
	// Waiting is how many wait for a person, More whether the list is cut.
	Waiting int
	More    bool
	// Next is the conversation whose turn it is beside the open one, 0 for none.
	Next int64
	// ToAnswer is in how many of the member's conversations the contact has the last word.
	ToAnswer int
	Faults   []string
	// Open is the conversation being read, nil for none.
	Open   *openView
	Notice string
	// Draft is a reply that could not be taken, to be tried again under ClientID.
	Draft    string
	ClientID string
	MaxSaid  int
}

type deskTab struct {
	State   bot.State
	Name    string
	Current bool
}

// queueLine is one conversation in a list.
type queueLine struct {
	ID      int64
	Title   string
	Preview string
	Reason  string
	Staff   string
	// Waited says how long, Late whether that is too long.
	Waited  string
	Late    bool
	Budget  budgetLine
	Current bool
	Mine    bool
	// Urgent is whether it should wait for nobody.
	Urgent bool
	// Unanswered is whether a person is in charge and the contact has the last word.
	Unanswered bool
}

// Calls is how many things call for the member's attention, for the title of the page.
func (v deskView) Calls() int { return v.Waiting + v.ToAnswer }

const (
	// listed is how many conversations a list shows.
	listed = 60
	// looked is how many of those who wait are looked through for what is urgent.
	looked = 500
	// lateAfter is when a wait is marked as too long.
	lateAfter = 10 * time.Minute
)

var deskTabs = []deskTab{
	{State: bot.StateQueued, Name: "等待中"},
	{State: bot.StateStaff, Name: "人工"},
	{State: bot.StateBot, Name: "自动"},
	{State: bot.StateClosed, Name: "已结束"},
}

// deskPage shows the queue and, where one is named, a conversation.
func (f *face) deskPage(c echo.Context) error {
	f.markSeen(c)
	return f.showDesk(c, http.StatusOK, func(*deskView) {})
}

// showDesk renders the desk after change has had its way with it.
func (f *face) showDesk(c echo.Context, status int, change func(*deskView)) error {
	view, err := f.deskView(c)
	if err != nil {
		return err
	}
	change(&view)
	return f.pages.render(c, status, "desk.html", view)
}

func (f *face) deskView(c echo.Context) (deskView, error) {
	ctx := c.Request().Context()
	member := memberOf(c)
	v := deskView{Member: member, MayAnswer: member.Role.May(staff.MayAnswer), MaxSaid: maxSaid}
	var err error
	if v.ClientID, err = f.randomID(); err != nil {
		return v, err
	}
	if c.Param("id") != "" {
		if v.Open, err = f.openView(c); err != nil {
			return v, err
		}
	}
	v.chooseTab(bot.State(c.QueryParam("tab")))
	if err := f.fillQueue(ctx, &v); err != nil {
		return v, err
	}
	v.Faults = faultsOf(f.o.Ready(ctx))
	return v, nil
}

// chooseTab takes the tab that was asked for, else the one where the open conversation is.
func (v *deskView) chooseTab(asked bot.State) {
	known := slices.ContainsFunc(deskTabs, func(t deskTab) bool { return t.State == asked })
	switch {
	case known:
		v.Tab = asked
	case v.Open != nil:
		v.Tab = v.Open.State
	default:
		v.Tab = bot.StateQueued
	}
	v.Tabs = slices.Clone(deskTabs)
	for i := range v.Tabs {
		v.Tabs[i].Current = v.Tabs[i].State == v.Tab
	}
}

func (f *face) fillQueue(ctx context.Context, v *deskView) error {
	waiting, err := f.waiting(ctx)
	if err != nil {
		return err
	}
	v.Waiting, v.Next = len(waiting), nextOf(waiting, v.Open)
	unanswered, err := f.unanswered(ctx, v.Member.Name)
	if err != nil {
		return err
	}
	v.ToAnswer = len(unanswered)
	shown := waiting
	if v.Tab != bot.StateQueued {
		if shown, err = f.o.Transcript.Conversations(ctx, v.Tab, listed); err != nil {
			return fmt.Errorf("list conversations: %w", err)
		}
	}
	shown = shown[:min(len(shown), listed)]
	v.More = len(shown) == listed
	for _, conversation := range shown {
		line, err := f.queueLine(ctx, conversation)
		if err != nil {
			return err
		}
		line.Mine = !conversation.Client && conversation.Staff == v.Member.Name
		line.Current = v.Open != nil && v.Open.ID == conversation.ID
		v.Queue = append(v.Queue, line)
	}
	return nil
}

// waiting are those who wait for a person: who may be in danger first, then who waits longest.
func (f *face) waiting(ctx context.Context) ([]bot.Conversation, error) {
	all, err := f.o.Transcript.Conversations(ctx, bot.StateQueued, looked)
	if err != nil {
		return nil, fmt.Errorf("list waiting: %w", err)
	}
	slices.SortStableFunc(all, func(a, b bot.Conversation) int {
		return cmp.Compare(graveness(b), graveness(a))
	})
	return all, nil
}

func graveness(c bot.Conversation) int {
	if c.Reason == bot.ReasonDanger {
		return 1
	}
	return 0
}

// nextOf is whose turn it is, but for the one being read.
func nextOf(waiting []bot.Conversation, open *openView) int64 {
	for _, c := range waiting {
		if open == nil || c.ID != open.ID {
			return c.ID
		}
	}
	return 0
}

func (f *face) queueLine(ctx context.Context, c bot.Conversation) (queueLine, error) {
	latest, err := f.o.Transcript.Messages(ctx, c.ID, 0, previewed)
	if err != nil {
		return queueLine{}, fmt.Errorf("preview conversation: %w", err)
	}
	line := queueLine{
		ID: c.ID, Title: titleOf(c), Reason: c.Reason, Staff: c.ClientStaff(),
		Preview:    previewOf(latest),
		Urgent:     c.Reason == bot.ReasonDanger && c.State != bot.StateClosed,
		Unanswered: c.State == bot.StateStaff && lastWord(latest) != 0,
	}
	if c.State == bot.StateStaff || c.State == bot.StateQueued {
		line.Budget = f.budgetLine(c)
	}
	if !c.WaitingSince.IsZero() {
		waited := f.o.Now().Sub(c.WaitingSince)
		line.Waited, line.Late = waitedWords(waited), waited >= lateAfter
	}
	return line, nil
}

// titleOf names a contact by channel and number; a platform's id means nothing to staff.
func titleOf(c bot.Conversation) string {
	return bot.ChannelTitle(c.Contact.Channel) + "来访者 " + strconv.FormatInt(c.Contact.ID, 10)
}

func waitedWords(d time.Duration) string {
	switch minutes := int(d.Minutes()); {
	case minutes < 1:
		return "刚开始等"
	case minutes < 60:
		return fmt.Sprintf("等了 %d 分钟", minutes)
	case minutes < 24*60:
		return fmt.Sprintf("等了 %d 小时 %d 分", minutes/60, minutes%60)
	default:
		return fmt.Sprintf("等了 %d 天", minutes/(24*60))
	}
}

// faultsOf is what staff must know of channels that do not work.
func faultsOf(r Readiness) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(r.Channels)) {
		if s := r.Channels[name]; s.State == Faulty {
			out = append(out, bot.ChannelTitle(name)+"："+s.Reason)
		}
	}
	return out
}
