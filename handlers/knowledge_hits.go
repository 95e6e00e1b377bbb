package handlers

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// hitsView is the page on which a question is tried out.
type hitsView struct {
	knowledgeFrame
	Asked   tryForm
	MaxSaid int
	// Draft is what the question is tried out on, nil for what is published.
	Draft  *tryingOn
	Result *tried
}

// tryForm is what was typed, as it was typed.
type tryForm struct {
	Question string
	Earlier  string
	Region   string
	Day      string
}

// tried is how a question was answered.
type tried struct {
	Decision bot.Decision
	Decided  string
	Rule     string
	Reply    bot.Reply
	Handover string
	Trace    bot.Trace
	Took     time.Duration
	Hits     []triedHit
	Filtered []triedFiltered
	Steps    []triedStep
}

// triedHit is a passage found, with what it is.
type triedHit struct {
	bot.Hit
	passageName
	Sources []string
}

// triedFiltered is a passage that may not be cited.
type triedFiltered struct {
	passageName
	Why string
}

type triedStep struct {
	Name string
	Took time.Duration
}

// tryingOn is the draft that questions are tried out on.
type tryingOn struct {
	ID    int64
	Title string
	By    string
	draft knowledge.Revision
}

func (f *face) hitsPage(c echo.Context) error {
	v, err := f.hitsView(c, c.QueryParam("draft"))
	if err != nil {
		return err
	}
	v.Asked.Question = bot.CleanText(c.QueryParam("question"), maxSaid)
	if v.Draft != nil && v.Draft.draft.Entry != nil && v.Asked.Question == "" {
		v.Asked.Question = v.Draft.Title
	}
	return f.pages.render(c, http.StatusOK, "knowledge_hits.html", v)
}

func (f *face) hitsView(c echo.Context, draft string) (hitsView, error) {
	v := hitsView{knowledgeFrame: f.knowledgeFrame(c, "hits"), MaxSaid: maxSaid}
	v.Asked.Day = f.today().String()
	if draft == "" {
		return v, nil
	}
	id, err := strconv.ParseInt(draft, 10, 64)
	if err != nil {
		return v, fmt.Errorf("draft number: %w", knowledge.ErrNotFound)
	}
	r, err := f.o.Knowledge.Revisions.Revision(c.Request().Context(), id)
	if err != nil {
		return v, fmt.Errorf("read draft: %w", err)
	}
	if r.State != knowledge.RevisionDraft {
		v.Notice = "那份草稿已经处理过了，这里按现在发布的内容回答。"
		return v, nil
	}
	v.Draft = &tryingOn{ID: r.ID, Title: cmp.Or(r.Subject, r.Key), By: authorName(r.Author), draft: r}
	return v, nil
}

// tryQuestion answers a question as chat would, and shows how the answer came about.
func (f *face) tryQuestion(c echo.Context) error {
	form, err := readForm(c, maxPost)
	if err != nil {
		return err
	}
	v, err := f.hitsView(c, form.Get("draft"))
	if err != nil {
		return err
	}
	v.Asked = tryForm{
		Question: form.Get("question"), Earlier: form.Get("earlier"),
		Region: strings.TrimSpace(form.Get("region")), Day: strings.TrimSpace(form.Get("day")),
	}
	turn, words := f.tryTurn(v.Asked)
	if words != "" {
		v.Notice = words
		return f.pages.render(c, http.StatusBadRequest, "knowledge_hits.html", v)
	}
	ctx := c.Request().Context()
	answerer, e, err := f.answererFor(ctx, v.Draft)
	if err != nil {
		return err
	}
	began := f.o.Now()
	a, err := answerer.Answer(ctx, turn)
	if err != nil {
		return fmt.Errorf("try question: %w", err)
	}
	v.Result = newTried(a, e)
	v.Result.Took = f.o.Now().Sub(began).Round(time.Millisecond)
	return f.pages.render(c, http.StatusOK, "knowledge_hits.html", v)
}

// answererFor is the one that chat asks, or where a draft is given one that answers as if it were
// published.
func (f *face) answererFor(
	ctx context.Context, draft *tryingOn,
) (bot.Answerer, Edition, error) {
	e, err := f.edition()
	if err != nil || draft == nil {
		return f.o.Knowledge.Answerer, e, err
	}
	answerer, e, err := f.o.Knowledge.Trial.Trial(ctx, draft.draft)
	if err != nil {
		return nil, e, fmt.Errorf("lay draft over the knowledge: %w", err)
	}
	return answerer, e, nil
}

// tryTurn makes the turn that chat would make of the words, or says what is wrong with them.
func (f *face) tryTurn(asked tryForm) (bot.Turn, string) {
	now := f.o.Now()
	question := bot.CleanText(asked.Question, maxSaid)
	if question == "" {
		return bot.Turn{}, "请写出要试的问题。"
	}
	day, err := knowledge.ParseDate(asked.Day)
	if err != nil {
		return bot.Turn{}, "日期应写成 2026-11-23 这样。"
	}
	if day == f.today() {
		day = knowledge.Date{}
	}
	turn := bot.Turn{Now: now, AsOf: day, History: earlierLines(asked.Earlier, now)}
	turn.Messages = []bot.Message{{
		From: bot.FromContact, Kind: bot.KindText, Text: question, At: now,
	}}
	turn.Conversation = bot.Conversation{
		State: bot.StateBot, Introduced: len(turn.History) > 0,
		Contact: bot.Contact{Region: knowledge.Region(asked.Region)},
	}
	return turn, ""
}

// botLine begins an earlier line that the bot said.
const botLine = "答："

// earlierLines reads what was said before, a line each, at most as many as chat remembers.
func earlierLines(text string, now time.Time) []bot.Message {
	var lines []bot.Message
	for line := range strings.Lines(text) {
		said := bot.CleanText(line, maxSaid)
		if said == "" {
			continue
		}
		m := bot.Message{From: bot.FromContact, Kind: bot.KindText, Text: said, At: now}
		if answer, ok := strings.CutPrefix(said, botLine); ok {
			m.From, m.Text = bot.FromBot, answer
		}
		lines = append(lines, m)
	}
	return lines[max(0, len(lines)-bot.HistoryLimit):]
}

func newTried(a bot.Answer, e Edition) *tried {
	t := &tried{
		Decision: a.Decision, Decided: decisionWords(a.Decision), Rule: ruleWords(a.Trace.Why),
		Reply: a.Reply, Trace: a.Trace,
	}
	if a.Event.Kind == bot.EventHandover {
		t.Handover = a.Event.Reason
	}
	names := newPassageNames(e)
	for _, h := range a.Trace.Hits {
		hit := triedHit{Hit: h, passageName: names.of(h.Passage)}
		for _, cite := range h.Cites {
			hit.Sources = append(hit.Sources, e.cite(cite))
		}
		t.Hits = append(t.Hits, hit)
	}
	for _, h := range a.Trace.Filtered {
		t.Filtered = append(t.Filtered, triedFiltered{names.of(h.Passage), filteredWords(h.Reason)})
	}
	for _, s := range a.Trace.Steps {
		t.Steps = append(t.Steps, triedStep{stepWords(s.Name), s.Took.Round(10 * time.Microsecond)})
	}
	return t
}
