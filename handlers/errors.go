package handlers

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/knowledge"
)

var (
	errForbidden = errors.New("role may not do this")
	errTooMany   = errors.New("too many attempts")
	errTooLong   = errors.New("message is too long")
	errClientID  = errors.New("form without a client id before its file")
	errBrokenOff = errors.New("file broke off")
)

// answer is how an error looks from outside.
type answer struct {
	Status int    `json:"-"`
	Code   string `json:"code"`
	Words  string `json:"message"`
	// By is who has the conversation, where that is the matter.
	By string `json:"by,omitempty"`
}

// answers is the one table from errors to status and words; the first match counts.
var answers = []struct {
	err error
	answer
}{
	{bot.ErrForged, answer{http.StatusForbidden, "forbidden", "没有权限。", ""}},
	{bot.ErrEnvelope, answer{http.StatusBadRequest, "invalid", "内容无法识别。", ""}},
	{errForbidden, answer{http.StatusForbidden, "forbidden", "您的账号只能查看，不能这样操作。", ""}},
	{errTooMany, answer{http.StatusTooManyRequests, "too_many", "尝试次数太多，请过几分钟再试。", ""}},
	{errState, answer{
		http.StatusUnauthorized, "unauthorized", "这次登录已经失效，请重新点“企业微信登录”。", "",
	}},
	{errNoConsent, answer{http.StatusUnauthorized, "unauthorized", "没有完成企业微信的授权。", ""}},
	{errBoundElsewhere, answer{
		http.StatusConflict, "conflict", "这个企业微信账号已经绑定给别的工作台账号。", "",
	}},
	{errNotVouched, answer{
		http.StatusServiceUnavailable, "unavailable", "暂时联系不上企业微信，请过一会儿再试，或者用密码登录。", "",
	}},
	{bot.ErrSignInCode, answer{
		http.StatusUnauthorized, "unauthorized", "这次登录已经失效，请重新点“企业微信登录”。", "",
	}},
	{bot.ErrOutsider, answer{
		http.StatusForbidden, "forbidden", "这里只供本单位的企业微信成员登录。", "",
	}},
	{staff.ErrUnbound, answer{
		http.StatusForbidden, "unbound", "您的企业微信账号还没有绑定工作台账号，请联系管理员绑定。", "",
	}},
	{staff.ErrDisabled, answer{http.StatusForbidden, "disabled", "您的账号已停用，请联系管理员。", ""}},
	{errTooLong, answer{
		http.StatusBadRequest, "invalid", "内容太长了，请分成几条、每条短一些再发。", "",
	}},
	{errBrokenOff, answer{
		http.StatusBadRequest, "broken_off", "文件没有传完，网络断了或者停住了。请再发一次。", "",
	}},
	{errClientID, answer{
		http.StatusBadRequest, "invalid", "表单里要有 client_id，写在 file 前面（字母、数字和 . _ : -，不超过 64 个），重发时靠它认出是同一条。", "",
	}},
	{staff.ErrRefused, answer{http.StatusUnauthorized, "unauthorized", "账号或密码不对。", ""}},
	{staff.ErrSignedOut, answer{http.StatusUnauthorized, "unauthorized", "登录已失效，请重新登录。", ""}},
	{bot.ErrNotFound, answer{http.StatusNotFound, "not_found", "没有找到。", ""}},
	{bot.ErrTooLong, answer{
		http.StatusBadRequest, "too_long", "一次写得太长了，请分成几次发，每次不超过 2500 个字。", "",
	}},
	{bot.ErrTooLarge, answer{
		http.StatusBadRequest, "too_large", "文件太大或者是空的。图片不超过 10 MB，其他文件不超过 20 MB。", "",
	}},
	{bot.ErrNotCarried, answer{
		http.StatusBadRequest, "not_carried", "对方那边收不了这种文件，没有发出。公众号只能收 JPG、PNG 图片。", "",
	}},
	{bot.ErrInvalid, answer{http.StatusBadRequest, "invalid", "内容为空或格式不对。", ""}},
	{bot.ErrStale, answer{http.StatusConflict, "conflict", "情况刚刚有变化，请刷新后再试。", ""}},
	{bot.ErrConflict, answer{http.StatusConflict, "conflict", "会话不由您负责，请先接手。", ""}},
	{knowledge.ErrSamePerson, answer{
		http.StatusForbidden, "same_person", "自己写的草稿要由另一位同事批准。", "",
	}},
	{knowledge.ErrDecided, answer{
		http.StatusConflict, "decided", "刚刚已经有人处理过了，请看现在的状态。", "",
	}},
	{knowledge.ErrStale, answer{
		http.StatusConflict, "conflict", "起草以后已经发布了别的版本，请在新版本上再改一遍。", "",
	}},
	{knowledge.ErrNotFound, answer{http.StatusNotFound, "not_found", "没有找到。", ""}},
	{knowledge.ErrInvalid, answer{http.StatusBadRequest, "invalid", "内容不完整或格式不对。", ""}},
	{errNoFiles, answer{http.StatusBadRequest, "invalid", "请先选择要导入的文件。", ""}},
	{errUploadSize, answer{
		http.StatusRequestEntityTooLarge, "too_large", "一次上传得太多了，请分几次导入。", "",
	}},
	{errLoading, answer{
		http.StatusServiceUnavailable, "unavailable", "知识库正在装载，请过一会儿再打开。", "",
	}},
	{bot.ErrUnavailable, answer{
		http.StatusServiceUnavailable, "unavailable", "系统暂时繁忙，请稍后再试。", "",
	}},
}

