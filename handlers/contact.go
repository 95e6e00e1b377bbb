package handlers

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

// webChannel is the name of the web chat's channel and of its one account.
const webChannel = "web"

const (
	contactCookie = "rongjun_contact"
	// contactFor is the longest time that browsers keep a cookie.
	contactFor = 400 * 24 * time.Hour
)

var (
	lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").
			WithPadding(base32.NoPadding)
	contactForm = regexp.MustCompile(`^[a-z2-7]{26}$`)
)

// visitor is a contact of the web chat. Whoever has the cookie is that contact, so what is
// stored and shown to staff is only the cookie's hash.
type visitor struct{ bot.Address }

// visitor reads whose browser it is; a new one gets its cookie with this answer.
func (f *face) visitor(c echo.Context) (visitor, error) {
	cookie, err := c.Cookie(contactCookie)
	if err == nil && contactForm.MatchString(cookie.Value) {
		return visitorOf(cookie.Value), nil
	}
	secret, err := f.randomID()
	if err != nil {
		return visitor{}, err
	}
	c.SetCookie(&http.Cookie{
		Name: contactCookie, Value: secret, Path: "/",
		MaxAge: int(contactFor.Seconds()), HttpOnly: true, Secure: f.o.secure(),
		SameSite: http.SameSiteLaxMode,
	})
	return visitorOf(secret), nil
}

func visitorOf(secret string) visitor {
	sum := sha256.Sum256([]byte("rongjun web contact " + secret))
	return visitor{bot.Address{
		Channel: webChannel, Account: webChannel, ExternalID: lowerBase32.EncodeToString(sum[:16]),
	}}
}

// key is the visitor's place in the hub of first messages; two visitors with one key only wake each
// other for nothing.
func (v visitor) key() int64 {
	sum := sha256.Sum256([]byte(v.ExternalID))
	return int64(binary.BigEndian.Uint64(sum[:8])>>1) + 1
}

// randomID returns 128 random bits as 26 characters.
func (f *face) randomID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(f.o.Rand, b[:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return lowerBase32.EncodeToString(b[:]), nil
}
