package config

import (
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// value reads and writes one field of Config. set returns what is wrong in Chinese, empty if nothing.
type value struct {
	set     func(string) string
	written func() string
}

func text(p *string) value {
	return value{
		set:     func(s string) string { *p = s; return "" },
		written: func() string { return *p },
	}
}

func secret(p *Secret) value {
	return value{
		set:     func(s string) string { *p = NewSecret(s); return "" },
		written: func() string { return p.String() },
	}
}

func choice(p *Choice) value {
	return value{
		set: func(s string) string {
			switch s {
			case "", "true", "false":
				*p = Choice(s)
				return ""
			}
			return fmt.Sprintf("“%s”不是 true 或 false", s)
		},
		written: func() string { return string(*p) },
	}
}

func duration(p *time.Duration) value {
	return value{
		set: func(s string) string {
			d, err := time.ParseDuration(s)
			if err != nil || d < 0 {
				return fmt.Sprintf("“%s”不是时长，应写成 1500ms、20s 这样", s)
			}
			*p = d
			return ""
		},
		written: func() string { return p.String() },
	}
}

func number(p *int) value {
	return value{
		set: func(s string) string {
			if s == "" {
				*p = 0
				return ""
			}
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return fmt.Sprintf("“%s”不是不小于零的整数", s)
			}
			*p = n
			return ""
		},
		written: func() string {
			if *p == 0 {
				return ""
			}
			return strconv.Itoa(*p)
		},
	}
}

func list(p *[]string) value {
	return value{
		set:     func(s string) string { *p = split(s); return "" },
		written: func() string { return strings.Join(*p, ",") },
	}
}

func numbers(p *[]int) value {
	return value{
		set: func(s string) string {
			*p = nil
			for _, part := range split(s) {
				n, err := strconv.Atoi(part)
				if err != nil {
					return fmt.Sprintf("“%s”不是整数", part)
				}
				*p = append(*p, n)
			}
			return ""
		},
		written: func() string { return strings.Trim(fmt.Sprint(*p), "[]") },
	}
}

func split(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// address is an http or https URL, kept without a slash at its end.
func address(p *string) value {
	return value{
		set: func(s string) string {
			if s != "" {
				u, err := url.Parse(s)
				if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
					return fmt.Sprintf("“%s”不是以 http:// 或 https:// 开头的网址", s)
				}
			}
			*p = strings.TrimRight(s, "/")
			return ""
		},
		written: func() string { return *p },
	}
}

// noHours is how none is written: an empty setting has its default.
const noHours = "none"

// hours is a part of the day, as 22:00-07:30.
func hours(p *Hours) value {
	const clock = "15:04"
	at := func(s string) (time.Duration, error) {
		t, err := time.Parse(clock, strings.TrimSpace(s))
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
	}
	return value{
		set: func(s string) string {
			*p = Hours{}
			if s == noHours {
				return ""
			}
			from, until, _ := strings.Cut(s, "-")
			var faults [2]error
			p.From, faults[0] = at(from)
			p.Until, faults[1] = at(until)
			if faults[0] != nil || faults[1] != nil {
				return fmt.Sprintf("“%s”应写成 22:00-07:30 这样的一段时间，或 none", s)
			}
			return ""
		},
		written: func() string {
			if p.From == p.Until {
				return noHours
			}
			var midnight time.Time
			return midnight.Add(p.From).Format(clock) + "-" + midnight.Add(p.Until).Format(clock)
		},
	}
}

func level(p *slog.Level) value {
	return value{
		set: func(s string) string {
			if err := p.UnmarshalText([]byte(s)); err != nil {
				return fmt.Sprintf("“%s”不是 debug、info、warn 或 error", s)
			}
			return ""
		},
		written: func() string { return strings.ToLower(p.String()) },
	}
}
