package platform

import (
	"context"
	"errors"
	"io"
	"time"
)

// stalledAfter is how long a transfer may stand still. Its length is not bounded here: what is slow but
// moves comes to its end.
const stalledAfter = 45 * time.Second

// sendBuffer bounds what the system takes of a body before it is on the line: it must be gone within
// stalledAfter once the last of the body was read.
const sendBuffer = 128 << 10

var errStalled = errors.New("transfer stands still")

// pulse ends a context when it has not been felt for stalledAfter.
type pulse struct {
	context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

func newPulse(ctx context.Context) *pulse {
	ctx, cancel := context.WithCancelCause(ctx)
	return &pulse{ctx, cancel, time.AfterFunc(stalledAfter, func() { cancel(errStalled) })}
}

// beat gives another stalledAfter, rest waits for the next beat without end.
func (p *pulse) beat() { p.timer.Reset(stalledAfter) }
func (p *pulse) rest() { p.timer.Stop() }

func (p *pulse) end() {
	p.timer.Stop()
	p.cancel(nil)
}

// stalled reports whether it is why the context has ended.
func (p *pulse) stalled() bool { return errors.Is(context.Cause(p), errStalled) }

// beating is the body of an answer: each read may take stalledAfter, and its end is the pulse's.
type beating struct {
	io.ReadCloser
	pulse *pulse
}

func (b *beating) Read(p []byte) (int, error) {
	b.pulse.beat()
	defer b.pulse.rest()
	n, err := b.ReadCloser.Read(p)
	if err != nil && b.pulse.stalled() {
		err = errStalled
	}
	return n, err
}

func (b *beating) Close() error {
	defer b.pulse.end()
	return b.ReadCloser.Close()
}

// felt is the body of a request, each read of which says that what was read before has left.
type felt struct {
	io.Reader
	pulse *pulse
}

func (f *felt) Read(p []byte) (int, error) {
	f.pulse.beat()
	return f.Reader.Read(p)
}
