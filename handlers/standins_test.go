package handlers_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"rongjun/bot"
)

// inbox takes messages in unless it is told to fail.
type inbox struct {
	real *bot.Inbox
	mu   sync.Mutex
	err  error
	seen []bot.Incoming
}

func (in *inbox) Receive(ctx context.Context, m []bot.Incoming) ([]bot.Accepted, error) {
	in.mu.Lock()
	err := in.err
	in.seen = append(in.seen, m...)
	in.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return in.real.Receive(ctx, m)
}

func (in *inbox) fail(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.err = err
}

type bells struct {
	mu   sync.Mutex
	rung []bot.Bell
}

func (b *bells) Ring(bell bot.Bell) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = append(b.rung, bell)
}

// callback reads bodies in a tongue of its own: "forged", "mush", or a text to deliver.
type callback struct{}

func (callback) Verify(q url.Values) ([]byte, error) {
	if q.Get("msg_signature") != "good" {
		return nil, bot.ErrForged
	}
	return []byte(q.Get("echostr")), nil
}

func (callback) Decode(q url.Values, body []byte) (bot.Delivery, error) {
	switch text := string(body); {
	case q.Get("msg_signature") != "good":
		return bot.Delivery{}, bot.ErrForged
	case text == "mush":
		return bot.Delivery{}, bot.ErrEnvelope
	case text == "panic":
		panic("decoder is broken")
	case text == "tap":
		return bot.Delivery{Clicks: []bot.Click{{ID: "tap", Task: "t1", By: "wang", Code: "r1"}}}, nil
	case text == "bell":
		return bot.Delivery{Bells: []bot.Bell{{Channel: "wecom", Account: "kf1"}}}, nil
	default:
		return bot.Delivery{Ack: []byte("success"), Messages: []bot.Incoming{{
			Address:    bot.Address{Channel: "wecom", Account: "app", ExternalID: "person-77"},
			PlatformID: text, Kind: bot.KindText, Text: text, At: time.Now(),
		}}}, nil
	}
}

// answerer gives answers of known kinds to known words.
type answerer struct{}

func (answerer) Answer(_ context.Context, t bot.Turn) (bot.Answer, error) {
	trace := bot.Trace{
		Understood: t.Text(), Why: "第一条依据高出其余很多", Composer: "offline",
		Hits: []bot.Hit{{
			Passage: "entry:lump", Text: "自主就业的退役军士和义务兵，由部队发给一次性退役金。",
			Words: 0.82, Meaning: 0.91, Score: 1.73,
		}},
		Steps: []bot.Step{{Name: "understand", Took: 2e6}, {Name: "retrieve", Took: 11e6}},
	}
	reason := "对方要求人工"
	if strings.Contains(t.Text(), "想不开") {
		reason = bot.ReasonDanger
	}
	if strings.Contains(t.Text(), "人工") {
		return bot.Answer{
			Decision: bot.DecideHandover, Trace: trace,
			Reply: bot.Reply{
				Text:    "好的，已经请工作人员来看您的问题。现在前面没有人在等，您可以先把情况写下来。",
				Choices: []bot.Choice{{Text: "取消排队，继续问", Act: "withdraw"}},
			},
			Event: bot.Event{Kind: bot.EventHandover, Reason: reason, At: t.Now},
		}, nil
	}
	return bot.Answer{
		Decision: bot.DecideAnswer, Trace: trace,
		Reply: bot.Reply{
			Text: "我是自动回答的智能助手，随时可以说“转人工”。\n\n自主就业的退役士兵，离队时由部队发给一次性退役金；" +
				"回到地方以后，还可以向安置地的退役军人事务部门申领一次性经济补助，标准由省级人民政府规定。\n\n" +
				"要带：退役证、身份证、本人银行卡。\n到哪里办：安置地的退役军人服务中心。",
			Sources: []bot.Source{
				{Title: "《退役军人安置条例》", Article: "第四十三条", InForce: "2024年9月1日起施行"},
				{Title: "《中华人民共和国退役军人保障法》", Article: "第二十二条", InForce: "2021年1月1日起施行"},
			},
			Choices: []bot.Choice{
				{Text: "申领要多久？", Act: "entry:time"}, {Text: "最近的服务站在哪？", Act: "entry:place"},
			},
		},
	}, nil
}
