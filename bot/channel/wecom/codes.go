package wecom

import (
	"errors"
	"fmt"
	"time"
)

// APIError is a refusal of the platform.
type APIError struct {
	Path string
	Code int
}

// Error names the call and the code, never what was sent.
func (e *APIError) Error() string {
	return fmt.Sprintf("%s: errcode %d (%s)", e.Path, e.Code, meaning(e.Code))
}

// codeOf is the platform's code in an error, 0 if there is none.
func codeOf(err error) int {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.Code
	}
	return 0
}

// class says what a code asks for.
type class int

const (
	// A refusal without an act of its own has the zero class.
	_ class = iota
	// classToken: fetch a new access token and repeat once.
	classToken
	// classSetUp: an operator must act.
	classSetUp
	// classBackOff: too many calls.
	classBackOff
	// classRetry: the platform is busy.
	classRetry
	// classParked: window, budget or state closed until the customer writes again.
	classParked
	// classPayload: what we sent is wrong.
	classPayload
	// classStale: the token of a pull has expired.
	classStale
)

// act is one row of the table of codes.
type act struct {
	class   class
	meaning string
}

// codes are the error codes that need an act of their own, from the platform's table of errors.
var codes = map[int]act{
	-1:    {classRetry, "企业微信系统繁忙"},
	40001: {classSetUp, "应用的 Secret 不正确"},
	40013: {classSetUp, "企业ID 不正确"},
	40014: {classToken, "access_token 无效"},
	40058: {classPayload, "参数不合规定"},
	40091: {classSetUp, "Secret 不合法"},
	40201: {classPayload, "内容被反垃圾规则拦截"},
	42001: {classToken, "access_token 已过期"},
	45002: {classPayload, "内容过长"},
	45009: {classBackOff, "调用次数超过限制"},
	45033: {classBackOff, "并发调用超过限制"},
	48002: {classSetUp, "应用没有调用该接口的权限"},
	60020: {classSetUp, "服务器的 IP 不在企业可信IP 里"},
	60030: {classSetUp, "接待人员不在应用可见范围内"},
	95000: {classSetUp, "客服账号不存在"},
	95001: {classParked, "客户发一条消息后最多回复 5 条，已用完"},
	95002: {classParked, "客户 48 小时内没有来消息"},
	95003: {classSetUp, "企业未认证，可接待人数已满"},
	95004: {classSetUp, "客服账号已删除"},
	95007: {classStale, "拉取消息的 token 已过期"},
	95008: {classPayload, "菜单消息不合规定"},
	95009: {classPayload, "菜单消息不合规定"},
	95011: {classSetUp, "客服账号的接待方式不允许"},
	95012: {classSetUp, "客服账号的接待方式不允许"},
	95013: {classParked, "会话已结束"},
	95014: {classPayload, "接待人员未激活"},
	95016: {classParked, "会话当前状态不允许"},
	95017: {classSetUp, "客服账号没有交给接口管理"},
	95018: {classParked, "会话不由接口接待，或账号没有交给接口管理"},
	95019: {classPayload, "接待人员没有在接待"},
	95023: {classSetUp, "应用不在微信客服的可调用应用里"},
	95027: {classSetUp, "企业未认证，功能受限"},
	95030: {classPayload, "消息内容不合规定"},
	95031: {classParked, "客户 48 小时内没有咨询"},
}

// meaning is the code in Chinese, for operators.
func meaning(code int) string {
	if a, ok := codes[code]; ok {
		return a.meaning
	}
	return "企业微信拒绝了请求"
}

// pauses grow for each path that is told to call less: a minute, then double, at most a quarter hour.
const (
	firstPause = time.Minute
	longPause  = 15 * time.Minute
)
