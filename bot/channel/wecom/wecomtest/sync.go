package wecomtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

const (
	history    = 3 * 24 * time.Hour // how far back an account's log can be read
	bellLife   = 10 * time.Minute   // how long an event's token is good for pulling
	maxPage    = 1000
	pullWindow = time.Minute
)

// Pages shapes the answers of sync_msg within what the documentation allows.
type Pages struct {
	// Size is the most messages of one answer, if smaller than the limit asked for.
	Size int
	// Empty puts a page without messages, has_more set, before each page that has some.
	Empty bool
}

// SetPages changes how an account's log is cut into pages.
func (s *Server) SetPages(openKfID string, p Pages) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustAccount(openKfID).pages = p
}

// Repeat puts a message or event that was already in the log into it once more, as the
// platform has been seen to do.
func (s *Server) Repeat(openKfID, msgid string) {
	s.mu.Lock()
	a := s.mustAccount(openKfID)
	for _, e := range a.log {
		if e.msgid == msgid {
			a.log = append(a.log, entry{s.cfg.Now(), e.msgid, e.raw})
			break
		}
	}
	s.mu.Unlock()
	s.RingKF(openKfID)
}

type syncRequest struct {
	Cursor  string `json:"cursor"`
	Token   string `json:"token"`
	Limit   int    `json:"limit"`
	Voice   int    `json:"voice_format"`
	Account string `json:"open_kfid"`
}

type syncReply struct {
	Next string            `json:"next_cursor"`
	More int               `json:"has_more"`
	List []json.RawMessage `json:"msg_list"`
}

// syncMessages answers sync_msg: the account's log from a cursor on, a page at a time.
func (s *Server) syncMessages(_ *http.Request, body []byte) (any, error) {
	var in syncRequest
	if err := platformtest.Decode(body, &in); err != nil {
		return nil, err
	}
	if len(in.Cursor) > 64 || len(in.Token) > 128 || in.Limit < 0 || in.Limit > maxPage ||
		in.Voice < 0 || in.Voice > 1 {
		return nil, refuse(codeBadParam, "invalid cursor, token, limit or voice_format")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[in.Account]
	if a == nil {
		return nil, refuse(codeBadAccount, "invalid open_kfid")
	}
	now := s.cfg.Now()
	if err := a.admit(in.Token, now, s.cfg.PullsPerMinute); err != nil {
		return nil, err
	}
	from, gap, err := a.position(in.Cursor)
	if err != nil {
		return nil, err
	}
	oldest := sort.Search(len(a.log), func(i int) bool {
		return a.log[i].at.After(now.Add(-history))
	})
	return a.page(max(from, oldest), gap, in.Limit), nil
}

// admit checks an event's token, or counts a pull that has none.
func (a *account) admit(token string, now time.Time, perMinute int) error {
	if token != "" {
		if until, ok := a.bellKeys[token]; !ok || now.After(until) {
			return refuse(codeStaleToken, "invalid msg token")
		}
		return nil
	}
	recent := a.loose[:0]
	for _, at := range a.loose {
		if now.Sub(at) < pullWindow {
			recent = append(recent, at)
		}
	}
	a.loose = recent
	if perMinute > 0 && len(a.loose) >= perMinute {
		return refuse(codeTooOften, "api freq out of limit")
	}
	a.loose = append(a.loose, now)
	return nil
}

// page cuts one answer out of the log; gap says that the empty page has just been given.
func (a *account) page(from int, gap bool, limit int) syncReply {
	size := maxPage
	if limit > 0 {
		size = limit
	}
	if a.pages.Size > 0 {
		size = min(size, a.pages.Size)
	}
	reply := syncReply{List: []json.RawMessage{}}
	if a.pages.Empty && !gap && from < len(a.log) {
		reply.Next, reply.More = a.cursor(from, true), 1
		return reply
	}
	to := min(from+size, len(a.log))
	for _, e := range a.log[min(from, to):to] {
		reply.List = append(reply.List, e.raw)
	}
	reply.Next = a.cursor(to, false)
	if to < len(a.log) {
		reply.More = 1
	}
	return reply
}

// cursor names a position. It carries the account's mark, so that one account's cursor is
// refused by another, and looks like nothing that a client should take apart.
func (a *account) cursor(position int, gap bool) string {
	kind := "c"
	if gap {
		kind = "g"
	}
	return a.mark() + kind + strconv.FormatInt(int64(position), 36)
}

func (a *account) position(cursor string) (at int, gap bool, err error) {
	if cursor == "" {
		return 0, false, nil
	}
	rest, ok := strings.CutPrefix(cursor, a.mark())
	if ok && len(rest) > 1 && (rest[0] == 'c' || rest[0] == 'g') {
		n, err := strconv.ParseInt(rest[1:], 36, 32)
		if err == nil && n >= 0 && int(n) <= len(a.log) {
			return int(n), rest[0] == 'g', nil
		}
	}
	return 0, false, refuse(codeBadParam, "invalid cursor")
}

func (a *account) mark() string {
	sum := sha256.Sum256([]byte(a.id))
	return "4gw" + hex.EncodeToString(sum[:6])
}
