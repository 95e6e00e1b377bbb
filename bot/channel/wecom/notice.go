package wecom

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// oversized is how the platform tells of media that it would not carry: what kind, and that it is too
// large. The exact words are not documented.
var oversized = regexp.MustCompile(
	`(?:图片|语音|视频|文件|附件).{0,12}(?:超过|超出|大于|过大|太大).{0,24}`)

// asking are words that no notice has and a customer's question does.
var asking = regexp.MustCompile(`[我吗？?]|怎么|咋|如何|为什么`)

// longestNotice is more characters than any notice has.
const longestNotice = 60

// tooLarge reports whether a text is the platform's notice in place of media over its limit.
func tooLarge(s string) bool {
	return utf8.RuneCountInString(s) <= longestNotice && oversized.MatchString(s) &&
		!asking.MatchString(s)
}

// textOf is the words of a text message that stands as JSON in a text.
func textOf(s string) string {
	var m struct {
		Text    *text  `json:"text"`
		Content string `json:"content"`
	}
	if json.Unmarshal([]byte(s), &m) != nil {
		return labelled("消息")
	}
	if m.Text != nil {
		return m.Text.Content
	}
	return m.Content
}
