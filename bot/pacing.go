package bot

import "time"

// Pacing says when the unanswered messages of a conversation become a turn.
type Pacing struct {
	// Quiet is how long a contact must have written nothing: fragments closer than this are one turn.
	Quiet time.Duration
	// Longest is the most that the first fragment waits.
	Longest time.Duration
	// PerMinute is the most turns of one conversation within any minute; what is over is read
	// together in the next.
	PerMinute int
}

// DefaultPacing is what the settings' defaults give.
func DefaultPacing() Pacing {
	return Pacing{Quiet: 1500 * time.Millisecond, Longest: 8 * time.Second, PerMinute: 6}
}

// Unanswered is what Pacing needs to know of a conversation's waiting messages.
type Unanswered struct {
	// First and Last are when the first and the last of them arrived.
	First, Last time.Time
	// Prompt is whether one of them ends the wait for quiet: a tap, a command, a question mark.
	Prompt bool
	// Urgent is whether one of them is exempt from the limit too: a tap, 转人工, distress.
	Urgent bool
	// Ready is when the last of the pictures and recordings among them is there or given up.
	Ready time.Time
	// Recent are the times of the latest turns, the newest first, at least PerMinute where there are.
	Recent []time.Time
}

// TurnAt is the time from which the waiting messages may be read as one turn.
func (p Pacing) TurnAt(u Unanswered) time.Time {
	if u.Urgent {
		return u.Last
	}
	at := u.Last
	if !u.Prompt {
		at = u.Last.Add(p.Quiet)
		if longest := u.First.Add(p.Longest); longest.Before(at) {
			at = longest
		}
	}
	if u.Ready.After(at) {
		at = u.Ready
	}
	if p.PerMinute > 0 && len(u.Recent) >= p.PerMinute {
		if free := u.Recent[p.PerMinute-1].Add(time.Minute); free.After(at) {
			at = free
		}
	}
	return at
}
