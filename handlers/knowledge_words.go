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
	rule, seen, _ := strings.Cut(why, ": ")
	said := cmp.Or(rules[rule], rule)
	if seen == "" {
		return said
	}
	var words []string
	for detail := range strings.SplitSeq(seen, ": ") {
		words = append(words, detailWords(detail))
	}
	return said + "（" + strings.Join(words, "；") + "）"
}

// rules are the rules of decisions in words for the editor.
var rules = map[string]string{
	"crisis": "听出危急情况", "tap": "点了选项", "queued": "正在排队等人工",
	"too-old": "消息隔得太久", "person": "要找工作人员", "care": "心里苦，要人陪", "talk": "寒暄",
	"closed": "不能谈的话题", "own-file": "问本人的档案或进度", "out-of-scope": "不归我们管",
	"near": "发来了位置，查附近", "directory": "查办事地点", "dark": "话里有危急的词，又不是政策问题",
	"own-text": "本地的文件里有", "off-subject": "与退役军人政策无关", "nothing-found": "没有找到够分量的依据",
	"bare-topic": "只说了一个词，先问清楚", "past-unknown": "问的是过去，当时的规定不知道",
	"two-questions": "一句话里有两个问题，分别回答", "evidence": "依据足够，按条目回答",
	"no-rule": "没有规则管得着",
}

// details are what a rule saw. What is not among them is a word of the contact's, or a rule's name.
var details = map[string]string{
	"greeting": "打招呼", "thanks": "道谢", "goodbye": "告别", "about": "问机器人是谁",
	"unclear": "没听懂", "unknown-kind": "不是文字", "secret": "涉密", "privacy": "别人的隐私",
	"illegal": "违法的事", "no place": "没有说地点", "no fair": "没有招聘会", "records": "名录里有",
	"not recorded": "名录里没有", "stale": "选项已过期", "while queued": "排队时说的",
	"told": "只是说说，没有问", "by kind": "整句话听着是",
	"the answer itself is left open": "条文把答案本身留给别处定",
	"no amount is given":             "条文没有给出金额",
	"the amount is left open":        "条文把金额留给别处定",
	"the number is left open":        "条文把数目留给别处定",
	"the condition is left open":     "条文把条件留给别处定",
	"it is left to the place":        "条文留给当地定",
	"the procedure is left open":     "条文把办法留给别处定",
	"left open by reading":           "整句读下来，问的事条文没有定",
	"one thing asked is left open":   "问了几件事，有一件条文没有定",
	"own texts beside":               "旁边引了本地的文件",
}

// detailWords are those of a detail that is made of others.
func detailWords(detail string) string {
	if term, ok := strings.CutPrefix(detail, "what is said of "); ok {
		if term, ok = strings.CutSuffix(term, " is left open"); ok {
			return "条文把“" + term + "”留给别处定"
		}
	}
	if though, ok := strings.CutPrefix(detail, "settled by reading, though "); ok {
		return "整句读下来，问的事条文定了，虽然" + detailWords(though)
	}
	return cmp.Or(details[detail], detail)
}

func stepWords(step string) string {
	words := map[string]string{
		"understand": "理解", "retrieve": "检索", "decide": "判断", "compose": "写成", "guard": "核对",
	}
	return cmp.Or(words[step], step)
}
