package figure

import "strings"

const clockUnit = "点"

// unitNames maps what may follow a number to the unit's normal form; the longest match wins.
var unitNames = map[string]string{
	"年": "年", "周年": "年", "整年": "年", "年级": "年级", "年代": "年代",
	"个月": "个月", "月": "月", "月份": "月", "个半月": "个半月",
	"日": "日", "天": "日", "号": "号", "工作日": "工作日", "个工作日": "工作日",
	"周": "周", "个星期": "周", "星期": "周", "个礼拜": "周", "礼拜": "周",
	"小时": "小时", "个小时": "小时", "钟头": "小时", "个钟头": "小时", "课时": "课时", "学时": "课时",
	"点": clockUnit, "点钟": clockUnit, "时": clockUnit, "分": "分", "分钟": "分钟", "秒": "秒",
	"岁": "岁", "周岁": "岁", "倍": "倍", "级": "级", "%": "%", " %": "%", "‰": "‰",
	"百分点": "个百分点", "个百分点": "个百分点",
	"元": "元", "块": "元", "块钱": "元", "元钱": "元", "美元": "美元",
	"次": "次", "回": "次", "遍": "次", "折": "折",
	"学期": "学期", "个学期": "学期", "学年": "学年", "个学年": "学年",
	"季度": "季度", "个季度": "季度", "学分": "学分",
	"平方米": "平方米", "平米": "平方米", "平方": "平方米", "㎡": "平方米", "亩": "亩",
	"公里": "公里", "千米": "公里", "km": "公里", "米": "米", "厘米": "厘米", "公分": "厘米",
	"cm": "厘米", "公斤": "公斤", "千克": "公斤", "kg": "公斤", "斤": "斤", "吨": "吨", "度": "度",
	"寸": "寸", "层": "层", "楼": "层", "届": "届",
}

const longestUnit = 5

// notUnits are words that begin like a unit and are none.
var notUnits = []string{
	"周边", "周围", "周到", "周转", "周知", "分之", "分别", "分类", "分级", "分散", "分期", "分配", "分工",
	"时候", "时间", "时期", "次性", "回事", "级别", "度过",
	"年轻", "日常", "月亮", "天津", "天然", "元旦", "层面", "楼房",
}

// fillers may stand between a number and its unit: 10多年, 5万余元, 十几天.
var fillers = []string{"多", "余", "几", "来"}

// readUnit reads the unit at byte i. Arabic digits may be set off by a space.
func readUnit(text string, i int, arabic bool) (unit string, end int) {
	if arabic && strings.HasPrefix(text[i:], " ") {
		if unit, end := matchUnit(text, i+1); unit != "" {
			return unit, end
		}
	}
	for _, filler := range fillers {
		if !strings.HasPrefix(text[i:], filler) {
			continue
		}
		if unit, end := matchUnit(text, i+len(filler)); unit != "" {
			return unit, end
		}
	}
	return matchUnit(text, i)
}

func matchUnit(text string, i int) (unit string, end int) {
	for _, word := range notUnits {
		if strings.HasPrefix(text[i:], word) {
			return "", i
		}
	}
	offsets := make([]int, 0, longestUnit)
	for k := range text[i:] {
		if k > 0 {
			offsets = append(offsets, k)
		}
		if len(offsets) == longestUnit {
			break
		}
	}
	if len(offsets) < longestUnit {
		offsets = append(offsets, len(text)-i)
	}
	for n := len(offsets) - 1; n >= 0; n-- {
		if unit, ok := unitNames[text[i:i+offsets[n]]]; ok {
			return unit, i + offsets[n]
		}
	}
	return "", i
}

// classifiers count things in general; a small Chinese numeral before one is a figure (两种), before
// anything else a part of a word (三亚, 二维码).
const classifiers = "个名种项类家人份张位处所批步款户代套本件样条大方部轮回期组届科门间台辆"

func hasClassifier(rest string) bool {
	for _, r := range rest {
		return strings.ContainsRune(classifiers, r)
	}
	return false
}
