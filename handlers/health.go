package handlers

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"regexp"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

// Condition says how a part or a channel stands.
type Condition string

// The conditions.
const (
	// Works: nothing to say.
	Works Condition = "ok"
	// Limited: it works, with something less; the reason says what.
	Limited Condition = "limited"
	// Faulty: an operator must act; the reason says what is wrong.
	Faulty Condition = "fault"
	// Off: it is not set up, and need not be.
	Off Condition = "off"
)

// Status is a condition and its reason, in words for an operator.
type Status struct {
	State  Condition `json:"state"`
	Reason string    `json:"reason,omitempty"`
}

// Readiness is whether questions can be answered now, and how each part stands.
type Readiness struct {
	Ready    bool              `json:"ready"`
	Parts    map[string]Status `json:"parts"`
	Channels map[string]Status `json:"channels"`
}

func (f *face) alive(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

func (f *face) ready(c echo.Context) error {
	r := f.o.Ready(c.Request().Context())
	status := http.StatusOK
	if !r.Ready {
		status = http.StatusServiceUnavailable
	}
	return c.JSON(status, r)
}

// proofName is what the platforms call their proofs of domain; nothing else is served from there.
var proofName = regexp.MustCompile(`^(WW|MP)_verify_[A-Za-z0-9]{1,64}\.txt$`)

const maxProof = 4 << 10

func (f *face) proof(c echo.Context) error {
	name := c.Param("proof")
	if !proofName.MatchString(name) {
		return echo.ErrNotFound
	}
	text, err := readProof(f.o.VerifyDir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return echo.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("read proof of domain: %w: %w", bot.ErrUnavailable, err)
	}
	return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, text)
}

func readProof(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxProof))
}
