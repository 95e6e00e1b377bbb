package main

import "context"

// inspection is one thing that the doctor looks at.
type inspection struct {
	name, title string
	// looks says what it looks at, in words for the operator.
	looks string
	// page is the page of the admin console where it is mended.
	page string
	// needsWeCom: there is nothing to see while WeCom is not set up.
	needsWeCom bool
	// needsWeChat: there is nothing to see while no official account is set up.
	needsWeChat bool
	// after are the checks that must have found no fault before this one says anything.
	after []string
	look  func(context.Context, *examination) outcome
}

// The pages of the admin console, as its menu names them.
const (
	console     = "https://work.weixin.qq.com/wework_admin/frame"
	pageCorp    = "企业微信管理后台 → 我的企业 → 企业信息（" + console + "#profile）"
	pageApp     = "企业微信管理后台 → 应用管理 → 自建的应用（" + console + "#apps）"
	pageReceive = pageApp + " → 接收消息"
	pageIP      = pageApp + " → 企业可信IP"
	pageRange   = pageApp + " → 可见范围"
	pageKf      = "企业微信管理后台 → 应用管理 → 微信客服（" + console + "#apps）"
	pageKfAPI   = pageKf + " → API"
	pageSeats   = pageKf + " → 客服账号 → 接待人员"
	pageProof   = pageApp + " → 网页授权及JS-SDK → 申请校验域名"
	pageMembers = "企业微信管理后台 → 通讯录（" + console + "#contacts）"
	pageVerify  = "企业微信管理后台 → 我的企业 → 企业信息 → 企业认证（" + console + "#profile）"
)

// inspections are everything that the doctor looks at, in the order in which an operator should mend it.
func inspections() []inspection {
	return append(wecomInspections(), officialInspections()...)
}

