// Command rongjun answers veterans and their families on WeChat and on a web page, and hands over to
// people. README.md at the top of the repository says how to run it; each task has a file of its own
// here, and program.go is the running program as a value.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"rongjun/bot/answer"
	"rongjun/config"
	"rongjun/knowledge"
)

// The exit codes that scripts rely on.
const (
	exitDone  = 0
	exitFault = 1
	exitUsage = 2
)

// world is what a task may touch outside the program.
type world struct {
	in     io.Reader
	out    io.Writer
	err    io.Writer
	lookup func(string) (string, bool)
}

// commands is the command line.
type commands struct {
	Config string `help:"设置文件（YAML）。" placeholder:"FILE" type:"path"`
	Data   string `help:"数据文件夹，优先于设置。" placeholder:"DIR" type:"path"`
	JSON   bool   `help:"结果用 JSON 输出。" name:"json"`

	Serve    serveCommand    `cmd:"" help:"运行：网页、工作台、微信回调。"`
	Ask      askCommand      `cmd:"" help:"问一个问题，不需要运行中的服务。"`
	Eval     evalCommand     `cmd:"" help:"用带标注的问题量一量回答得怎样。"`
	Import   importCommand   `cmd:"" help:"导入政策文件，随即生效；--check 列出要核对的。"`
	Simulate simulateCommand `cmd:"" help:"连同模拟的微信平台一起运行，打开一部模拟的手机。"`
	Doctor   doctorCommand   `cmd:"" help:"上线前检查设置和企业微信后台，说明缺什么、到哪一页去改。"`
	Staff    staffCommand    `cmd:"" help:"工作人员账号。"`
	Backup   backupCommand   `cmd:"" help:"备份数据库到一个文件，运行中也可以。"`
	Restore  restoreCommand  `cmd:"" help:"把备份恢复到一个空文件夹。"`
	Settings settingsCommand `cmd:"" name:"config" help:"列出每项设置、默认值和含义。"`
	Version  versionCommand  `cmd:"" help:"版本。"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	w := world{in: os.Stdin, out: os.Stdout, err: os.Stderr, lookup: os.LookupEnv}
	code := run(ctx, os.Args[1:], w)
	stop()
	os.Exit(code)
}

// run does what the arguments say and returns the exit code.
func run(ctx context.Context, args []string, w world) int {
	var c commands
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("rongjun"), kong.Description("荣军：退役军人和家属的政策问答助手。"),
		kong.Help(help), kong.Writers(w.out, w.err), kong.Exit(func(code int) { exit = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&c, w),
	)
	if err != nil {
		fmt.Fprintln(w.err, "程序的命令定义有误：", err)
		return exitFault
	}
	task, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(w.err, "用法不对：%s。\n用 rongjun --help 查看全部命令。\n", misuse(err))
		return exitUsage
	}
	if err := task.Run(); err != nil {
		fmt.Fprintln(w.err, sentence(err))
		if errors.As(err, new(*usageError)) {
			return exitUsage
		}
		return exitFault
	}
	return exitDone
}

// settings reads the settings with the flags that go before them.
func (c *commands) settings(w world) (config.Config, error) {
	s, err := config.Load(c.Config, w.lookup)
	if c.Data != "" {
		s.Data = c.Data
	}
	if err != nil {
		return s, err
	}
	region, err := readRegion(s.Region)
	s.Region = string(region)
	return s, err
}

// readRegion reads a region that an operator wrote.
func readRegion(said string) (knowledge.Region, error) {
	region, err := answer.ReadRegion(said)
	if errors.Is(err, answer.ErrRegion) {
		return "", &told{fmt.Sprintf("不认识地区“%s”：请写全名，如 浙江省/杭州市/西湖区。", said), err}
	}
	return region, err
}
