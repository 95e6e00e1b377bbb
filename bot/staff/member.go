package staff

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rongjun/bot"
)

// Member is a person with an account.
type Member struct {
	// Name signs the person in and is what colleagues read; contacts never see it.
	Name string
	Role Role
	// PasswordHash is a PHC string of argon2id.
	PasswordHash string
	// MustChange is set while the password is one that somebody else made up.
	MustChange bool
	Disabled   bool
	// WeComID is the person's userid in the corp's WeCom; empty while none is bound. Capitals and small
	// letters are the same in it.
	WeComID string
	// Generation grows with every change of the account, so that older sessions end.
	Generation int64
	// Seen is when the person last had the desk open, zero for never.
	Seen    time.Time
	Created time.Time
}

// onDutyFor is how long after the last sign of an open desk somebody counts as there.
const onDutyFor = 2 * time.Minute

// OnDuty reports whether the member could answer somebody now.
func (m Member) OnDuty(now time.Time) bool {
	return !m.Disabled && m.Role.May(MayAnswer) && now.Sub(m.Seen) < onDutyFor
}

// maxWeComID is the platform's own limit.
const maxWeComID = 64

// checkWeComID wants what the platform allows in a userid.
func checkWeComID(id string) error {
	if len(id) > maxWeComID || strings.HasPrefix(id, "@") {
		return fmt.Errorf("WeCom id is too long or begins with @: %w", bot.ErrInvalid)
	}
	for _, r := range id {
		plain := r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if !plain && !strings.ContainsRune("_-@.", r) {
			return fmt.Errorf("WeCom id may have letters, digits and _ - @ . only: %w", bot.ErrInvalid)
		}
	}
	return nil
}

const maxName = 32

// checkName keeps names to what can be typed, read aloud and put into a log.
func checkName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return fmt.Errorf("name must have 1 to %d characters: %w", maxName, bot.ErrInvalid)
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-", r) {
			return fmt.Errorf("name may have letters, digits and . _ - only: %w", bot.ErrInvalid)
		}
	}
	return nil
}
