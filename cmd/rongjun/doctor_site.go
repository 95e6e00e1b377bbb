package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"rongjun/config"
)

func lookAtPublicURL(_ context.Context, x *examination) outcome {
	if x.s.PublicURL == "" {
		if x.channel == nil && x.official == nil {
			return warning("没有设置 public_url，网页咨询只在 "+x.s.Listen+" 上",
				"对外提供服务前，设置成外面打得开的 https 网址。")
		}
		return fault("没有设置 public_url，微信平台不知道往哪里送消息",
			"在设置里写上外面打得开的网址，如 public_url: https://kf.example.gov.cn；它的反向代理要转到 "+
				x.s.Listen+"。")
	}
	u, err := url.Parse(x.s.PublicURL)
	if err != nil {
		return fault("public_url 不是网址", "改成 https:// 开头的网址。")
	}
	if address, err := netip.ParseAddr(u.Hostname()); u.Hostname() == "localhost" ||
		err == nil && (address.IsLoopback() || address.IsPrivate()) {
		return warning(x.s.PublicURL+" 是内网或本机的地址，企业微信从外面打不开",
			"换成公网的域名。只是在本机试用时可以不管。")
	}
	if u.Scheme != "https" {
		return warning(x.s.PublicURL+" 不是 https", "在反向代理上装好证书，改成 https：登录和消息不应当明着走。")
	}
	return fine("%s", x.s.PublicURL)
}

// local is where the program is reached on this machine.
func (x *examination) local() string {
	host, port, err := net.SplitHostPort(x.s.Listen)
	if err != nil {
		return "http://" + x.s.Listen
	}
	if address, err := netip.ParseAddr(host); host == "" || err == nil && address.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func lookAtRunning(ctx context.Context, x *examination) outcome {
	k := x.fetch(ctx, http.MethodGet, x.local()+"/healthz", nil)
	switch {
	case k.err != nil:
		return fault(x.s.Listen+" 上没有程序应答", "先启动 rongjun serve（用同一份设置），再来检查。")
	case k.status != http.StatusOK:
		return fault(x.s.Listen+" 上应答的不是荣军", "看看是不是别的程序占着这个端口，或者 listen 写错了。")
	}
	return fine("在 %s", x.s.Listen)
}

// knocked is what a request to our own public address came to.
type knocked struct {
	err    error
	status int
	body   string
	want   string
	// slow is how long the answer took, in seconds.
	slow float64
}

const (
	maxKnock   = 64 << 10
	echoPlain  = "8172635445362718090"
	plusTries  = 400
	quickCheck = 1.0
	quickEvent = 5.0
)

// knock sends what the platform would send to the callback address: the check of the address, without
// and with a plus in the ciphertext, and an event from which nothing follows.
func (x *examination) knock(ctx context.Context) {
	address := strings.TrimSuffix(x.s.PublicURL, "/") + "/callback/wecom"
	for range plusTries {
		query, err := x.inspect.Echo(echoPlain)
		if err != nil {
			x.plain.err, x.plus.err = err, err
			break
		}
		into := &x.plain
		if strings.Contains(query.Get("echostr"), "+") {
			into = &x.plus
		}
		if into.want == "" {
			*into = x.fetch(ctx, http.MethodGet, address+"?"+query.Encode(), nil)
			into.want = echoPlain
		}
		if x.plain.want != "" && x.plus.want != "" {
			break
		}
	}
	query, body, err := x.inspect.Probe()
	if err != nil {
		x.posted.err = err
		return
	}
	x.posted = x.fetch(ctx, http.MethodPost, address+"?"+query.Encode(), body)
}

func (x *examination) fetch(ctx context.Context, method, address string, body []byte) knocked {
	began := x.now()
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return knocked{err: err}
	}
	if body != nil {
		r.Header.Set("Content-Type", "text/xml")
	}
	resp, err := x.site.Do(r)
	if err != nil {
		return knocked{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxKnock))
	return knocked{
		err: err, status: resp.StatusCode, body: string(text), slow: x.now().Sub(began).Seconds(),
	}
}

func lookAtProof(ctx context.Context, x *examination) outcome {
	dir := filepath.Join(x.s.Data, "verify")
	names, err := filepath.Glob(filepath.Join(dir, "*_verify_*.txt"))
	if err != nil || len(names) == 0 {
		return warning("数据文件夹的 verify 里没有文件",
			"要用企业微信登录或网页授权时，从后台下载 WW_verify_….txt，放进 "+dir+"。")
	}
	for _, path := range names {
		name := filepath.Base(path)
		want, err := os.ReadFile(path)
		if err != nil {
			return fault(name+" 读不出来", "检查文件的权限。")
		}
		k := x.fetch(ctx, http.MethodGet, strings.TrimSuffix(x.s.PublicURL, "/")+"/"+url.PathEscape(name), nil)
		if k.err != nil || k.status != http.StatusOK || k.body != string(want) {
			return fault("从对外网址取不到 "+name+"，或者内容不一样",
				"让反向代理把网站根下的 *_verify_*.txt 也转给荣军。")
		}
	}
	return fine("%d 个文件都取得到", len(names))
}

func lookAtSample(_ context.Context, x *examination) outcome {
	switch {
	case x.s.Sample == config.Yes:
		return warning("sample 设成了 true，回答里会有虚构的样例市", "上线前去掉这项设置，或设成 false。")
	case usesSample(x.s) == sampleAlone:
		return fine("还没有接入平台，没有导入名录时用的是样例市；导入或接入后自动停用")
	}
	return fine("没有用样例市")
}

// isTimeout reports whether a request was given up for time.
func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}
