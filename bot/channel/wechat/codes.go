package wechat

import "rongjun/bot/channel/platform"

// wrongSecret is the code whose act a refused AppSecret has.
const wrongSecret = 40125

// codes are the return codes that need an act of their own, from the platform's table (全局返回码).
var codes = map[int]platform.Act{
	-1:          {Class: platform.ClassBusy, Meaning: "微信系统繁忙"},
	40001:       {Class: platform.ClassToken, Meaning: "access_token 无效"},
	40003:       {Class: platform.ClassNone, Meaning: "对方不是本公众号的粉丝"},
	40007:       {Class: platform.ClassNone, Meaning: "素材已不在平台上"},
	40008:       {Class: platform.ClassPayload, Meaning: "消息类型不合规定"},
	40013:       {Class: platform.ClassSecret, Meaning: "AppID 不正确"},
	40014:       {Class: platform.ClassToken, Meaning: "access_token 无效"},
	wrongSecret: {Class: platform.ClassSecret, Meaning: "AppSecret 不正确"},
	40164:       {Class: platform.ClassSetUp, Meaning: "服务器的 IP 不在公众号的 IP 白名单里"},
	40200:       {Class: platform.ClassPayload, Meaning: "这个账号不能发菜单消息"},
	40243:       {Class: platform.ClassSecret, Meaning: "AppSecret 已被冻结"},
	41001:       {Class: platform.ClassToken, Meaning: "缺少 access_token"},
	42001:       {Class: platform.ClassToken, Meaning: "access_token 已过期"},
	45002:       {Class: platform.ClassPayload, Meaning: "内容过长"},
	45009:       {Class: platform.ClassBackOff, Meaning: "调用次数超过限制"},
	45011:       {Class: platform.ClassBackOff, Meaning: "调用太频繁"},
	45015:       {Class: platform.ClassExpired, Meaning: "对方太久没有来消息，或已取消关注"},
	45047:       {Class: platform.ClassSpent, Meaning: "对方来一次消息后能回复的条数已用完"},
	47001:       {Class: platform.ClassPayload, Meaning: "消息格式不合规定"},
	48001: {
		Class:   platform.ClassSetUp,
		Meaning: "公众号没有客服消息接口的权限（没有认证的公众号请设置 wechat.passive）",
	},
	48002: {Class: platform.ClassNone, Meaning: "对方拒收公众号的消息"},
	48004: {Class: platform.ClassSetUp, Meaning: "接口已被封禁，请登录公众平台查看"},
	50002: {Class: platform.ClassSetUp, Meaning: "公众号账号受限"},
}