// wecomInspections are what the doctor looks at of the site and of WeCom.
func wecomInspections() []inspection {
	return []inspection{
		{
			name: "public_url", title: "对外网址", looks: "设置 public_url 是不是外面打得开的 https 网址",
			look: lookAtPublicURL,
		},
		{
			name: "running", title: "本机的服务", looks: "rongjun serve 是否在监听的端口上应答",
			look: lookAtRunning,
		},
		{
			name: "certificate", title: "证书", looks: "对外网址的 TLS 证书外面认不认", needsWeCom: true,
			after: []string{"public_url"}, look: lookAtCertificate,
		},
		{
			name: "callback_reachable", title: "回调地址打得开", page: pageReceive, needsWeCom: true,
			looks: "从对外网址能不能走到 /callback/wecom",
			after: []string{"public_url", "running", "certificate"}, look: lookAtReachable,
		},
		{
			name: "callback_key", title: "Token 和 EncodingAESKey", page: pageReceive, needsWeCom: true,
			looks: "用设置里的 Token 和密钥签名加密，回调地址认不认",
			after: []string{"callback_reachable"}, look: lookAtKey,
		},
		{
			name: "callback_plus", title: "网址里的加号", needsWeCom: true,
			looks: "密文里的加号经过反向代理有没有变成空格",
			after: []string{"callback_key"}, look: lookAtPlus,
		},
		{
			name: "callback_answer", title: "应答原样送回", needsWeCom: true,
			looks: "验证网址时的应答有没有被加上换行、引号或别的内容",
			after: []string{"callback_key"}, look: lookAtAnswer,
		},
		{
			name: "callback_post", title: "事件送得进来", needsWeCom: true,
			looks: "给回调地址送一个签过名的空事件，是不是得到 200 和空的应答",
			after: []string{"callback_key"}, look: lookAtPost,
		},
		{
			name: "callback_time", title: "应答够快", needsWeCom: true,
			looks: "企业微信验证网址只等 1 秒，送事件只等 5 秒",
			after: []string{"callback_key"}, look: lookAtTime,
		},
		{
			name: "proof", title: "域名归属文件", page: pageProof, needsWeCom: true,
			looks: "数据文件夹的 verify 里的文件，从对外网址是否取得到",
			after: []string{"callback_reachable"}, look: lookAtProof,
		},
		{
			name: "sample", title: "样例数据", looks: "设置 sample 有没有把虚构的样例市打开",
			look: lookAtSample,
		},
		{
			name: "platform", title: "连得上企业微信", looks: "这台服务器能不能访问企业微信的接口",
			needsWeCom: true, look: lookAtPlatform,
		},
		{
			name: "corp_id", title: "企业ID", page: pageCorp, needsWeCom: true,
			looks: "设置 wecom.corp_id", after: []string{"platform"}, look: lookAtCorpID,
		},
		{
			name: "secret", title: "应用的 Secret", page: pageApp, needsWeCom: true,
			looks: "设置 wecom.secret：能不能换到 access_token",
			after: []string{"platform", "corp_id"}, look: lookAtSecret,
		},
		{
			name: "clock", title: "时钟", needsWeCom: true,
			looks: "这台服务器的时间和企业微信的时间差多少",
			after: []string{"platform"}, look: lookAtClock,
		},
		{
			name: "trusted_ip", title: "企业可信IP", page: pageIP, needsWeCom: true,
			looks: "这台服务器的出口 IP 在不在应用的企业可信IP 里（60020）",
			after: []string{"secret"}, look: lookAtTrustedIP,
		},
		{
			name: "agent", title: "AgentId", page: pageApp, needsWeCom: true,
			looks: "设置 wecom.agent_id 是不是这个 Secret 的应用",
			after: []string{"secret", "trusted_ip"}, look: lookAtAgent,
		},
		{
			name: "kf_access", title: "微信客服的接口权限", page: pageKfAPI, needsWeCom: true,
			looks: "应用在不在微信客服的“可调用接口的应用”里（48002、95023）",
			after: []string{"secret", "trusted_ip"}, look: lookAtKfAccess,
		},
		{
			name: "verified", title: "企业认证", page: pageVerify, needsWeCom: true,
			looks: "企业微信有没有因为企业没有认证而拒绝（95003、95027）",
			after: []string{"secret", "trusted_ip"}, look: lookAtVerified,
		},
		{
			name: "rate", title: "调用次数", needsWeCom: true,
			looks: "企业微信有没有说调用得太多（45009、45033）",
			after: []string{"platform"}, look: lookAtRate,
		},
		{
			name: "accounts", title: "客服账号", page: pageKf, needsWeCom: true,
			looks: "有没有客服账号",
			after: []string{"secret", "trusted_ip", "kf_access", "verified", "rate"}, look: lookAtAccounts,
		},
		{
			name: "managed", title: "账号由接口管理", page: pageKfAPI, needsWeCom: true,
			looks: "每个客服账号是不是“通过API管理”（不然发消息一律 95018）",
			after: []string{"accounts"}, look: lookAtManaged,
		},
		{
			name: "visible_range", title: "接待人员在可见范围内", page: pageRange, needsWeCom: true,
			looks: "接待人员在不在应用的可见范围里（60030）",
			after: []string{"accounts"}, look: lookAtVisibleRange,
		},
		{
			name: "receptionists", title: "接待人员", page: pageSeats, needsWeCom: true,
			looks: "每个由接口管理的账号有没有接待人员",
			after: []string{"accounts", "managed", "visible_range"}, look: lookAtReceptionists,
		},
		{
			name: "activated", title: "接待人员已激活", page: pageMembers, needsWeCom: true,
			looks: "接待人员有没有激活企业微信（95014）",
			after: []string{"accounts", "visible_range", "receptionists"}, look: lookAtActivated,
		},
		{
			name: "on_duty", title: "有人在接待", page: pageSeats, needsWeCom: true,
			looks: "此刻有没有接待人员处于“接待中”",
			after: []string{"receptionists", "activated"}, look: lookAtOnDuty,
		},
		{
			name: "other", title: "其他拒绝", needsWeCom: true,
			looks: "企业微信有没有拒绝别的请求",
			after: []string{"platform"}, look: lookAtOtherRefusals,
		},
		{
			name: "send", title: "给测试客户发一条", page: pageKf, needsWeCom: true,
			looks: "写了 --send-to 时，看会话由谁接待，再发一条消息",
			after: []string{"accounts", "managed"}, look: lookAtSending,
		},
	}
}

func titleOf(name string) string {
	for _, c := range inspections() {
		if c.name == name {
			return c.title
		}
	}
	return name
}
