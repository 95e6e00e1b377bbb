// Package config reads the program's settings: defaults, then a YAML file, then the environment. All
// faults are found at once, each told with its file and line, in Chinese, since an operator reads them.
//
// Only the command imports this package; every other package is given what it needs.
package config

import (
	"log/slog"
	"time"
)

// Config is all settings. The table in settings.go gives each its path, default and meaning.
type Config struct {
	Data           string
	Listen         string
	PublicURL      string
	DatabaseURL    Secret
	Region         string
	Sample         Choice
	Turn           Turn
	TrustedProxies []string
	WeCom          WeCom
	WeChat         WeChat
	MiniProgram    MiniProgram
	LLM            Endpoint
	Embeddings     Endpoint
	Speech         Endpoint
	Media          Media
	Log            Log
}

// Turn is how fragments become turns.
type Turn struct {
	Quiet     time.Duration
	PerMinute int
}

// WeCom is the access to WeCom; it is off while CorpID is empty.
type WeCom struct {
	CorpID  string
	AgentID int
	Secret  Secret
	Token   Secret
	AESKey  Secret
	APIBase string
	// DuplicateCodes are the error codes that a repeated msgid gets; empty means any code without an
	// act of its own.
	DuplicateCodes []int
	// NoticeQuiet are the hours in which staff are sent no cards about those who wait, NoticePerHour the
	// most that one person is sent within an hour; with 0 nobody is sent any.
	NoticeQuiet Hours
	// Pool passes contacts who wait on to the platform's own client while nobody has the desk open.
	Pool          Choice
	NoticePerHour int
}

// Encrypted and Plain are the modes in which an official account's messages may come.
const (
	Encrypted = "encrypted"
	Plain     = "plain"
)

// Hours are a part of every day, counted from midnight; they may reach over it. Alike, they are none.
type Hours struct{ From, Until time.Duration }

// WeChat is the access to an official account; it is off while AppID is empty.
type WeChat struct {
	AppID  string
	Secret Secret
	Token  Secret
	AESKey Secret
	Mode   string
	// Passive is for accounts without the customer-service API.
	Passive Choice
	APIBase string
}

// MiniProgram is the city's own WeChat mini-program; it is not offered while AppID is empty.
type MiniProgram struct {
	AppID string
	// Path is the page that is opened; it ends in .html, as the platforms want it.
	Path  string
	Title string
}

// Media is what becomes of pictures, recordings and files.
type Media struct {
	// Keep is how long they are kept; 0 keeps them for ever.
	Keep time.Duration
}

// Endpoint is an OpenAI-compatible service; it is off while BaseURL is empty.
type Endpoint struct {
	BaseURL string
	Key     Secret
	Model   string
	Timeout time.Duration
}

// On reports whether the service is set.
func (e Endpoint) On() bool { return e.BaseURL != "" }

// Log is what is logged and how.
type Log struct {
	Level  slog.Level
	Format string
}

// Choice is a yes or no that has an answer of its own where nothing was set.
type Choice string

// The values of a Choice.
const (
	Automatic Choice = ""
	Yes       Choice = "true"
	No        Choice = "false"
)

// Secret is a value that cannot be printed, logged or marshalled; Reveal gives it to who needs it.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal is the value itself.
func (s Secret) Reveal() string { return s.value }

// Empty reports whether nothing is set.
func (s Secret) Empty() bool { return s.value == "" }

// String hides the value.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return "******"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return "config.Secret{" + s.String() + "}" }

// MarshalText hides the value from every encoder.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
