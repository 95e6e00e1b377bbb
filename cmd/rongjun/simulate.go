package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

type simulateCommand struct {
	Phone    string   `help:"模拟手机页面的监听地址。" default:"127.0.0.1:8090"`
	Load     bool     `help:"不开页面，按后面的 contacts=2500 rate=50 for=60s 做负荷测试。"`
	Database string   `help:"负荷测试用的数据库，postgres://…；不写就按设置。" placeholder:"URL"`
	Words    []string `arg:"" optional:"" name:"key=value" help:"负荷测试的参数。"`
}

// simulatedAccount begins the id of the kf account that the simulator's customers write to. Each run
// has an account of its own, since the simulated platform forgets its cursors and the data folder
// does not.
const simulatedAccount = "wkSimulated"

// Run serves with a simulated WeCom platform in place of the real one. Without a data folder of its
// own it uses a temporary one.
func (sc simulateCommand) Run(ctx context.Context, c *commands, w world) (err error) {
	if !sc.Load && len(sc.Words)+len(sc.Database) > 0 {
		return &usageError{loadUsage + "。"}
	}
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	if sc.Load {
		return sc.load(ctx, c, s, w)
	}
	if _, set := w.lookup("RONGJUN_DATA"); c.Data == "" && c.Config == "" && !set {
		s.Data, err = os.MkdirTemp("", "rongjun-simulate-")
		if err != nil {
			return fmt.Errorf("make a temporary data folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.Data)) }()
	}
	if s, err = withSample(ctx, s); err != nil {
		return err
	}
	platform := wecomtest.New(wecomtest.Config{})
	platform.Start()
	defer platform.Close()
	platform.AddAccount(simulatedAccount+rand.Text()[:8], "退役军人服务中心（模拟）")
	if s, err = simulated(s, platform); err != nil {
		return err
	}
	return sc.serve(ctx, s, platform, w)
}

// withSample settles for a simulation what the sample city is to do: it answers unless a directory is
// imported, although a platform is connected.
func withSample(ctx context.Context, s config.Config) (_ config.Config, err error) {
	if s.Sample != config.Automatic || haveDatabase(s) != nil {
		return s, nil
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, standing, err := db.Published(ctx)
	if err != nil {
		return s, fmt.Errorf("look for a directory: %w", err)
	}
	if _, directories := documentsOf(standing); len(directories) > 0 {
		s.Sample = config.No
	}
	return s, nil
}

// simulated points the settings at the simulated platform.
func simulated(s config.Config, platform *wecomtest.Server) (config.Config, error) {
	cfg := platform.Config()
	agent, err := strconv.Atoi(cfg.AgentID)
	if err != nil {
		return s, fmt.Errorf("simulated agent id: %w", err)
	}
	s.WeCom = config.WeCom{
		CorpID: cfg.CorpID, AgentID: agent, Secret: config.NewSecret(cfg.Secret),
		Token: config.NewSecret(cfg.Token), AESKey: config.NewSecret(cfg.AESKey),
		APIBase: platform.URL(), NoticeQuiet: s.WeCom.NoticeQuiet, NoticePerHour: s.WeCom.NoticePerHour,
	}
	if s.Sample == config.Automatic {
		s.Sample = config.Yes
	}
	return s, nil
}

func (sc simulateCommand) serve(
	ctx context.Context, s config.Config, platform *wecomtest.Server, w world,
) (err error) {
	phone, err := net.Listen("tcp", sc.Phone)
	if errors.Is(err, syscall.EADDRINUSE) {
		return &told{"模拟手机页面的端口已被占用，请用 --phone 换一个。", err}
	}
	if err != nil {
		return fmt.Errorf("listen for the phone page: %w", err)
	}
	defer func() { _ = phone.Close() }() // what serves it has closed it already
	again := newRestarts(ctx, s, newLog(s.Log, w))
	if err := again.open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, again.program.Close()) }()
	platform.SetCallback(again.program.URL() + "/callback/wecom")
	platform.SetRestart(again.restart)
	server := &http.Server{Handler: platform.Phone(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(phone) }()
	defer func() { _ = server.Close() }()
	fmt.Fprint(w.out, again.program.Greeting())
	fmt.Fprintf(w.out, "模拟的微信（不是真的企业微信）：\n  顾客的手机　http://%s/\n", phone.Addr())
	return again.run()
}
