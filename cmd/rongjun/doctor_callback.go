package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// distrusts reports whether a request failed because the certificate is not one that the platform
// would trust.
func distrusts(err error) bool {
	for _, is := range []func(error) bool{
		func(err error) bool { return errors.As(err, new(*tls.CertificateVerificationError)) },
		func(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) },
		func(err error) bool { return errors.As(err, new(x509.HostnameError)) },
		func(err error) bool { return errors.As(err, new(x509.CertificateInvalidError)) },
		func(err error) bool { return errors.As(err, new(tls.RecordHeaderError)) },
	} {
		if is(err) {
			return true
		}
	}
	return false
}

func lookAtCertificate(_ context.Context, x *examination) outcome {
	if !strings.HasPrefix(x.s.PublicURL, "https:") {
		return fine("对外网址不是 https，没有证书可看")
	}
	if distrusts(x.plain.err) {
		return fault("证书过期、不是这个域名的，或者签发机构外面不认",
			"换一张公开机构签发、包含中间证书的证书，再重新载入反向代理。")
	}
	return fine("")
}

func lookAtReachable(_ context.Context, x *examination) outcome {
	const proxy = "反向代理要把 /callback/ 原样转给荣军监听的端口。"
	k := x.plain
	if k.err != nil {
		if dns, ok := errors.AsType[*net.DNSError](k.err); ok {
			return fault("域名 "+dns.Name+" 解析不到", "检查域名和 DNS 记录。")
		}
		if isTimeout(k.err) {
			return fault("6 秒内没有应答", "检查防火墙、安全组和反向代理。"+proxy)
		}
		return fault("连不上", "检查域名指向、防火墙和反向代理是不是在运行。"+proxy)
	}
	switch {
	case k.status >= 300 && k.status < 400:
		return fault(fmt.Sprintf("被转到了别的网址（%d）；企业微信不跟着转", k.status),
			"public_url 直接写最后的网址，反向代理不要再跳转。")
	case k.status == http.StatusNotFound:
		return fault("这个网址上没有企业微信的回调（404）",
			proxy+"也看看运行中的 serve 是不是用了同一份设置。")
	case k.status == http.StatusBadGateway, k.status == http.StatusServiceUnavailable,
		k.status == http.StatusGatewayTimeout:
		return fault(fmt.Sprintf("反向代理说后面没有程序（%d）", k.status), proxy)
	case k.status != http.StatusOK && k.status != http.StatusForbidden:
		return fault(fmt.Sprintf("得到的是 %d", k.status), proxy)
	}
	return fine("")
}

func lookAtKey(_ context.Context, x *examination) outcome {
	if x.plain.status == http.StatusForbidden {
		return fault("运行中的服务用的 Token、EncodingAESKey 或企业ID，和这里的设置不一样",
			"把后台“接收消息”里的 Token 和 EncodingAESKey 原样抄到设置 wecom.token、wecom.aes_key，"+
				"重新启动 serve。")
	}
	return fine("签名和加密都认")
}

func lookAtPlus(_ context.Context, x *examination) outcome {
	if x.plus.status != http.StatusOK {
		return fault("密文里有加号时验证就不通过",
			"反向代理把网址多解码了一次。让它原样转发查询串（nginx：proxy_pass 后面不要带路径和变量）。")
	}
	return fine("")
}

func lookAtAnswer(_ context.Context, x *examination) outcome {
	if got := x.plain.body; got != x.plain.want {
		return fault(fmt.Sprintf("应答应当是 %d 个字节，得到 %d 个：中途被改过", len(x.plain.want), len(got)),
			"关掉反向代理上改写内容、加脚本或换行的功能。")
	}
	return fine("")
}

func lookAtPost(_ context.Context, x *examination) outcome {
	k := x.posted
	switch {
	case k.err != nil:
		return fault("GET 通，POST 送不进来", "检查反向代理或防火墙（WAF）有没有拦下 POST。")
	case k.status != http.StatusOK:
		return fault(fmt.Sprintf("GET 通，POST 得到 %d", k.status),
			"让反向代理和防火墙（WAF）对 /callback/ 放行 POST 和 text/xml，正文至少 256 KB。")
	case k.body != "":
		return fault("应答不是空的：中途被改过", "关掉反向代理上改写内容的功能。")
	}
	return fine("")
}

func lookAtTime(_ context.Context, x *examination) outcome {
	switch {
	case x.plain.slow >= quickCheck:
		return fault(fmt.Sprintf("验证网址用了 %.1f 秒，企业微信只等 1 秒", x.plain.slow),
			"检查这台机器的负荷、反向代理和网络。")
	case x.posted.slow >= quickEvent/2:
		return warning(fmt.Sprintf("收一个事件用了 %.1f 秒，企业微信只等 5 秒", x.posted.slow),
			"检查这台机器的负荷和磁盘。")
	}
	return fine("%.0f 毫秒", 1000*max(x.plain.slow, x.posted.slow))
}
