package staff

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"rongjun/bot"
)

// The cost of a hash: about 23 ms and 19 MiB on one core.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024
	argonThreads = 1
	saltLength   = 16
	keyLength    = 32
)

// maxHashing is how many hashes are computed at a time, so that a flood of sign-ins takes neither
// the memory nor the processors from the conversations.
const maxHashing = 2

// The length of a password in characters; a longer one is refused before it is hashed.
const (
	minPassword = 10
	maxPassword = 128
)

// PasswordError says which rule a new password breaks.
type PasswordError struct {
	// Words tell the person what to do.
	Words string
}

// Error is the rule's words.
func (e *PasswordError) Error() string { return "password: " + e.Words }

// Is makes a PasswordError a bot.ErrInvalid.
func (e *PasswordError) Is(target error) bool { return target == bot.ErrInvalid }

func checkPassword(name, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return &PasswordError{"密码里有无法识别的字符，请换一个。"}
	case n < minPassword:
		return &PasswordError{fmt.Sprintf("密码至少要 %d 个字符。", minPassword)}
	case n > maxPassword:
		return &PasswordError{fmt.Sprintf("密码最多 %d 个字符。", maxPassword)}
	case strings.Contains(strings.ToLower(password), strings.ToLower(name)):
		return &PasswordError{"密码里不能包含账号名。"}
	case strings.Trim(password, string([]rune(password)[:1])) == "":
		return &PasswordError{"密码不能只重复一个字符。"}
	}
	return nil
}

// hasher hashes and compares passwords.
type hasher struct {
	slots chan struct{}
	rand  io.Reader
	// dummy is compared with when there is no such account, so that the time tells nothing.
	dummy string
}

func newHasher(rand io.Reader) (*hasher, error) {
	h := &hasher{slots: make(chan struct{}, maxHashing), rand: rand}
	salt, err := h.salt()
	if err != nil {
		return nil, err
	}
	h.dummy = writePHC(salt, make([]byte, keyLength))
	return h, nil
}

func (h *hasher) salt() ([]byte, error) {
	salt := make([]byte, saltLength)
	if _, err := io.ReadFull(h.rand, salt); err != nil {
		return nil, fmt.Errorf("read randomness: %w", err)
	}
	return salt, nil
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt, err := h.salt()
	if err != nil {
		return "", err
	}
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return writePHC(salt, key), nil
}

// matches compares in constant time; an empty stored hash matches nothing and takes as long.
func (h *hasher) matches(ctx context.Context, stored, password string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	salt, want, err := readPHC(stored)
	if err != nil {
		return false, err
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (h *hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, keyLength), nil
}

var phcPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$",
	argon2.Version, argonMemory, argonTime, argonThreads)

func writePHC(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return phcPrefix + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key)
}

var errHash = errors.New("stored password hash is not one of ours")

// readPHC takes hashes of the present cost only: another cost comes with code that reads both.
func readPHC(s string) (salt, key []byte, err error) {
	rest, ok := strings.CutPrefix(s, phcPrefix)
	if !ok {
		return nil, nil, errHash
	}
	first, second, _ := strings.Cut(rest, "$")
	b64 := base64.RawStdEncoding
	if salt, err = b64.DecodeString(first); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errHash, err)
	}
	if key, err = b64.DecodeString(second); err != nil || len(key) != keyLength {
		return nil, nil, errHash
	}
	return salt, key, nil
}
