package bot

import (
	"time"

	"rongjun/knowledge"
)

// QuietHours are the part of every day, by China's clock, in which nobody is to be disturbed. They may
// reach over midnight. The zero value is none.
type QuietHours struct {
	// From and Until are counted from midnight.
	From, Until time.Duration
}

// End is when the quiet hours that hold at a time are over, zero when none hold.
func (q QuietHours) End(at time.Time) time.Time {
	at = at.In(knowledge.China())
	midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	past := at.Sub(midnight)
	switch {
	case q.From == q.Until:
		return time.Time{}
	case q.From < q.Until && past >= q.From && past < q.Until:
		return midnight.Add(q.Until)
	case q.From > q.Until && past >= q.From:
		return midnight.Add(24*time.Hour + q.Until)
	case q.From > q.Until && past < q.Until:
		return midnight.Add(q.Until)
	}
	return time.Time{}
}
