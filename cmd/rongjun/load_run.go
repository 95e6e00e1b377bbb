package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
	"rongjun/knowledge/guide"
)

// loadRun is one run: the stand-in platform with its contacts, and the program as a child.
type loadRun struct {
	plan loadPlan
	// account is the run's own, since the platform forgets its cursors and a database does not.
	account  string
	settings config.Config
	platform *wecomtest.Server
	child    *child

	// said is what each contact wrote, by the platform's id of the message.
	said map[string]saying

	mu      sync.Mutex
	arrived map[string]time.Time // when a message of the program was taken, by its msgid
	refused map[int]int          // sends that the platform refused, by code
	news    chan struct{}        // a send was taken
}

// saying is one message of a contact.
type saying struct {
	contact string
	at      time.Time
	// prompt messages end in a question mark and are read at once; the others wait for the quiet.
	prompt bool
	// warm messages only fill the cache and are not measured.
	warm bool
}

const (
	// noMarkEvery: one message in so many has no question mark.
	noMarkEvery = 5
	// cachedQuestions is how many questions go round while their vectors are cached.
	cachedQuestions = 40
)

func newLoadRun(plan loadPlan, s config.Config) *loadRun {
	r := &loadRun{
		plan: plan, account: "wkLoad" + rand.Text()[:8], settings: s, platform: wecomtest.New(wecomtest.Config{}),
		said: map[string]saying{}, arrived: map[string]time.Time{}, refused: map[int]int{},
		news: make(chan struct{}, 1),
	}
	r.platform.Start()
	r.platform.AddAccount(r.account, "负荷测试")
	r.platform.OnSend(r.sent)
	return r
}

func (r *loadRun) close() {
	if r.child != nil {
		r.child.kill()
	}
	r.platform.Close()
}

// sent notes when the platform took or refused a message.
func (r *loadRun) sent(c wecomtest.SendCall) {
	at := time.Now()
	r.mu.Lock()
	switch c.Stage {
	case wecomtest.SendTaken:
		r.arrived[c.MsgID] = at
	case wecomtest.SendRefused:
		r.refused[c.Code]++
	}
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

func (r *loadRun) run(ctx context.Context, file string, w world) (loadReport, error) {
	questions, err := guideQuestions()
	if err != nil {
		return loadReport{}, err
	}
	fmt.Fprintf(w.err, "正在启动被测的程序……\n")
	r.settings, err = simulated(r.settings, r.platform)
	if err != nil {
		return loadReport{}, err
	}
	if r.child, err = startChild(ctx, r.settings, file); err != nil {
		return loadReport{}, err
	}
	r.platform.SetCallback(r.child.url + "/callback/wecom")
	if err := r.child.awaitReady(ctx); err != nil {
		return loadReport{}, err
	}
	r.warm(ctx, questions)
	fmt.Fprintf(w.err, "开始：%d 位客户，每秒 %d 条，%s。\n", r.plan.Contacts, r.plan.Rate, r.plan.For)
	report := loadReport{Plan: r.plan, Database: "SQLite"}
	if !r.settings.DatabaseURL.Empty() {
		report.Database = "PostgreSQL"
	}
	began, program, own := time.Now(), r.child.processor(), ownProcessor()
	r.speak(ctx, questions)
	report.Spoke = time.Since(began)
	r.settle(ctx)
	report.Took = r.lastSend().Sub(began)
	report.Processor.Program = (r.child.processor() - program).Seconds()
	report.Processor.Platform = (ownProcessor() - own).Seconds()
	report.MemoryMB = r.child.memoryMB()
	if err := r.child.stop(); err != nil {
		return report, err
	}
	return report, r.prove(ctx, &report)
}

// guideQuestions are the questions that the guide answers.
func guideQuestions() ([]string, error) {
	g, err := guide.Load()
	if err != nil {
		return nil, fmt.Errorf("load guide: %w", err)
	}
	questions := make([]string, len(g.Entries))
	for i, e := range g.Entries {
		questions[i] = strings.TrimRight(e.Question, "？?")
	}
	return questions, nil
}

// surnames make a question new to the program without changing what is asked.
var surnames = []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章" +
	"云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余")

// words is the nth message.
func (r *loadRun) words(questions []string, n int) (text string, prompt bool) {
	if r.plan.Cached {
		text = questions[n%min(cachedQuestions, len(questions))]
	} else {
		round := n / len(questions)
		text = questions[n%len(questions)]
		first, second := surnames[round%len(surnames)], surnames[round/len(surnames)%len(surnames)]
		text = "我姓" + string(first) + "，爱人姓" + string(second) + "，" + text
	}
	if n%noMarkEvery == 0 {
		return text, false
	}
	return text + "？", true
}

// warm asks the questions that go round once, so that their vectors are cached.
func (r *loadRun) warm(ctx context.Context, questions []string) {
	if !r.plan.Cached {
		return
	}
	for i, q := range questions[:min(cachedQuestions, len(questions))] {
		c := r.platform.Customer(fmt.Sprintf("warm%d", i))
		id := c.Say(r.account, q+"？")
		r.said[id] = saying{contact: c.ID(), at: time.Now(), prompt: true, warm: true}
		limited, done := context.WithTimeout(ctx, silence)
		_, _ = c.Wait(limited, 1) // what does not come now is missed by the proof
		done()
	}
}

// speak writes the messages at their times, the contacts in turn. Late ones follow at once.
func (r *loadRun) speak(ctx context.Context, questions []string) {
	total := int(r.plan.For.Seconds() * float64(r.plan.Rate))
	began := time.Now()
	for n := range total {
		at := began.Add(time.Duration(n) * time.Second / time.Duration(r.plan.Rate))
		if wait := time.Until(at); wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
		}
		text, prompt := r.words(questions, n)
		c := r.platform.Customer(fmt.Sprintf("contact%d", n%r.plan.Contacts))
		now := time.Now()
		r.said[c.Say(r.account, text)] = saying{contact: c.ID(), at: now, prompt: prompt}
	}
}

func (r *loadRun) lastSend() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	var last time.Time
	for _, at := range r.arrived {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// ownProcessor is the processor time of this process: the contacts and the platform.
func ownProcessor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
