package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"rongjun/bot"
	api "rongjun/bot/channel/platform"
	"rongjun/bot/channel/wecom"
)

func lookAtAccounts(_ context.Context, x *examination) outcome {
	if !x.accountsOK {
		return unseen("客服账号没有读到")
	}
	if len(x.accounts) == 0 {
		return fault("还没有客服账号", "新建一个客服账号，并设为“通过API管理”。")
	}
	var names []string
	for _, a := range x.accounts {
		names = append(names, a.Name)
	}
	return fine("%s", strings.Join(names, "、"))
}

func lookAtManaged(_ context.Context, x *examination) outcome {
	var without []string
	for _, a := range x.accounts {
		if !managed(a) {
			without = append(without, a.Name)
		}
	}
	const do = "把账号放到“通过API管理”下面。放过去以后，企业微信原来的接待规则停用，由荣军来答。"
	switch len(without) {
	case 0:
		return fine("")
	case len(x.accounts):
		return fault("没有一个账号由接口管理，发消息会被拒绝（95018）", do)
	}
	return warning(strings.Join(without, "、")+" 没有交给接口管理，它的客户荣军答不了（95018）", do)
}

// those are the users of the seats for which no holds, each once.
func (x *examination) those(no func(seat) bool) []string {
	var users []string
	for _, s := range x.seats {
		if no(s) && !slices.Contains(users, s.user) {
			users = append(users, s.user)
		}
	}
	return users
}

func lookAtVisibleRange(_ context.Context, x *examination) outcome {
	const do = "把接待人员（或他们的部门）加进应用的可见范围。"
	if x.refused(60030) != nil {
		return fault("接待人员不在应用的可见范围里（60030）", do)
	}
	if out := x.those(func(s seat) bool { return !s.visible }); len(out) > 0 {
		return fault(strings.Join(out, "、")+" 不在应用的可见范围里，转人工会失败（60030）", do)
	}
	return fine("")
}

func lookAtReceptionists(_ context.Context, x *examination) outcome {
	if len(x.seats) == 0 {
		return warning("没有接待人员，只能在荣军的工作台里接待", "要在企业微信里接待时，给账号加上接待人员。")
	}
	return fine("%d 位", len(x.those(func(seat) bool { return true })))
}

func lookAtActivated(_ context.Context, x *examination) outcome {
	if x.refused(95014) == nil {
		asleep := x.those(func(s seat) bool { return !s.active })
		if len(asleep) == 0 {
			return fine("")
		}
		return fault(strings.Join(asleep, "、")+" 还没有激活企业微信，会话转不过去（95014）",
			"请他们登录一次企业微信，或换别人接待。")
	}
	return fault("有接待人员还没有激活企业微信（95014）", "请他们登录一次企业微信，或换别人接待。")
}

func lookAtOnDuty(_ context.Context, x *examination) outcome {
	if len(x.seats) == 0 {
		return unseen("没有接待人员")
	}
	if len(x.those(func(s seat) bool { return s.receiving })) == 0 {
		return warning("此刻没有人在接待，转人工的客户要等", "请接待人员在企业微信里开始接待；下班时间可以不管。")
	}
	return fine("")
}

// probeText is what the test contact reads.
const probeText = "这是荣军上线前的测试消息，收到就说明线路通了，不用回复。"

func lookAtSending(ctx context.Context, x *examination) outcome {
	if x.ask.SendTo == "" {
		return unseen("没有要求（--send-to）")
	}
	account := x.ask.Account
	for _, a := range x.accounts {
		if account == "" && managed(a) {
			account = a.ID
		}
	}
	const human = 3
	state, err := x.inspect.Session(ctx, account, x.ask.SendTo)
	if err == nil && state == human {
		return fault("这位客户正由接待人员在企业微信里接待，接口发不了（95018）", "请接待人员先结束会话，再来检查。")
	}
	_, err = x.channel.Send(ctx, bot.Outgoing{
		Address: bot.Address{Channel: wecom.Name, Account: account, ExternalID: x.ask.SendTo},
		ID:      "doctor" + rand.Text()[:20], From: bot.FromSystem, Text: probeText,
	})
	if err == nil {
		return fine("企业微信收下了，请在测试客户的微信上看看收到没有")
	}
	refusal := api.Refused(err)
	if refusal == nil {
		return fault("没有发出去：连不上企业微信，或没有应答", "稍后再试。")
	}
	return sendingFault(refusal)
}

// sendingFault explains a refused test message.
func sendingFault(e *api.Error) outcome {
	do := "按错误码到企业微信的开发文档里查。"
	switch e.Code {
	case 95001, 95002, 95031:
		do = "请测试客户先给客服发一句话：客户发一句，48 小时内可以回 5 条。"
	case 95018, 95013, 95016:
		do = "看看账号是不是“通过API管理”，会话是不是已由接待人员接待。"
	case 40096, 40058:
		do = "--send-to 要写客户的 external_userid，可以在工作台的会话里看到。"
	}
	return fault(fmt.Sprintf("企业微信没有收下：%s（%d）", e.Meaning, e.Code), do)
}
