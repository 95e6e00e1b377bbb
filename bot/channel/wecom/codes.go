package wecom

import "rongjun/bot/channel/platform"

// codeNotManaged is an account that is not under the API.
const codeNotManaged = 95017

// codes are the error codes that need an act of their own, from the platform's table of errors. What
// each class means for a message stands at platform.Client.SendError.
var codes = map[int]platform.Act{
	-1:             {Class: platform.ClassBusy, Meaning: "企业微信系统繁忙"},
	40001:          {Class: platform.ClassSecret, Meaning: "应用的 Secret 不正确"},
	40007:          {Class: platform.ClassNone, Meaning: "素材已不在平台上"},
	40013:          {Class: platform.ClassSecret, Meaning: "企业ID 不正确"},
	40014:          {Class: platform.ClassToken, Meaning: "access_token 无效"},
	40058:          {Class: platform.ClassPayload, Meaning: "参数不合规定"},
	40091:          {Class: platform.ClassSecret, Meaning: "Secret 不合法"},
	40201:          {Class: platform.ClassBlocked, Meaning: "内容被反垃圾规则拦截"},
	40029:          {Class: platform.ClassNone, Meaning: "登录用的 code 无效或已用过"},
	40056:          {Class: platform.ClassSetUp, Meaning: "应用的 AgentId 不正确"},
	42001:          {Class: platform.ClassToken, Meaning: "access_token 已过期"},
	45002:          {Class: platform.ClassPayload, Meaning: "内容过长"},
	45009:          {Class: platform.ClassBackOff, Meaning: "调用次数超过限制"},
	45033:          {Class: platform.ClassCrowded, Meaning: "并发调用超过限制"},
	48002:          {Class: platform.ClassSetUp, Meaning: "应用没有调用该接口的权限"},
	60020:          {Class: platform.ClassSetUp, Meaning: "服务器的 IP 不在企业可信IP 里"},
	60030:          {Class: platform.ClassSetUp, Meaning: "接待人员不在应用可见范围内"},
	81013:          {Class: platform.ClassNone, Meaning: "接收成员都不在应用可见范围内"},
	95000:          {Class: platform.ClassGone, Meaning: "客服账号不存在"},
	95001:          {Class: platform.ClassSpent, Meaning: "客户发一条消息后最多回复 5 条，已用完"},
	95002:          {Class: platform.ClassExpired, Meaning: "客户 48 小时内没有来消息"},
	95003:          {Class: platform.ClassLimit, Meaning: "企业未认证，可接待人数已满"},
	95004:          {Class: platform.ClassGone, Meaning: "客服账号已删除"},
	95007:          {Class: platform.ClassStale, Meaning: "拉取消息的 token 已过期"},
	95008:          {Class: platform.ClassPayload, Meaning: "菜单消息不合规定"},
	95009:          {Class: platform.ClassPayload, Meaning: "菜单消息不合规定"},
	95011:          {Class: platform.ClassSetUp, Meaning: "客服账号的接待方式不允许"},
	95012:          {Class: platform.ClassSetUp, Meaning: "客服账号的接待方式不允许"},
	95013:          {Class: platform.ClassState, Meaning: "会话已结束"},
	95014:          {Class: platform.ClassServicer, Meaning: "接待人员未激活"},
	95016:          {Class: platform.ClassState, Meaning: "会话当前状态不允许"},
	codeNotManaged: {Class: platform.ClassSetUp, Meaning: "客服账号没有交给接口管理"},
	95018:          {Class: platform.ClassState, Meaning: "会话不由接口接待，或账号没有交给接口管理"},
	95019:          {Class: platform.ClassServicer, Meaning: "接待人员没有在接待"},
	95023:          {Class: platform.ClassSetUp, Meaning: "应用不在微信客服的可调用应用里"},
	95027:          {Class: platform.ClassLimit, Meaning: "企业未认证，功能受限"},
	95030:          {Class: platform.ClassPayload, Meaning: "消息内容不合规定"},
	95031:          {Class: platform.ClassExpired, Meaning: "客户 48 小时内没有咨询"},
}
