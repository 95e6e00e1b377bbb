package handlers

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rongjun/bot"
)

// Metrics counts what the program does. It is the observer of the worker and of the sender, and
// counts the requests of this package.
type Metrics struct {
	requests *prometheus.HistogramVec
	streams  *prometheus.GaugeVec
	turns    *prometheus.CounterVec
	dropped  *prometheus.CounterVec
	waited   prometheus.Histogram
	composed prometheus.Histogram
	sends    *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
}

// NewMetrics registers the metrics.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	seconds := prometheus.ExponentialBuckets(0.001, 2.5, 12)
	m := &Metrics{
		requests: histograms("http_request_seconds", "Requests by route and status.", seconds,
			"method", "route", "status"),
		streams: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace, Name: "streams", Help: "Open event streams.",
		}, []string{"of"}),
		turns:   counters("turns_total", "Answered turns by decision.", "decision"),
		dropped: counters("turns_dropped_total", "Answers made and not used.", "reason"),
		waited: histogram("turn_waited_seconds",
			"From the contact's last message to the committed answer.", seconds),
		composed: histogram("turn_seconds", "From the claim of a turn to the committed answer.", seconds),
		sends: histograms("send_seconds", "Attempts to send by what became of the message.", seconds,
			"channel", "state"),
		calls: histograms("platform_call_seconds", "Calls of a platform by their outcome.", seconds,
			"channel", "path", "outcome"),
	}
	for _, c := range []prometheus.Collector{
		m.requests, m.streams, m.turns, m.dropped, m.waited, m.composed, m.sends, m.calls,
	} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

const namespace = "rongjun"

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: namespace, Name: name, Help: help,
	}, labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Namespace: namespace, Name: name, Help: help, Buckets: buckets,
	})
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace, Name: name, Help: help, Buckets: buckets,
	}, labels)
}

// TurnFinished implements bot.WorkerObserver.
func (m *Metrics) TurnFinished(d bot.Decision, waited, took time.Duration) {
	m.turns.WithLabelValues(string(d)).Inc()
	m.waited.Observe(waited.Seconds())
	m.composed.Observe(took.Seconds())
}

// TurnDropped implements bot.WorkerObserver.
func (m *Metrics) TurnDropped(reason string) { m.dropped.WithLabelValues(reason).Inc() }

// SendFinished implements bot.SenderObserver.
func (m *Metrics) SendFinished(channel string, state bot.MessageState, took time.Duration) {
	m.sends.WithLabelValues(channel, string(state)).Observe(took.Seconds())
}

// PlatformCalled is the observer of the channels' calls.
func (m *Metrics) PlatformCalled(channel, path, outcome string, took time.Duration) {
	m.calls.WithLabelValues(channel, path, outcome).Observe(took.Seconds())
}

func (m *Metrics) requested(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// streaming counts an open stream until the returned function is called.
func (m *Metrics) streaming(of string) (end func()) {
	gauge := m.streams.WithLabelValues(of)
	gauge.Inc()
	return gauge.Dec
}
