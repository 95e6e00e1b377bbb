package main

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// helpWords are the words that the parser's own help is made of, by ours.
var helpWords = strings.NewReplacer(
	"Usage: ", "用法：", "Arguments:\n", "参数：\n", "Flags:\n", "选项：\n", "Commands:\n", "命令：\n",
	"<command>", "<命令>", "[flags]", "[选项]", "Show context-sensitive help.", "显示帮助。",
	`Run "rongjun <command> --help" for more information on a command.`,
	"用 rongjun <命令> --help 查看一个命令的用法。",
)

// help prints the help of the parser in Chinese.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	var english bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &english
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err != nil {
		return err
	}
	_, err = helpWords.WriteString(out, english.String())
	return err
}

// misuses are what the parser finds wrong, and how we say it.
var misuses = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`^expected one of (.+?)(?:, +\.\.\.)?$`), "还缺命令，例如 $1"},
	{regexp.MustCompile(`^(?:expected|missing positional arguments) (.+)$`), "还缺 $1"},
	{regexp.MustCompile(`^missing flags: (.+)$`), "还缺选项 $1"},
	{regexp.MustCompile(`^unexpected argument (.+?)(?:, did you mean .*)?$`), "不认识 $1"},
	{regexp.MustCompile(`^unknown flag (.+?)(?:, did you mean .*)?$`), "没有选项 $1"},
	{regexp.MustCompile(`^(--[\w-]+)\b.*$`), "选项 $1 的值不对"},
}

// misuse says in Chinese what is wrong with the arguments.
func misuse(err error) string {
	text := err.Error()
	for _, m := range misuses {
		if m.english.MatchString(text) {
			return m.english.ReplaceAllString(text, m.chinese)
		}
	}
	return text
}
