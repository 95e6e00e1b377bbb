package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	api "rongjun/bot/channel/platform"
	"rongjun/bot/channel/wechat"
	"rongjun/config"
)

// official is what the doctor gathers of an official account.
type official struct {
	inspect wechat.Inspector
	heard   *eavesdropper

	unreached error
	refusals  []*api.Error
	// unsent is what the platform says of a message to nobody; nil where it may be sent.
	unsent error

	// What the callback address answered to its check, to an event in the account's mode, and to one
	// that is not encrypted.
	echo, posted, lowered knocked
}

// openOfficial is nil while no official account is set up.
func openOfficial(s config.Config, now func() time.Time) (*official, error) {
	w := s.WeChat
	if w.AppID == "" {
		return nil, nil
	}
	o := &official{heard: &eavesdropper{next: http.DefaultTransport.(*http.Transport).Clone(), now: now}}
	channel, err := wechat.New(wechat.Options{
		AppID: w.AppID, Secret: w.Secret.Reveal(), Token: w.Token.Reveal(), AESKey: w.AESKey.Reveal(),
		Plain: w.Mode == config.Plain, APIBase: w.APIBase, Now: now, Rand: rand.Reader,
		Log: slog.New(slog.DiscardHandler), Transport: o.heard,
	})
	if err != nil {
		words := "wechat.aes_key 不正确：应当是公众平台给出的 43 个字符。"
		return nil, &told{words, fmt.Errorf("open wechat: %w", err)}
	}
	o.inspect = channel.Inspect()
	return o, nil
}

// gatherOfficial asks the platform and knocks at the callback address.
func (x *examination) gatherOfficial(ctx context.Context) {
	o := x.official
	if o.note(o.inspect.Token(ctx)) {
		o.unsent = o.inspect.MaySend(ctx)
		if e := api.Refused(o.unsent); e == nil || e.Code != codeNoService {
			o.note(o.unsent)
		}
	}
	address := strings.TrimSuffix(x.s.PublicURL, "/") + "/callback/wechat"
	query, err := o.inspect.Echo(echoPlain)
	if err != nil {
		o.echo.err = err
		return
	}
	o.echo = x.fetch(ctx, http.MethodGet, address+"?"+query.Encode(), nil)
	if query, body, err := o.inspect.Probe(); err == nil {
		o.posted = x.fetch(ctx, http.MethodPost, address+"?"+query.Encode(), body)
	}
	if query, body, err := o.inspect.Lowered(); err == nil {
		o.lowered = x.fetch(ctx, http.MethodPost, address+"?"+query.Encode(), body)
	}
}

func (o *official) note(err error) bool {
	if e := api.Refused(err); e != nil {
		o.refusals = append(o.refusals, e)
	} else if err != nil && o.unreached == nil {
		o.unreached = err
	}
	return err == nil
}

func (o *official) refused(codes ...int) *api.Error {
	for _, e := range o.refusals {
		if slices.Contains(codes, e.Code) {
			return e
		}
	}
	return nil
}

// codeNoService is what an account without the customer-service API is told.
const codeNoService = 48001

func lookAtOfficialPlatform(_ context.Context, x *examination) outcome {
	if x.official.unreached == nil {
		return fine("")
	}
	return fault("连不上公众号的接口，或者应答看不懂",
		"看看这台服务器能不能访问 "+x.s.WeChat.APIBase+"（wechat.api_base），防火墙要放行往外的 443 端口。")
}

func lookAtAppID(_ context.Context, x *examination) outcome {
	if x.official.refused(40013) != nil {
		return fault("公众平台不认这个 AppID（40013）", "把公众平台上的 AppID 抄到 wechat.app_id。")
	}
	return fine("%s", x.s.WeChat.AppID)
}

func lookAtAppSecret(_ context.Context, x *examination) outcome {
	if x.official.refused(40243) != nil {
		return fault("AppSecret 已被冻结（40243）", "在公众平台解冻，或重置以后抄到 wechat.secret。")
	}
	if e := x.official.refused(40001, 40125); e != nil {
		return fault(fmt.Sprintf("公众平台不认这个 AppSecret（%d）", e.Code),
			"重置 AppSecret，抄到 wechat.secret。别的程序也在用它时，一起换。")
	}
	return fine("换得到稳定版 access_token，不会顶掉别的程序的")
}

func lookAtWhitelist(_ context.Context, x *examination) outcome {
	if x.official.refused(40164) == nil {
		return fine("")
	}
	from := x.official.heard.from()
	return fault("公众平台不接受从 "+from+" 来的请求（40164）", "把 "+from+" 加进 IP 白名单，几分钟后生效。")
}

func lookAtOfficialClock(_ context.Context, x *examination) outcome {
	return clockOutcome(x.official.heard, "公众平台")
}

func lookAtOfficialCallback(_ context.Context, x *examination) outcome {
	k := x.official.echo
	const proxy = "反向代理要把 /callback/ 原样转给荣军监听的端口。"
	switch {
	case k.err != nil && distrusts(k.err):
		return fault("证书外面不认", "换一张公开机构签发、包含中间证书的证书。")
	case k.err != nil:
		if dns, ok := errors.AsType[*net.DNSError](k.err); ok {
			return fault("域名 "+dns.Name+" 解析不到", "检查域名和 DNS 记录。")
		}
		return fault("从对外网址走不到 /callback/wechat", "检查防火墙和反向代理。"+proxy)
	case k.status == http.StatusForbidden:
		return fault("运行中的服务用的 Token 和这里的设置不一样",
			"把公众平台“服务器配置”里的 Token 原样抄到 wechat.token，重新启动 serve。")
	case k.status == http.StatusNotFound:
		return fault("这个网址上没有公众号的回调（404）", proxy+"也看看运行中的 serve 是不是用了同一份设置。")
	case k.status != http.StatusOK:
		return fault(fmt.Sprintf("得到的是 %d", k.status), proxy)
	case k.body != echoPlain:
		return fault("验证网址的应答中途被改过", "关掉反向代理上改写内容、加脚本或换行的功能。")
	}
	return fine("")
}

