package handlers_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers"
)

// brokenDesk cannot store what staff say.
type brokenDesk struct{ handlers.Desk }

func (brokenDesk) Say(context.Context, int64, string, bot.Said) (bot.Message, error) {
	return bot.Message{}, errDisk
}

// program is another system with a token.
type program struct {
	*browser
	token string
}

func (r *rig) program(name string, role staff.Role) *program {
	r.t.Helper()
	r.addStaff(name, role)
	token, err := r.accounts.IssueToken(r.t.Context(), name)
	require.NoError(r.t, err)
	return &program{r.browser(), token}
}

func (p *program) call(method, path, body string) (int, map[string]any) {
	p.t.Helper()
	a := p.do(method, "/api/v1/conversations"+path, "application/json", body,
		"Authorization", "Bearer "+p.token)
	var got map[string]any
	if strings.HasPrefix(a.body, "{") {
		require.NoError(p.t, json.Unmarshal([]byte(a.body), &got), a.body)
	}
	return a.StatusCode, got
}

func codeOf(t *testing.T, got map[string]any) string {
	t.Helper()
	e, ok := got["error"].(map[string]any)
	require.True(t, ok, "%v", got)
	assert.NotEmpty(t, e["message"])
	code, _ := e["code"].(string)
	return code
}

func TestOtherSystemsDoWhatTheDeskDoes(t *testing.T) {
	r := newRig(t)
	contact := r.queued()
	p := r.program("接口", staff.Staff)
	a := p.do("GET", "/api/v1/conversations?state=queued", "", "", "Authorization", "Bearer "+p.token)
	var list []map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &list), a.body)
	require.Len(t, list, 1)
	assert.Equal(t, "web", list[0]["channel"])
	assert.Equal(t, "queued", list[0]["state"])
	assert.Equal(t, "对方要求人工", list[0]["reason"])
	assert.NotEmpty(t, list[0]["waiting_since"])
	assert.NotEmpty(t, list[0]["contact"].(map[string]any)["external_id"])
	id := "/" + list[0]["id"].(string)

	status, got := p.call("POST", id+"/messages", `{"text":"早","client_id":"m1"}`)
	assert.Equal(t, http.StatusConflict, status)
	assert.Equal(t, "conflict", codeOf(t, got))
	status, got = p.call("POST", id+"/takeover", "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "接口", got["staff"])
	status, first := p.call("POST", id+"/messages", `{"text":"您好","client_id":"m1"}`)
	assert.Equal(t, http.StatusAccepted, status)
	_, again := p.call("POST", id+"/messages", `{"text":"您好","client_id":"m1"}`)
	assert.Equal(t, first["id"], again["id"])
	eventually(t, "the contact reads it", func() bool {
		return strings.Contains(contact.get("/").body, `<p class="text">您好</p>`)
	})
	_, got = p.call("GET", id, "")
	messages := got["messages"].([]any)
	last := messages[len(messages)-1].(map[string]any)
	assert.Equal(t, "staff", last["from"])
	assert.Equal(t, "sent", last["state"])

	other := r.program("另一个", staff.Staff)
	status, got = other.call("POST", id+"/takeover", "")
	assert.Equal(t, http.StatusConflict, status)
	assert.Equal(t, "taken", codeOf(t, got))
	assert.Contains(t, got["error"].(map[string]any)["message"], "接口")
	status, got = p.call("POST", id+"/release", "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "bot", got["state"])
	p.call("POST", id+"/takeover", "")
	status, got = p.call("POST", id+"/close", "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "closed", got["state"])
}

func TestCallsAreRefusedByTheirFault(t *testing.T) {
	r := newRig(t)
	r.queued()
	p, viewer := r.program("接口", staff.Staff), r.program("看看", staff.Viewer)
	long := `{"text":"` + strings.Repeat("x", 70<<10) + `","client_id":"a"}`
	for _, c := range []struct {
		name, method, path, body string
		by                       *program
		status                   int
		code                     string
	}{
		{"unknown state", "GET", "?state=asleep", "", p, 400, "invalid"},
		{"unknown conversation", "GET", "/99", "", p, 404, "not_found"},
		{"no number", "GET", "/x", "", p, 404, "not_found"},
		{"no such act", "POST", "/1/dance", "", p, 404, "not_found"},
		{"no JSON", "POST", "/1/messages", "{", p, 400, "invalid"},
		{"too long", "POST", "/1/messages", long, p, 400, "invalid"},
		{"viewer acts", "POST", "/1/takeover", "", viewer, 403, "forbidden"},
		{"wrong token", "GET", "", "", &program{r.browser(), "rongjun_x"}, 401, "unauthorized"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, got := c.by.call(c.method, c.path, c.body)
			assert.Equal(t, c.status, status)
			assert.Equal(t, c.code, codeOf(t, got))
		})
	}
	a := r.browser().get("/api/v1/conversations")
	assert.Equal(t, http.StatusUnauthorized, a.StatusCode)
	status, _ := viewer.call("GET", "/1", "")
	assert.Equal(t, http.StatusOK, status, "a viewer reads")
}

func TestGuessingTokensIsSlowed(t *testing.T) {
	r := newRig(t)
	good := r.program("接口", staff.Staff)
	bad := &program{r.browser(), "rongjun_guess"}
	for range 20 {
		status, _ := bad.call("GET", "", "")
		assert.Equal(t, http.StatusUnauthorized, status)
	}
	status, got := bad.call("GET", "", "")
	assert.Equal(t, http.StatusTooManyRequests, status)
	assert.Equal(t, "too_many", codeOf(t, got))
	status, _ = good.call("GET", "", "")
	assert.Equal(t, http.StatusOK, status, "who has a token is not kept out by a neighbour")
}
