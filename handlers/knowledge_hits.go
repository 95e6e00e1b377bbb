package handlers

import (
	"fmt"
	"net/http"
	"net/url"
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
	Result  *tried
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

func (f *face) hitsPage(c echo.Context) error {
	v := f.hitsView(c)
	v.Asked.Question = bot.CleanText(c.QueryParam("question"), maxSaid)
	return f.pages.render(c, http.StatusOK, "knowledge_hits.html", v)
}

func (f *face) hitsView(c echo.Context) hitsView {
	v := hitsView{knowledgeFrame: f.knowledgeFrame(c, "hits"), MaxSaid: maxSaid}
	v.Asked.Day = f.today().String()
	return v
}

// tryQuestion answers a question as chat would, and shows how the answer came about.
func (f *face) tryQuestion(c echo.Context) error {
	form, err := readForm(c, maxPost)
	if err != nil {
		return err
	}
	v := f.hitsView(c)
	v.Asked = tryForm{
		Question: form.Get("question"), Earlier: form.Get("earlier"),
		Region: strings.TrimSpace(form.Get("region")), Day: strings.TrimSpace(form.Get("day")),
	}
	turn, words := f.tryTurn(v.Asked)
	if words != "" {
		v.Notice = words
		return f.pages.render(c, http.StatusBadRequest, "knowledge_hits.html", v)
	}
	e, err := f.edition()
	if err != nil {
		return err
	}
	began := f.o.Now()
	a, err := f.o.Knowledge.Answerer.Answer(c.Request().Context(), turn)
	if err != nil {
		return fmt.Errorf("try question: %w", err)
	}
	v.Result = newTried(a, e)
	v.Result.Took = f.o.Now().Sub(began).Round(time.Millisecond)
	return f.pages.render(c, http.StatusOK, "knowledge_hits.html", v)
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

// passageName is what a passage is part of, in words, and the page on which it can be read.
type passageName struct {
	Kind string
	Name string
	Page string
}

// passageNames know the entries and documents of an edition by the names of their passages.
type passageNames struct {
	questions map[string]string
	documents map[string]bool
	edition   Edition
}

func newPassageNames(e Edition) passageNames {
	n := passageNames{
		questions: make(map[string]string), documents: make(map[string]bool), edition: e,
	}
	for _, entry := range e.Entries {
		n.questions[entry.ID] = entry.Question
	}
	for _, d := range e.Documents {
		n.documents[d.Key] = true
	}
	return n
}

func (n passageNames) of(passage string) passageName {
	if id, ok := strings.CutPrefix(passage, "entry:"); ok {
		return passageName{"条目", n.questions[id], entryAddress(id)}
	}
	key, _, _ := strings.Cut(passage, "#")
	if key == passage {
		return passageName{"名录", passage, ""}
	}
	name := passageName{Kind: "文件", Name: passage}
	if cite, err := knowledge.ParseCitation(citedBy(passage)); err == nil {
		name.Name = n.edition.cite(cite)
	}
	if n.documents[key] {
		name.Page = documentAddress(key)
	}
	return name
}

// citedBy is the article that a passage of a document is part of: DOC#22 of DOC#22.1@2025-01-01/3.
func citedBy(passage string) string {
	key, rest, _ := strings.Cut(passage, "#")
	if end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		rest = rest[:end]
	}
	if rest == "" || rest == "0" {
		return key
	}
	return key + "#" + rest
}

// cite is a citation as contacts read it; a text that nobody knows is named by its key.
func (e Edition) cite(c knowledge.Citation) string {
	known, err := e.Lookup(c.Doc)
	if err != nil {
		return "《" + c.Doc + "》" + knowledge.ArticleName(c.Article)
	}
	line := "《" + known.Title + "》" + knowledge.ArticleName(c.Article)
	switch {
	case !known.Effective.IsZero() && !known.Repealed.IsZero():
		return line + "（" + known.Effective.Chinese() + "起施行，" + known.Repealed.Chinese() + "起失效）"
	case !known.Effective.IsZero():
		return line + "（" + known.Effective.Chinese() + "起施行）"
	case !known.Repealed.IsZero():
		return line + "（" + known.Repealed.Chinese() + "起失效）"
	}
	return line
}

func entryAddress(id string) string {
	return "/desk/knowledge/entry?id=" + url.QueryEscape(id)
}

func documentAddress(key string) string {
	return "/desk/knowledge/document?key=" + url.QueryEscape(key)
}
