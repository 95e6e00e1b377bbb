package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"rongjun/config"
)

// child is the program under test, in a process of its own so that its processor time can be told.
type child struct {
	cmd   *exec.Cmd
	url   string
	ended chan error
	once  sync.Once
}

// startChild runs serve of this very program with the settings of the simulated platform.
func startChild(ctx context.Context, s config.Config, file string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	args := []string{"serve"}
	if file != "" {
		args = append(args, "--config", file)
	}
	c := &child{cmd: exec.CommandContext(ctx, self, args...), ended: make(chan error, 1)}
	c.cmd.Env = append(os.Environ(),
		"RONGJUN_DATA="+s.Data, "RONGJUN_DATABASE_URL="+s.DatabaseURL.Reveal(),
		"RONGJUN_LISTEN=127.0.0.1:0", "RONGJUN_SAMPLE="+string(s.Sample), "RONGJUN_LOG_LEVEL=warn",
		"RONGJUN_WECOM_CORP_ID="+s.WeCom.CorpID, "RONGJUN_WECOM_AGENT_ID="+strconv.Itoa(s.WeCom.AgentID),
		"RONGJUN_WECOM_SECRET="+s.WeCom.Secret.Reveal(), "RONGJUN_WECOM_TOKEN="+s.WeCom.Token.Reveal(),
		"RONGJUN_WECOM_AES_KEY="+s.WeCom.AESKey.Reveal(), "RONGJUN_WECOM_API_BASE="+s.WeCom.APIBase)
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("read what the program prints: %w", err)
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, url, ok := strings.Cut(lines.Text(), "网页咨询　"); ok {
				found <- strings.TrimSuffix(url, "/")
			}
		}
		close(found)
		c.ended <- c.cmd.Wait()
	}()
	select {
	case c.url = <-found:
	case <-time.After(waitFor):
	}
	if c.url == "" {
		c.kill()
		return nil, &told{"被测的程序没有启动起来，原因见上。", errors.New("child did not start")}
	}
	return c, nil
}

// awaitReady waits until the program finds passages by meaning too.
func (c *child) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, waitFor)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/readyz", nil)
		if err != nil {
			return fmt.Errorf("ask whether the program is ready: %w", err)
		}
		if resp, err := http.DefaultClient.Do(r); err == nil { //nolint:bodyclose // indexState closes it
			index, err := indexState(resp)
			if err == nil && index == "ok" {
				return nil
			}
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return &told{"被测的程序一直没有就绪。", ctx.Err()}
		}
	}
}

// stop lets the program finish what it does.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the program: %w", err)
	}
	select {
	case err := <-c.ended:
		c.once.Do(func() {})
		if err != nil {
			return fmt.Errorf("the program ended badly: %w", err)
		}
		return nil
	case <-time.After(waitFor):
		return errors.New("the program does not stop")
	}
}

// kill ends the program if it still runs.
func (c *child) kill() {
	c.once.Do(func() {
		_ = c.cmd.Process.Kill()
		<-c.ended //nolint:errcheck // it was killed, and says so
	})
}

// processor is the processor time that the program has used so far; 0 where the system has no /proc.
func (c *child) processor() time.Duration {
	const ticks = 100 // a second, on every Linux
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// Behind the name in parentheses, utime and stime are fields 12 and 13.
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks
}

// memoryMB is what the program holds in memory; 0 where the system has no /proc.
func (c *child) memoryMB() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, _ := strconv.Atoi(strings.Fields(rest + " 0")[0])
	return kilobytes / 1024
}
