package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// builtForAlone names the built program to the part of the test that runs in a network of its own.
const builtForAlone = "RONGJUN_TEST_ALONE"

// TestServeWithoutConfigurationOpensNoConnection runs this test once more, in a network that has
// nothing but a loopback device. There the kernel counts all that is opened: it must be what the test
// opens itself. So neither a connection nor a look-up of a name goes out, and not even one that would
// stay within the machine.
func TestServeWithoutConfigurationOpensNoConnection(t *testing.T) {
	if built := os.Getenv(builtForAlone); built != "" {
		servesAlone(t, built)
		return
	}
	t.Parallel()
	inside := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	inside.Env = append(os.Environ(), builtForAlone+"="+binary(t))
	inside.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	out := &lines{come: make(chan struct{})}
	inside.Stdout, inside.Stderr = out, out
	if err := inside.Start(); err != nil {
		t.Skip("a network of its own needs the right to make one: ", err)
	}
	require.NoError(t, inside.Wait(), out.String())
	assert.Contains(t, out.String(), "--- PASS: "+t.Name())
}

// servesAlone starts the program with no configuration at all, in a fresh folder, and asks it.
func servesAlone(t *testing.T, built string) {
	raiseLoopback(t)
	theCountersCount(t)

	before := networkCounts(t)
	p := &process{cmd: exec.Command(built, "serve"), out: &lines{come: make(chan struct{})}}
	p.cmd.Dir, p.cmd.Env = t.TempDir(), []string{"HOME=" + t.TempDir()}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	require.NoError(t, p.cmd.Start())
	t.Cleanup(p.kill)
	assert.Contains(t, p.out.await(t, "/desk\n"), "http://127.0.0.1:8080/")
	assert.DirExists(t, p.cmd.Dir+"/data")

	v := newVisitor(t, "http://127.0.0.1:8080")
	var dials atomic.Int64
	v.http.Transport = &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dials.Add(1)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
	require.Eventually(t, func() bool { return v.get("/readyz").status == http.StatusOK },
		patience, 20*time.Millisecond)
	v.say("优待证怎么办理？")
	answer := v.watch("").next("bot")
	assert.True(t, answer.cites("《中华人民共和国退役军人保障法》"), answer)
	assert.Equal(t, exitDone, p.stop(t), p.out)

	after := networkCounts(t)
	after.tcp -= int(dials.Load())
	assert.Equal(t, before, after, "the program opened nothing")
}

// raiseLoopback switches the loopback device of a new network on.
func raiseLoopback(t *testing.T) {
	t.Helper()
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer unix.Close(s)
	lo, err := unix.NewIfreq("lo")
	require.NoError(t, err)
	lo.SetUint16(unix.IFF_UP)
	require.NoError(t, unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo))
}

// opened is what the kernel has counted in this network: connections begun, datagrams sent, and
// attempts of either kind that had nowhere to go.
type opened struct{ tcp, datagrams, nowhere int }

func networkCounts(t *testing.T) opened {
	t.Helper()
	counts := make(map[string]int)
	read := func(file string, take func(line string)) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(data)) {
			take(line)
		}
	}
	var names []string
	read("/proc/self/net/snmp", func(line string) {
		fields := strings.Fields(line)
		if len(names) == 0 || names[0] != fields[0] {
			names = fields
			return
		}
		for i, field := range fields[1:] {
			counts[fields[0]+names[i+1]] = number(t, field)
		}
		names = nil
	})
	read("/proc/self/net/snmp6", func(line string) {
		fields := strings.Fields(line)
		counts[fields[0]] = number(t, fields[1])
	})
	return opened{
		tcp:       counts["Tcp:ActiveOpens"],
		datagrams: counts["Udp:OutDatagrams"] + counts["Udp6OutDatagrams"],
		nowhere:   counts["Ip:OutNoRoutes"] + counts["Ip6OutNoRoutes"],
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	var n int
	_, err := fmt.Sscan(text, &n)
	require.NoError(t, err)
	return n
}

// theCountersCount holds that what the program must not do would be seen.
func theCountersCount(t *testing.T) {
	t.Helper()
	counted := func(what string, want opened, act func()) {
		before := networkCounts(t)
		act()
		after := networkCounts(t)
		got := opened{after.tcp - before.tcp, after.datagrams - before.datagrams, after.nowhere - before.nowhere}
		assert.Equal(t, want, got, what)
	}
	dial := func(network, address string) func() {
		return func() {
			c, err := net.Dial(network, address)
			if err == nil {
				_, err = c.Write([]byte("x"))
				require.NoError(t, err)
				require.NoError(t, c.Close())
			}
		}
	}
	counted("a connection outwards", opened{nowhere: 1}, dial("tcp", "192.0.2.1:443"))
	counted("a datagram outwards", opened{nowhere: 1}, dial("udp", "192.0.2.1:53"))
	counted("a datagram within", opened{datagrams: 1}, dial("udp", "127.0.0.1:53"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	counted("a connection within", opened{tcp: 1}, dial("tcp", listener.Addr().String()))
}
