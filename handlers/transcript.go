package handlers

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// openView is the conversation that a member of staff reads.
type openView struct {
	bot.Conversation
	Title      string
	StateWords string
	Waited     string
	Budget     budgetLine
	Mine       bool
	// Accept are the files that the contact's channel takes, as a form names them; empty for none.
	Accept string
	Lines  []transcriptLine
	// Cut is whether the transcript is longer than what is shown.
	Cut bool
}

// transcriptLine is one message with what staff should know of it.
type transcriptLine struct {
	bot.Message
	Day    string
	Clock  string
	Who    string
	Status status
	// Words are the message's text, or what stands in its place.
	Words string
	// Attached is what is seen or heard in it, nil for nothing; Heard marks words that a machine
	// heard in a recording.
	Attached *attached
	Heard    bool
	// Turns are the answers that end at this message: the one it belongs to, or drafts not used.
	Turns []turnLine
}

// status is how far a message has come, in words; empty where nothing is special.
type status struct {
	Words string
	// Bad is whether staff should look at it.
	Bad bool
}

// turnLine is how an answer came about.
type turnLine struct {
	bot.TurnRecord
	Decided string
	Dropped bool
	Hits    []hitLine
}

type hitLine struct {
	bot.Hit
	Sources string
}

const (
	// transcriptShown is how many messages of a conversation are shown, from the last.
	transcriptShown = 2000
	// hitsShown is how many passages of a trace are shown.
	hitsShown = 5
)

func (f *face) openView(c echo.Context) (*openView, error) {
	ctx := c.Request().Context()
	id, err := conversationID(c)
	if err != nil {
		return nil, err
	}
	conversation, err := f.o.Transcript.Conversation(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open conversation: %w", err)
	}
	messages, err := f.o.Transcript.Messages(ctx, id, 0, transcriptShown)
	if err != nil {
		return nil, fmt.Errorf("open transcript: %w", err)
	}
	turns, err := f.o.Turns.TurnsOf(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open turns: %w", err)
	}
	v := &openView{
		Conversation: conversation, Title: titleOf(conversation),
		StateWords: stateWords(conversation), Mine: !conversation.Client && conversation.Staff == memberOf(c).Name,
		Lines: transcriptLines(messages, turns, f.o.Now()), Cut: len(messages) == transcriptShown,
	}
	v.Budget = f.budgetLine(conversation)
	v.Accept = acceptOf(f.o.Carries[conversation.Contact.Channel])
	if !conversation.WaitingSince.IsZero() {
		v.Waited = waitedWords(f.o.Now().Sub(conversation.WaitingSince))
	}
	return v, nil
}

func conversationID(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, fmt.Errorf("conversation id: %w", bot.ErrNotFound)
	}
	return id, nil
}

func transcriptLines(
	messages []bot.Message, turns []bot.TurnRecord, now time.Time,
) []transcriptLine {
	byMessage := make(map[int64][]turnLine)
	for _, t := range turns {
		at := lastOf(t)
		byMessage[at] = append(byMessage[at], turnLineOf(t))
	}
	lines := make([]transcriptLine, len(messages))
	day := ""
	for i, m := range messages {
		at := m.At.In(knowledge.China())
		lines[i] = transcriptLine{
			Message: m, Clock: at.Format("15:04"), Who: cmp.Or(m.Author, deskWriter(m.From)),
			Status: statusOf(m), Turns: byMessage[m.ID], Words: cmp.Or(m.Text, kindWords(m)),
			Attached: attachedOf(m), Heard: m.Kind == bot.KindVoice && m.Text != "",
		}
		if m.State == bot.MessageRecalled {
			lines[i].Words = "（对方撤回了这条消息）"
		}
		if d := dayName(at, now); d != day {
			day, lines[i].Day = d, d
		}
	}
	return lines
}

// lastOf is the message below which an answer is explained.
func lastOf(t bot.TurnRecord) int64 {
	for _, ids := range [][]int64{t.Parts, t.Messages} {
		if len(ids) > 0 {
			return ids[len(ids)-1]
		}
	}
	return 0
}

func turnLineOf(t bot.TurnRecord) turnLine {
	line := turnLine{
		TurnRecord: t, Decided: decisionWords(t.Decision), Dropped: t.Outcome == bot.TurnDropped,
	}
	for _, hit := range t.Trace.Hits[:min(hitsShown, len(t.Trace.Hits))] {
		sources := ""
		for _, cite := range hit.Cites {
			sources += " " + cite.Doc + knowledge.ArticleName(cite.Article)
		}
		line.Hits = append(line.Hits, hitLine{hit, sources})
	}
	return line
}

// Took is the whole time that the steps took.
func (t turnLine) Took() time.Duration {
	var took time.Duration
	for _, s := range t.Trace.Steps {
		took += s.Took
	}
	return took.Round(time.Millisecond)
}

func deskWriter(from bot.From) string {
	if from == bot.FromContact {
		return "来访者"
	}
	return writer(from)
}

func stateWords(c bot.Conversation) string {
	switch {
	case c.Client && c.State == bot.StateQueued:
		return "在企业微信里排队"
	case c.Client:
		return c.Staff + " 在企业微信里接待"
	}
	switch c.State {
	case bot.StateQueued:
		return "等人接手"
	case bot.StateStaff:
		return c.Staff + " 负责"
	case bot.StateClosed:
		return "已结束"
	}
	return "自动回答中"
}

var messageStatus = map[bot.MessageState]status{
	bot.MessageReceived:  {"还没有处理", false},
	bot.MessageHistory:   {"接入之前的消息", false},
	bot.MessageRecalled:  {"已撤回", false},
	bot.MessagePending:   {"等待发送", false},
	bot.MessageSending:   {"正在发送", false},
	bot.MessageSent:      {"已发送", false},
	bot.MessageParked:    {"等对方再来消息时送出", true},
	bot.MessageUnclear:   {"可能已送达", true},
	bot.MessageFailed:    {"没有送到", true},
	bot.MessageWithdrawn: {"没有发出", false},
	bot.MessageExpired:   {"没有发出", false},
}

// statusOf adds the store's own note where it says more than the state.
func statusOf(m bot.Message) status {
	s := messageStatus[m.State]
	if m.Kind == bot.KindEvent {
		return status{}
	}
	if m.Note != "" && m.Note != s.Words {
		s.Words += "（" + m.Note + "）"
	}
	return s
}

func decisionWords(d bot.Decision) string {
	words := map[bot.Decision]string{
		bot.DecideAnswer: "已解答", bot.DecidePartial: "部分解答", bot.DecideAsk: "反问一句",
		bot.DecideDirectory: "查到办事地点", bot.DecideRule: "按条件判断", bot.DecideHandover: "转人工",
		bot.DecideCrisis: "紧急关怀", bot.DecideDecline: "婉拒", bot.DecideSensitive: "敏感话题",
		bot.DecideNone: "没有找到依据", bot.DecideError: "出错",
	}
	return cmp.Or(words[d], string(d))
}
