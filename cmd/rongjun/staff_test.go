package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/staff"
)

// hires adds a member of staff with the password of the desk.
func (o *operator) hires(name, role string) done {
	o.stdin = deskPassword + "\n"
	return o.runs("staff", "add", name, "--role", role, "--password-stdin")
}

func TestStaffAreAddedListedAndDisabled(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	require.Equal(t, done{exitDone, "已添加 王芳（工作人员）。\n", ""}, o.hires("王芳", "staff"))
	require.Equal(t, exitDone, o.hires("li.na", "viewer").code)

	d := o.hires("王芳", "viewer")
	assert.Equal(t, exitFault, d.code)
	assert.Contains(t, oneSentence(t, d.err), "已经有叫“王芳”的工作人员")
	d = o.hires("<b>x</b>", "staff")
	assert.Equal(t, exitFault, d.code)
	assert.Contains(t, oneSentence(t, d.err), "姓名只能用文字")
	for _, weak := range []string{"", "short", "aaaaaaaaaaaa", "zhao-wei-2026"} {
		o.stdin = weak
		said := o.fails("staff", "add", "zhao-wei", "--role", "staff", "--password-stdin")
		assert.Contains(t, said, "密码", weak)
	}

	rows := decoded[[]memberRow](t, o.succeeds("staff", "list", "--json"))
	require.Len(t, rows, 2)
	o.succeeds("staff", "disable", "li.na")
	assert.Contains(t, o.succeeds("staff", "list"), "li.na\t只读（已停用）")
	assert.Contains(t, o.fails("staff", "disable", "nobody"), "没有叫“nobody”的工作人员")
	assert.Contains(t, o.fails("staff", "token", "nobody"), "没有叫“nobody”的工作人员")
	assert.Contains(t, o.fails("staff", "token", "li.na"), "已停用")
}

func TestATokenWorksUntilItIsRevokedOrItsMemberDisabled(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	s := o.serves(t)
	require.Equal(t, exitDone, o.hires("wang", "staff").code)
	require.Equal(t, exitDone, o.hires("reader", "viewer").code)
	v := newVisitor(t, s.url)
	v.say("转人工")
	v.watch("").next("bot")
	const list = "/api/v1/conversations?state=queued"

	token, rest, _ := strings.Cut(o.succeeds("staff", "token", "wang"), "\n")
	assert.Contains(t, rest, "只显示这一次")
	got := v.call(http.MethodGet, list, token)
	require.Equal(t, http.StatusOK, got.status, got.body)
	queued := decoded[[]struct{ ID, State string }](t, got.body)
	require.Len(t, queued, 1)
	takeover := "/api/v1/conversations/" + queued[0].ID + "/takeover"
	reader := decoded[map[string]string](t, o.succeeds("staff", "token", "reader", "--json"))["token"]
	assert.Equal(t, http.StatusOK, v.call(http.MethodGet, list, reader).status)
	assert.Equal(t, http.StatusForbidden, v.call(http.MethodPost, takeover, reader).status)
	assert.Equal(t, http.StatusOK, v.call(http.MethodPost, takeover, token).status)

	o.succeeds("staff", "token", "wang", "--revoke")
	assert.Equal(t, http.StatusUnauthorized, v.call(http.MethodGet, list, token).status)
	o.succeeds("staff", "disable", "reader")
	assert.Equal(t, http.StatusUnauthorized, v.call(http.MethodGet, list, reader).status)
	assert.Equal(t, http.StatusUnauthorized, v.call(http.MethodGet, list, "").status)
}

func TestADisabledMemberIsSignedOutAtOnce(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	s := o.serves(t)
	require.Equal(t, exitDone, o.hires("wang", "staff").code)
	v := newVisitor(t, s.url)
	require.Equal(t, "/desk", v.signIn("wang", deskPassword).header.Get("Location"))
	require.Equal(t, http.StatusOK, v.get("/desk").status)
	o.succeeds("staff", "disable", "wang")
	assert.Equal(t, "/desk/signin", v.get("/desk").header.Get("Location"))
	assert.Equal(t, http.StatusUnauthorized, v.signIn("wang", deskPassword).status)
}

// wang is a member of staff for tests of this process.
var wang = staff.NewMember{Name: "wang", Role: staff.Staff, Password: deskPassword}

func TestAnAccountIsBoundToOneMemberOfTheCorp(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	require.Equal(t, exitDone, o.hires("wang", "staff").code)
	o.stdin = deskPassword + "\n"
	o.succeeds("staff", "add", "li.na", "--role", "staff", "--password-stdin", "--wecom-userid", "LiNa")
	assert.Contains(t, o.succeeds("staff", "list"), "li.na\t工作人员\t企业微信 LiNa")

	assert.Contains(t, o.fails("staff", "bind", "wang", "lina"), "已绑定给别人", "capitals do not count")
	assert.Contains(t, o.fails("staff", "bind", "wang", "王强"), "只能用字母")
	assert.Contains(t, o.fails("staff", "bind", "nobody", "x"), "没有叫“nobody”的工作人员")
	assert.Contains(t, o.fails("staff", "bind", "wang"), "--remove")
	assert.Contains(t, o.fails("staff", "bind", "wang", "x", "--remove"), "--remove")
	o.stdin = deskPassword + "\n"
	assert.Contains(t, o.fails("staff", "add", "wu", "--role", "staff", "--password-stdin",
		"--wecom-userid", "LINA"), "已绑定给别人")

	o.succeeds("staff", "bind", "li.na", "--remove")
	o.succeeds("staff", "bind", "wang", "LiNa")
	rows := decoded[[]memberRow](t, o.succeeds("staff", "list", "--json"))
	require.Len(t, rows, 2)
	assert.Empty(t, rows[0].WeComID)
	assert.Equal(t, "LiNa", rows[1].WeComID)
}