// statusWords are for what the router and the limits of bodies say.
var statusWords = map[int]answer{
	http.StatusBadRequest:            {Code: "invalid", Words: "内容无法识别。"},
	http.StatusUnauthorized:          {Code: "unauthorized", Words: "请先登录。"},
	http.StatusForbidden:             {Code: "forbidden", Words: "没有权限。"},
	http.StatusNotFound:              {Code: "not_found", Words: "没有这个页面。"},
	http.StatusMethodNotAllowed:      {Code: "method", Words: "不支持这种请求。"},
	http.StatusRequestEntityTooLarge: {Code: "too_large", Words: "内容太长了，请分成几条、每条短一些再发。"},
	http.StatusInternalServerError:   {Code: "internal", Words: "系统出了点问题，请稍后再试。"},
}

// answerTo finds what an error looks like. What is not in the table is ours to mend and says
// nothing.
func answerTo(err error) answer {
	if taken, ok := errors.AsType[*bot.TakenError](err); ok {
		words := fmt.Sprintf("会话已由%s接手。", taken.By)
		return answer{http.StatusConflict, "taken", words, taken.By}
	}
	if rule, ok := errors.AsType[*staff.PasswordError](err); ok {
		return answer{http.StatusBadRequest, "invalid", rule.Words, ""}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return byStatus(http.StatusRequestEntityTooLarge)
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return byStatus(e.Code)
	}
	for _, row := range answers {
		if errors.Is(err, row.err) {
			return row.answer
		}
	}
	return byStatus(http.StatusInternalServerError)
}

func byStatus(status int) answer {
	a, ok := statusWords[status]
	if !ok {
		a = answer{Code: "error", Words: "这个请求没有成功。"}
	}
	a.Status = status
	return a
}

// fail is Echo's error handler: the words go out in the form that the asker reads.
func (f *face) fail(err error, c echo.Context) {
	a := answerTo(err)
	if a.Status >= http.StatusInternalServerError {
		f.log.Error("request failed", "route", c.Path(), "status", a.Status, "error", err)
	}
	if c.Response().Committed {
		return
	}
	switch path := c.Request().URL.Path; {
	case strings.HasPrefix(path, "/callback/"):
		err = c.NoContent(a.Status)
	case strings.HasPrefix(path, "/api/") || wantsJSON(c.Request()):
		err = c.JSON(a.Status, map[string]answer{"error": a})
	default:
		home := "/"
		if strings.HasPrefix(path, "/desk") {
			home = "/desk"
		}
		err = f.pages.render(c, a.Status, "error.html", errorPage{answer: a, Home: home})
	}
	if err != nil {
		f.log.Debug("error page not sent", "route", c.Path(), "error", err)
	}
}

// errorPage is shown where no other page can be.
type errorPage struct {
	answer
	Home string
}

// Hint is what the person can do about it.
func (p errorPage) Hint() string {
	switch {
	case p.Status == http.StatusNotFound:
		return "网址可能写错了，或者内容已经不在了。"
	case p.Status == http.StatusMethodNotAllowed || p.Status == http.StatusUnsupportedMediaType:
		return "请回到页面上，再点一次按钮。"
	case p.Status >= http.StatusInternalServerError:
		return "过几分钟再试一次。刚才写的话要是没有出现在页面上，请再发一次。"
	}
	return ""
}

// wantsJSON reports whether the asker is a script rather than a form.
func wantsJSON(r *http.Request) bool {
	kind := cmp.Or(r.Header.Get("Accept"), r.Header.Get("Content-Type"))
	return strings.HasPrefix(kind, "application/json") ||
		strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}
