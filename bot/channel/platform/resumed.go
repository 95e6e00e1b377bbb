package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rongjun/bot"
)

// mostVain is how many attempts to go on may bring nothing, one after another.
const mostVain = 5

// resumed is a download that goes on where it broke off. It keeps nothing of what it has given.
type resumed struct {
	// ctx is that of the download as a whole; a reader is given none.
	ctx    context.Context
	client *Client
	call   Call
	// now is the answer that is being read, nil after a break; at is how much was read of all of them,
	// of whole, which is negative where the platform did not say.
	now       *Stream
	at, whole int64
	vain      int
	broke     error
}

// Read reads on, and asks for the rest where there was a break.
func (r *resumed) Read(p []byte) (int, error) {
	for {
		if r.now == nil {
			if err := r.goOn(); err != nil {
				return 0, err
			}
		}
		n, err := r.now.Read(p)
		r.at += int64(n)
		if n > 0 {
			r.vain = 0
		}
		switch {
		case err == nil:
			return n, nil
		case r.whole >= 0 && r.at >= r.whole, r.whole < 0 && errors.Is(err, io.EOF):
			return n, io.EOF
		}
		r.breaks(err)
		if n > 0 {
			return n, nil
		}
	}
}

// breaks gives up the answer that is being read.
func (r *resumed) breaks(err error) {
	r.broke = err
	_ = r.Close()
	r.now = nil
}

// goOn asks for the rest until the platform gives it. What it refuses for good is an error at once.
func (r *resumed) goOn() error {
	for r.vain < mostVain {
		if err := r.pause(); err != nil {
			return err
		}
		r.vain++
		next, err := r.client.Stream(r.ctx, r.call.from(r.at, r.whole))
		if err == nil {
			if err = r.take(next); err == nil {
				return nil
			}
			r.breaks(err)
			continue
		}
		err = r.client.SendError(r.call.Path, err)
		if e, ok := errors.AsType[*bot.SendError](err); ok && e.Class == bot.ClassPermanent {
			return fmt.Errorf("go on with a download: %w", err)
		}
		r.broke = err
	}
	return bot.RetryAfter(fmt.Errorf("download broke off: %w", r.broke), 0)
}

// take reads from another answer. A platform that knows no ranges begins anew, and what was read before is
// passed over.
func (r *resumed) take(next *Stream) error {
	r.now = next
	if r.whole >= 0 && next.whole >= 0 && next.whole != r.whole {
		return fmt.Errorf("file of %d bytes has %d now", r.whole, next.whole)
	}
	if next.start == r.at {
		return nil
	}
	if next.start != 0 {
		return fmt.Errorf("asked for what is behind %d bytes, given from %d", r.at, next.start)
	}
	if _, err := io.CopyN(io.Discard, next, r.at); err != nil {
		return fmt.Errorf("pass over what was read: %w", err)
	}
	return nil
}

// pause lets a platform that broke off twice come to itself.
func (r *resumed) pause() error {
	if r.vain == 0 {
		return r.ctx.Err()
	}
	timer := time.NewTimer(time.Second << (r.vain - 1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// Close ends the answer that is being read.
func (r *resumed) Close() error {
	if r.now == nil {
		return nil
	}
	return r.now.Close()
}
