package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/config"
)

// withModel is a running program that has the model write, and waits for it however busy the machine is.
func withModel(t *testing.T, m *fakeModel) *Program {
	t.Helper()
	return withModelFor(t, m, patience)
}

// withModelFor waits so long.
func withModelFor(t *testing.T, m *fakeModel, timeout time.Duration) *Program {
	t.Helper()
	p, _ := running(t, settings(t, func(s *config.Config) {
		s.LLM = config.Endpoint{
			BaseURL: m.url, Model: "fake-1", Key: config.NewSecret("sk-test"), Timeout: timeout,
		}
	}))
	return p
}

// asks lets a new contact ask one question and returns the answer with its trace.
func (p *Program) asks(t *testing.T, question string) (line, bot.Trace) {
	t.Helper()
	v := newVisitor(t, p.URL())
	v.say(question)
	answer := v.watch("").next("bot")
	all, err := p.store.Conversations(t.Context(), "", 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	turns, err := p.store.TurnsOf(t.Context(), all[0].ID)
	require.NoError(t, err)
	require.NotEmpty(t, turns)
	return answer, turns[len(turns)-1].Trace
}

func TestAGoodModelAnswerGoesOutWithItsMark(t *testing.T) {
	t.Parallel()
	p := withModel(t, newModel(t, good))
	answer, trace := p.asks(t, modelQuestion)
	assert.Contains(t, answer.Text, modelWords)
	assert.NotContains(t, answer.Text, "[1]")
	assert.Contains(t, answer.Text, modelMark)
	assert.Contains(t, answer.Text, "自动回复")
	assert.True(t, answer.cites(modelSource), answer.Sources)
	assert.Equal(t, "fake-1", trace.Composer)
	assert.Empty(t, trace.Fault)
}

func TestWhateverTheModelDoesTheContactGetsACarriedAnswer(t *testing.T) {
	t.Parallel()
	m := newModel(t, good)
	p := withModel(t, m)
	plain := ""
	m.behave(status(http.StatusInternalServerError))
	answer, _ := p.asks(t, modelQuestion)
	plain = answer.Text
	require.NotContains(t, plain, modelMark, "the offline answer")
	const carried = modelWords + "，由他们在接收您时发放[1]。"
	for name, c := range map[string]struct {
		does  behaviour
		fault string
	}{
		"is silent":          {writes(""), "refused"},
		"sends spaces":       {writes(" \n "), "empty"},
		"refuses":            {writes("抱歉，作为人工智能，我无法回答这个问题。"), "refuses"},
		"babbles":            {writes(strings.Repeat(carried+"还有别的事也要说。", 80)), "too long"},
		"repeats itself":     {writes(strings.Repeat(carried, 5)), "repeats itself"},
		"cites nothing":      {writes("优待证由退役军人事务部门发放，全国统一制发。"), "cites nothing"},
		"invents a figure":   {writes(carried + "每月可领1500元[1]。"), "figure"},
		"invents in words":   {writes(carried + "每月补贴三百二十块钱[1]。"), "figure"},
		"invents a citation": {writes(carried + "早年退役的请问服务站[42]。"), "citation [42]"},
		"invents a link":     {writes(carried + "请打开 https://veterans.example.com/card 申请[1]。"), "link"},
		"invents a site":     {writes(carried + "请打开 youdai.com.cn 申请[1]。"), "link"},
		"invents a phone":    {writes(carried + "请拨打010-83083456咨询[1]。"), "figure"},
		"invents a law":      {writes(carried + "依据是《优待证管理条例》[1]。"), "title"},
		"breaks JSON":        {junk, "model"},
		"is a web page":      {page, "model"},
		"is cut":             {cut, "cut"},
		"sends no choice":    {noChoice, "refused"},
	} {
		m.behave(c.does)
		answer, trace := p.asks(t, modelQuestion)
		assert.Equal(t, plain, answer.Text, name)
		assert.True(t, answer.cites(modelSource), name)
		assert.Equal(t, "offline", trace.Composer, name)
		assert.Contains(t, trace.Fault, c.fault, name)
		m.behave(good)
		answer, _ = p.asks(t, modelQuestion)
		assert.Contains(t, answer.Text, modelWords, "the model is asked again after it "+name)
	}
}

func TestWhileTheModelHangsTheContactGetsACarriedAnswer(t *testing.T) {
	t.Parallel()
	p := withModelFor(t, newModel(t, hanging), 300*time.Millisecond)
	answer, trace := p.asks(t, modelQuestion)
	assert.NotContains(t, answer.Text, modelMark)
	assert.True(t, answer.cites(modelSource))
	assert.Equal(t, "offline", trace.Composer)
	assert.Contains(t, trace.Fault, "time-out")
}

func TestASentenceWithARightThatItsPassageLacksIsLeftOut(t *testing.T) {
	t.Parallel()
	m := newModel(t, writes(modelWords+"，由他们在接收您时发放[1]。"+
		"早年退役、还没办的，请到当地退役军人服务站问怎么补办[1]。您必须亲自到场，一律不收工本费[1]。"))
	answer, trace := withModel(t, m).asks(t, modelQuestion)
	assert.Contains(t, answer.Text, modelWords)
	assert.Contains(t, answer.Text, "问怎么补办")
	assert.NotContains(t, answer.Text, "必须")
	assert.NotContains(t, answer.Text, "一律")
	assert.Equal(t, "fake-1", trace.Composer)
}

func TestTheModelsInstructionsNeverReachTheContact(t *testing.T) {
	t.Parallel()
	m := newModel(t, good)
	p := withModel(t, m)
	p.asks(t, modelQuestion)
	instructions := decoded[struct {
		Messages []struct{ Role, Content string }
	}](t, m.heard()).
		Messages[0].Content
	require.NotEmpty(t, instructions)
	leaks := []string{instructions, strings.ReplaceAll(instructions, "。", "[1]。")}
	for line := range strings.SplitSeq(strings.TrimSpace(instructions), "\n") {
		leaks = append(leaks, modelWords+"，由他们在接收您时发放[1]。"+strings.ReplaceAll(line, "。", "[1]。"))
	}
	for _, text := range leaks {
		m.behave(writes(text))
		answer, trace := p.asks(t, modelQuestion)
		for _, sentence := range strings.FieldsFunc(instructions, func(r rune) bool {
			return strings.ContainsRune("。：\n", r)
		}) {
			if len(sentence) > len("一二三四五六七八") {
				assert.NotContains(t, answer.Text, sentence, trace.Fault)
			}
		}
	}
}

func TestMarkupOfTheModelIsNotUsed(t *testing.T) {
	t.Parallel()
	m := newModel(t, writes(`<b onclick="x()">`+modelWords+`</b>，由他们在接收您时发放[1]。`+
		`<script>alert(1)</script>早年退役、还没办的，请到当地退役军人服务站问怎么补办[1]。`))
	p := withModel(t, m)
	answer, trace := p.asks(t, modelQuestion)
	assert.Contains(t, trace.Fault, "markup")
	assert.NotContains(t, answer.Text, "<")
	assert.True(t, answer.cites(modelSource))
}

func TestAModelThatFailsAgainAndAgainIsLeftAlone(t *testing.T) {
	t.Parallel()
	m := newModel(t, status(http.StatusBadGateway))
	p := withModel(t, m)
	for range 3 {
		_, trace := p.asks(t, modelQuestion)
		assert.Contains(t, trace.Fault, "status 502")
		assert.NotContains(t, trace.Fault, "优待证", "the service's words are not kept")
	}
	asked := strings.Count(m.heard(), "fake-1")
	answer, trace := p.asks(t, modelQuestion)
	assert.Contains(t, answer.Text, "优待证")
	assert.Contains(t, trace.Fault, "left alone")
	assert.Equal(t, asked, strings.Count(m.heard(), "fake-1"))
}

func TestPersonalNumbersNeverReachTheModel(t *testing.T) {
	t.Parallel()
	m := newModel(t, good)
	p := withModel(t, m)
	for _, number := range []string{
		"11010519491231002X", "110105194912310021", "110105 19491231 0021", "１１０１０５１９４９１２３１００２Ｘ",
		"13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "０１３８１２３４５６７８",
		"010-83083456", "0571-88886666", "6222021234567890123", "622202123456789", "军字第12345678号", "一三八一二三四五六七八",
	} {
		before := len(m.heard())
		_, trace := p.asks(t, fmt.Sprintf("退役军人优待证怎么申请，在哪办？我的号码是%s", number))
		sent := m.heard()[before:]
		assert.Contains(t, sent, "优待证怎么申请", "asked with %s: %s", number, trace.Why)
		assert.NotContains(t, sent, number)
	}
}

func junk(_ *fakeModel, w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"choices":[{"message":`))
}

func page(_ *fakeModel, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"))
}

func noChoice(_ *fakeModel, w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"choices":[]}`))
}

func cut(_ *fakeModel, w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"choices":[{"finish_reason":"length","message":{"role":"assistant",` +
		`"content":"优待证由安置地退役军人事务部门发放[1]。早年"}}]}`))
}
