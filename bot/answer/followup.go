package answer

import (
	"strings"
	"unicode/utf8"
)

// shortFollowUp is the most characters of a question that may lean on the one before it.
const shortFollowUp = 24

// isFollowUp reports whether the question needs the earlier ones to make sense: it is short and
// either points back (那…, 他…, …呢) or names none of our subjects.
func (r *reader) isFollowUp(folded string, earlier []string) bool {
	if len(earlier) == 0 {
		return false
	}
	cleaned := r.text.Clean(folded)
	if r.rules.has("points-back", cleaned) {
		return utf8.RuneCountInString(cleaned) <= 2*shortFollowUp
	}
	return utf8.RuneCountInString(cleaned) <= shortFollowUp && !r.rules.has("domain", cleaned)
}

// withEarlier is the text that a follow-up is searched by: a question that hardly names anything
// itself is read after the one before it.
func (r *reader) withEarlier(q Question, said string) string {
	if !q.FollowUp || len(r.text.Subject(r.text.Clean(said))) > ownSubject {
		return said
	}
	return strings.TrimSpace(q.Earlier[len(q.Earlier)-1] + "\n" + said)
}

// ownSubject is how many terms of its own let a follow-up stand alone, with the earlier ones as
// history.
const ownSubject = 4