func lookAtMode(_ context.Context, x *examination) outcome {
	o, plain := x.official, x.s.WeChat.Mode == config.Plain
	switch {
	case !plain && o.lowered.err == nil && o.lowered.status == http.StatusOK:
		return fault("没有加密的消息也被收下了", "运行中的 serve 用的是明文模式：去掉 wechat.mode: plain，重新启动。")
	case o.posted.err != nil:
		return fault("GET 通，POST 送不进来", "检查反向代理或防火墙（WAF）有没有拦下 POST。")
	case o.posted.status == http.StatusForbidden:
		return fault("运行中的服务不认这里的加密方式或 EncodingAESKey",
			"公众平台“服务器配置”里选“安全模式”，把 EncodingAESKey 抄到 wechat.aes_key，重新启动 serve。")
	case o.posted.status != http.StatusOK:
		return fault(fmt.Sprintf("GET 通，POST 得到 %d", o.posted.status),
			"让反向代理和防火墙（WAF）对 /callback/ 放行 POST 和 text/xml。")
	case plain:
		return warning("用的是明文模式，谁见过一次网址就能冒充平台发消息",
			"在公众平台改成“安全模式”，设置 wechat.mode: encrypted。")
	}
	return fine("加密的收下，没有加密的拒收")
}

func lookAtService(_ context.Context, x *examination) outcome {
	passive := x.s.WeChat.Passive == config.Yes
	e := api.Refused(x.official.unsent)
	switch {
	case e != nil && e.Code == codeNoService && !passive:
		return fault("公众号没有客服消息接口（48001），回复发不出去",
			"完成微信认证；没有认证的账号设置 wechat.passive: true，改用被动回复。")
	case e != nil && e.Code == codeNoService:
		return fine("没有客服消息接口，用被动回复")
	case x.official.unsent != nil:
		return unseen("没有问到")
	case passive:
		return warning("公众号有客服消息接口，却设置了被动回复", "去掉 wechat.passive，回复就不必等对方来取。")
	}
	return fine("客服消息接口可用")
}

func lookAtOfficialRefusals(_ context.Context, x *examination) outcome {
	known := []int{40001, 40013, 40125, 40164, 40243}
	for _, e := range x.official.refusals {
		if !slices.Contains(known, e.Code) {
			return fault(fmt.Sprintf("%s：%s（%d）", e.Path, e.Meaning, e.Code),
				"按错误码到公众号的开发文档里查，或把这一行发给技术支持。")
		}
	}
	return fine("")
}

// The pages of the console of official accounts.
const (
	pageBasics = "公众平台 → 设置与开发 → 基本配置（https://mp.weixin.qq.com）"
	pageServer = pageBasics + " → 服务器配置"
	pageRights = "公众平台 → 设置与开发 → 接口权限（https://mp.weixin.qq.com）"
)

// officialInspections are what the doctor looks at of an official account.
func officialInspections() []inspection {
	return []inspection{
		{
			name: "wechat_platform", title: "连得上公众平台", looks: "这台服务器能不能访问公众号的接口",
			needsWeChat: true, look: lookAtOfficialPlatform,
		},
		{
			name: "wechat_app_id", title: "公众号的 AppID", page: pageBasics, needsWeChat: true,
			looks: "设置 wechat.app_id", after: []string{"wechat_platform"}, look: lookAtAppID,
		},
		{
			name: "wechat_ip", title: "公众号的 IP 白名单", page: pageBasics, needsWeChat: true,
			looks: "这台服务器的出口 IP 在不在 IP 白名单里（40164）",
			after: []string{"wechat_platform"}, look: lookAtWhitelist,
		},
		{
			name: "wechat_secret", title: "公众号的 AppSecret", page: pageBasics, needsWeChat: true,
			looks: "设置 wechat.secret：能不能换到稳定版 access_token",
			after: []string{"wechat_platform", "wechat_app_id", "wechat_ip"}, look: lookAtAppSecret,
		},
		{
			name: "wechat_clock", title: "和公众平台的时钟", needsWeChat: true,
			looks: "这台服务器的时间和公众平台的时间差多少",
			after: []string{"wechat_platform"}, look: lookAtOfficialClock,
		},
		{
			name: "wechat_callback", title: "公众号的回调地址", page: pageServer, needsWeChat: true,
			looks: "从对外网址能不能走到 /callback/wechat，用设置里的 Token 认不认",
			after: []string{"public_url", "running"}, look: lookAtOfficialCallback,
		},
		{
			name: "wechat_mode", title: "公众号的加密方式", page: pageServer, needsWeChat: true,
			looks: "加密的消息收不收得下，没有加密的是不是拒收",
			after: []string{"wechat_callback"}, look: lookAtMode,
		},
		{
			name: "wechat_service", title: "客服消息接口", page: pageRights, needsWeChat: true,
			looks: "公众号能不能主动回复，还是只能被动回复（48001）",
			after: []string{"wechat_secret"}, look: lookAtService,
		},
		{
			name: "wechat_other", title: "公众平台的其他拒绝", needsWeChat: true,
			looks: "公众平台有没有拒绝别的请求",
			after: []string{"wechat_platform"}, look: lookAtOfficialRefusals,
		},
	}
}
