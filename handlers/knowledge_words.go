package handlers

import (
	"cmp"
	"strings"

	"rongjun/knowledge/index"
)

// filteredWords say why a passage may not be cited.
func filteredWords(reason string) string {
	switch index.Reason(reason) {
	case index.NotYetInForce:
		return "当日还没有施行"
	case index.NoLongerInForce:
		return "当日已经失效"
	case index.OtherRegion:
		return "是别的地区的规定"
	}
	return reason
}

// ruleWords say which rule made a decision, and what that rule saw.
func ruleWords(why string) string {
	rule, detail, _ := strings.Cut(why, ": ")
	said := cmp.Or(rules[rule], rule)
	if detail != "" {
		said += "（" + cmp.Or(details[detail], detail) + "）"
	}
	return said
}

// rules are the rules of decisions in words for the editor.
var rules = map[string]string{
	"crisis": "听出危急情况", "tap": "点了选项", "queued": "正在排队等人工",
	"too-old": "问的年代太早", "person": "要找工作人员", "talk": "寒暄",
	"closed": "不能谈的话题", "own-file": "问本人的档案或进度", "out-of-scope": "不归我们管",
	"directory": "查办事地点", "off-subject": "与退役军人政策无关", "nothing-found": "没有找到够分量的依据",
	"bare-topic": "只说了一个词，先问清楚", "past-unknown": "问的是过去，当时的规定不知道",
	"two-questions": "一句话里有两个问题，分别回答", "evidence": "依据足够，按条目回答",
}

// details are what a rule saw. What is not among them is a word of the contact's, or a rule's name.
var details = map[string]string{
	"greeting": "打招呼", "thanks": "道谢", "goodbye": "告别", "about": "问机器人是谁",
	"unclear": "没听懂", "unknown-kind": "不是文字", "secret": "涉密", "privacy": "别人的隐私",
	"illegal": "违法的事", "no place": "没有说地点", "no fair": "没有招聘会", "records": "名录里有",
	"not recorded": "名录里没有", "stale": "选项已过期", "while queued": "排队时说的",
	"the answer itself is left open": "条文把答案本身留给别处定",
	"no amount is given":             "条文没有给出金额",
	"the amount is left open":        "条文把金额留给别处定",
	"the number is left open":        "条文把数目留给别处定",
	"it is left to the place":        "条文留给当地定",
	"the procedure is left open":     "条文把办法留给别处定",
}

func stepWords(step string) string {
	words := map[string]string{
		"understand": "理解", "retrieve": "检索", "decide": "判断", "compose": "写成", "guard": "核对",
	}
	return cmp.Or(words[step], step)
}
