package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// loadReport is what a run has shown.
type loadReport struct {
	Plan     loadPlan `json:"plan"`
	Database string   `json:"database"`
	Proven   bool     `json:"proven"`

	Messages   int         `json:"messages"`
	Unanswered int         `json:"unanswered"`
	Twice      int         `json:"answered_twice"`
	Disordered int         `json:"contacts_out_of_order"`
	Refused    map[int]int `json:"sends_refused,omitempty"`
	// CallbacksFailed counts tries that were not answered with 200.
	CallbacksFailed int `json:"callbacks_failed"`

	Turns int `json:"turns"`
	// ByWords are turns that had to do without the question's vector.
	ByWords   int            `json:"turns_by_words_only"`
	Decisions map[string]int `json:"decisions"`
	// PerSecond is how many turns a second were answered with everything, from the first message to the
	// last send.
	PerSecond float64 `json:"full_answers_per_second"`

	Acknowledged spread `json:"acknowledged_ms"`
	// Prompt is from the message to its first answer, for messages that are read at once; Patient is for
	// those that wait for the quiet, PatientLess the same without that time.
	Prompt      spread             `json:"message_to_send_ms"`
	Patient     spread             `json:"message_to_send_with_quiet_ms"`
	PatientLess spread             `json:"message_to_send_less_quiet_ms"`
	Stages      map[string]float64 `json:"mean_ms"`
	Steps       map[string]float64 `json:"mean_step_ms"`

	Spoke     time.Duration `json:"-"`
	Took      time.Duration `json:"-"`
	Processor struct {
		Program  float64 `json:"program"`
		Platform float64 `json:"contacts_and_platform"`
		// PerMessage is the program's, in milliseconds, which says what a quiet machine could carry.
		PerMessage float64 `json:"program_ms_per_message"`
	} `json:"processor_seconds"`
	MemoryMB int `json:"memory_mb"`
}

// spread is how times are spread, in milliseconds.
type spread struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func spreadOf(all []time.Duration) spread {
	if len(all) == 0 {
		return spread{}
	}
	slices.Sort(all)
	at := func(share float64) float64 {
		return milliseconds(all[min(len(all)-1, int(share*float64(len(all))))])
	}
	return spread{len(all), at(.5), at(.9), at(.99), milliseconds(all[len(all)-1])}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measurement gathers the times of turns.
type measurement struct {
	turns, wordsOnly             int
	decisions                    map[string]int
	prompt, patient, patientLess []time.Duration
	steps                        map[string]time.Duration
	before, answering, after     time.Duration
}

func newMeasurement() *measurement {
	return &measurement{decisions: map[string]int{}, steps: map[string]time.Duration{}}
}

func (m *measurement) into(r *loadReport) {
	r.Turns, r.ByWords, r.Decisions = m.turns, m.wordsOnly, m.decisions
	r.PerSecond = float64(m.turns-m.wordsOnly) / max(r.Took, r.Spoke).Seconds()
	r.Prompt, r.Patient, r.PatientLess = spreadOf(m.prompt), spreadOf(m.patient), spreadOf(m.patientLess)
	r.Processor.PerMessage = 1000 * r.Processor.Program / float64(max(1, m.turns))
	r.Stages, r.Steps = map[string]float64{}, map[string]float64{}
	n := time.Duration(max(1, len(m.prompt)))
	for name, sum := range map[string]time.Duration{
		"before": m.before, "answering": m.answering, "after": m.after,
	} {
		r.Stages[name] = milliseconds(sum / n)
	}
	for name, sum := range m.steps {
		r.Steps[name] = milliseconds(sum / n)
	}
}

// text is the report for people.
func (r loadReport) text() string {
	var b strings.Builder
	proven := "每条消息都答了一次，都按次序"
	if !r.Proven {
		proven = fmt.Sprintf("没有做到：没答 %d 条，答了两次 %d 条，次序不对的客户 %d 位，被平台拒绝 %v",
			r.Unanswered, r.Twice, r.Disordered, r.Refused)
	}
	fmt.Fprintf(&b, "%s：%d 位客户 %d 条消息。%s。\n", r.Database, r.Plan.Contacts, r.Messages, proven)
	fmt.Fprintf(&b, "完整的回答　每秒 %.1f 个（写了 %.1f 秒，到最后一条发出 %.1f 秒）；只按字词的 %d 个，共 %d 个\n",
		r.PerSecond, r.Spoke.Seconds(), r.Took.Seconds(), r.ByWords, r.Turns)
	row := func(name string, s spread) {
		fmt.Fprintf(&b, "%s　中位 %.1f　九成 %.1f　百分之九十九 %.1f　最慢 %.1f 毫秒（%d 个）\n",
			name, s.P50, s.P90, s.P99, s.Max, s.N)
	}
	row("回调应答　　　　　", r.Acknowledged)
	row("消息到发出（立即）", r.Prompt)
	row("消息到发出（静默）", r.Patient)
	row("　其中除去静默时间", r.PatientLess)
	fmt.Fprintf(&b, "时间用在哪里（立即的，平均）　回调、拉取、入库、排队 %.1f　作答 %.1f　提交后到发出 %.1f 毫秒\n",
		r.Stages["before"], r.Stages["answering"], r.Stages["after"])
	for _, name := range slices.Sorted(maps.Keys(r.Steps)) {
		fmt.Fprintf(&b, "　作答：%s %.2f 毫秒\n", name, r.Steps[name])
	}
	fmt.Fprintf(&b, "处理器时间　程序 %.1f 秒（每条 %.1f 毫秒）　客户和模拟平台 %.1f 秒；程序内存 %d MB\n",
		r.Processor.Program, r.Processor.PerMessage, r.Processor.Platform, r.MemoryMB)
	return b.String()
}
