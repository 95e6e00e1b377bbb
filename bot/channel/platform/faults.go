package platform

import (
	"cmp"
	"strconv"
	"sync"
	"time"
)

// Faults remembers the set-up faults of a channel, each with the call that showed it, until the same
// call succeeds.
type Faults struct {
	codes map[int]Act
	now   func() time.Time

	mu     sync.Mutex
	byPath map[string]fault
}

type fault struct {
	code    int
	meaning string
	at      time.Time
}

// NewFaults remembers none yet; codes are the channel's table.
func NewFaults(codes map[int]Act, now func() time.Time) *Faults {
	return &Faults{codes: codes, now: now, byPath: make(map[string]fault)}
}

// Note takes the outcome of a call.
func (f *Faults) Note(path string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch e := Refused(err); {
	case err == nil:
		delete(f.byPath, path)
	case e != nil && needsOperator(e.Class):
		f.byPath[path] = fault{code: e.Code, meaning: e.Meaning, at: f.now()}
	}
}

// Add remembers a fault that was found by other means than a refusal.
func (f *Faults) Add(path string, code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	words := cmp.Or(f.codes[code].Meaning, unknownMeaning)
	f.byPath[path] = fault{code: code, meaning: words, at: f.now()}
}

// Status says whether the set-up lets messages through: "ok", or "fault" with the newest reason in
// Chinese.
func (f *Faults) Status() (state, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var newest fault
	for _, one := range f.byPath {
		if one.at.After(newest.at) {
			newest = one
		}
	}
	if newest.code == 0 {
		return "ok", ""
	}
	return "fault", newest.meaning + "（错误码 " + strconv.Itoa(newest.code) + "）"
}
