package main

import (
	"fmt"
	"strings"

	"rongjun/bot/staff"
)

// Greeting tells the operator, in Chinese, where the pages are, and on the first start how to sign in.
func (p *Program) Greeting() string {
	var b strings.Builder
	fmt.Fprintf(&b, "荣军已启动。\n")
	fmt.Fprintf(&b, "  网页咨询　%s/\n", p.URL())
	fmt.Fprintf(&b, "  工作台　　%s/desk\n", p.URL())
	if p.wecom != nil {
		fmt.Fprintf(&b, "  企业微信回调　%s/callback/wecom\n", p.publicURL())
	}
	if p.wechat != nil {
		fmt.Fprintf(&b, "  公众号回调　　%s/callback/wechat\n", p.publicURL())
	}
	if p.firstPassword != "" {
		fmt.Fprintf(&b, "首次启动，已建立管理员账号（密码只显示这一次，登录后请修改）：\n")
		fmt.Fprintf(&b, "  账号　%s\n  密码　%s\n", staff.FirstName, p.firstPassword)
	}
	switch p.shelf.sample {
	case sampleAlways:
		fmt.Fprintf(&b, "正在使用“样例市”的样例地点和招聘会，均为虚构，只供试用。\n")
	case sampleAlone:
		fmt.Fprintf(&b, "没有导入名录以前，地点和招聘会用“样例市”的样例，均为虚构，只供试用。\n")
	}
	return b.String()
}
