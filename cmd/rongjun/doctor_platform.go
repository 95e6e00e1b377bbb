package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	api "rongjun/bot/channel/platform"
	"rongjun/bot/channel/wecom"
)

// seat is a receptionist at an account.
type seat struct {
	user                       string
	receiving, visible, active bool
}

// gather reads all that the platform lets us read of the set-up. A refusal is kept for the check whose
// code it has; what could not be read for it is left empty.
func (x *examination) gather(ctx context.Context) {
	if x.tokenGot = x.note(x.inspect.Token(ctx)); !x.tokenGot {
		return
	}
	name, err := x.inspect.App(ctx)
	x.note(err)
	x.app = name
	x.accounts, err = x.inspect.Accounts(ctx)
	x.accountsOK = x.note(err)
	for _, a := range x.accounts {
		if !managed(a) {
			continue
		}
		x.note(x.inspect.MayPull(ctx, a.ID))
		list, err := x.inspect.Receptionists(ctx, a.ID)
		x.note(err)
		for _, one := range list {
			s := seat{user: one.User, receiving: one.Status == 0}
			s.visible, s.active, err = x.inspect.Member(ctx, one.User)
			if x.note(err) {
				x.seats = append(x.seats, s)
			}
		}
	}
}

// note keeps what a call was refused with, and reports whether it was answered.
func (x *examination) note(err error) bool {
	if err == nil {
		return true
	}
	if e := api.Refused(err); e != nil {
		x.refusals = append(x.refusals, e)
	} else if x.unreached == nil {
		x.unreached = err
	}
	return false
}

// refused returns the first of these codes that the platform has given.
func (x *examination) refused(codes ...int) *api.Error {
	for _, e := range x.refusals {
		if slices.Contains(codes, e.Code) {
			return e
		}
	}
	return nil
}

func managed(a wecom.InspectedAccount) bool { return a.Managed == nil || *a.Managed }

// eavesdropper carries the calls to the platform and keeps two things that it says beside its answers:
// its time, and the address from which it sees us.
type eavesdropper struct {
	next *http.Transport
	now  func() time.Time

	mu     sync.Mutex
	off    time.Duration
	timed  bool
	seenAs string
}

var fromIP = regexp.MustCompile(`(?:from ip: ?|invalid ip )([0-9a-fA-F.:]+[0-9a-fA-F])`)

// from names the address that the platform sees us under, as well as it is known.
func (e *eavesdropper) from() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seenAs == "" {
		return "这台服务器的出口 IP"
	}
	return e.seenAs
}

// RoundTrip carries one call.
func (e *eavesdropper) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := e.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, maxKnock))
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
	e.mu.Lock()
	defer e.mu.Unlock()
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		e.off, e.timed = e.now().Sub(at), true
	}
	if m := fromIP.FindSubmatch(head); m != nil {
		e.seenAs = string(m[1])
	}
	return resp, nil
}

// The differences of clocks that are worth a word: the first makes welcome messages late, the second
// makes tokens and windows wrong.
const (
	clockWarn  = 30 * time.Second
	clockFault = 5 * time.Minute
)

func lookAtClock(_ context.Context, x *examination) outcome {
	return clockOutcome(x.heard, "企业微信")
}

// clockOutcome compares our clock with that of a platform.
func clockOutcome(heard *eavesdropper, platform string) outcome {
	heard.mu.Lock()
	off, timed := heard.off, heard.timed
	heard.mu.Unlock()
	const do = "打开这台服务器的时间同步（timedatectl set-ntp true）。"
	words := fmt.Sprintf("和%s差 %s", platform, off.Abs().Round(time.Second))
	switch {
	case !timed:
		return unseen(platform + "的应答里没有时间")
	case off.Abs() >= clockFault:
		return fault(words, do)
	case off.Abs() >= clockWarn:
		return warning(words, do)
	}
	return fine("")
}

func lookAtPlatform(_ context.Context, x *examination) outcome {
	if x.unreached == nil {
		return fine("")
	}
	if isTimeout(x.unreached) || errors.Is(x.unreached, context.DeadlineExceeded) {
		return fault("企业微信的接口没有应答",
			"看看这台服务器能不能访问 "+x.s.WeCom.APIBase+"，防火墙要放行往外的 443 端口。")
	}
	return fault("连不上企业微信的接口，或者应答看不懂",
		"看看这台服务器能不能访问 "+x.s.WeCom.APIBase+"（wecom.api_base），有没有代理改了内容。")
}

func lookAtCorpID(_ context.Context, x *examination) outcome {
	if x.refused(40013) != nil {
		return fault("企业微信不认这个企业ID（40013）", "把“企业信息”最下面的企业ID 抄到 wecom.corp_id。")
	}
	return fine("%s", x.s.WeCom.CorpID)
}

func lookAtSecret(_ context.Context, x *examination) outcome {
	if e := x.refused(40001, 40091, 41004); e != nil {
		return fault(fmt.Sprintf("企业微信不认这个 Secret（%d）", e.Code),
			"抄自建应用自己的 Secret 到 wecom.secret；微信客服原来的 Secret 不再能用。改好前不要反复试，会被暂时封禁。")
	}
	return fine("")
}

func lookAtTrustedIP(_ context.Context, x *examination) outcome {
	if x.refused(60020) == nil {
		return fine("")
	}
	from := x.heard.from()
	return fault("企业微信不接受从 "+from+" 来的请求（60020）", "把 "+from+" 加进企业可信IP，约 1 分钟后生效。")
}

func lookAtAgent(_ context.Context, x *examination) outcome {
	if e := x.refused(40056, 301002); e != nil {
		return fault(fmt.Sprintf("AgentId %d 不是这个 Secret 的应用（%d）", x.s.WeCom.AgentID, e.Code),
			"AgentId 和 Secret 要抄同一个应用的。")
	}
	return fine("%s", x.app)
}

func lookAtKfAccess(_ context.Context, x *examination) outcome {
	if e := x.refused(48002, 95023, 95011, 95012); e != nil {
		return fault(fmt.Sprintf("应用不能调用微信客服的接口（%d）", e.Code),
			"在“可调用接口的应用”里加上这个自建应用。")
	}
	return fine("")
}

func lookAtVerified(_ context.Context, x *examination) outcome {
	if e := x.refused(95003, 95027); e != nil {
		return fault(fmt.Sprintf("企业没有认证，%s（%d）", e.Meaning, e.Code),
			"完成企业认证。没有认证的企业一共只能接待 100 位客户。")
	}
	return fine("没有因此被拒绝")
}

func lookAtRate(_ context.Context, x *examination) outcome {
	if e := x.refused(45009, 45033); e != nil {
		return fault(fmt.Sprintf("调用得太多，暂时被拒绝（%d）", e.Code),
			"等几分钟再检查。别的程序也在用这个应用时，看看是不是它调用得太多。")
	}
	return fine("")
}

// explained are the codes that have a check of their own.
var explained = []int{
	40001, 40013, 40056, 40091, 41004, 45009, 45033, 48002, 60011, 60020, 60030, 60111, 95003, 95011,
	95012, 95014, 95023, 95027, 301002,
}

func lookAtOtherRefusals(_ context.Context, x *examination) outcome {
	var words []string
	for _, e := range x.refusals {
		if !slices.Contains(explained, e.Code) {
			words = append(words, fmt.Sprintf("%s：%s（%d）", e.Path, e.Meaning, e.Code))
		}
	}
	if len(words) == 0 {
		return fine("")
	}
	slices.Sort(words)
	return fault(strings.Join(slices.Compact(words), "；"), "按错误码到企业微信的开发文档里查，或把这一行发给技术支持。")
}
