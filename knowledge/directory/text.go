package directory

import (
	"fmt"
	"strings"

	"rongjun/knowledge"
)

const (
	sampleMark  = "【样例】"
	notRecorded = "没有登记"
)

// lines builds a record's text; an empty optional line is left out.
type lines struct{ strings.Builder }

func (l *lines) head(o Origin, name string, kind Kind) {
	if o.Sample {
		l.WriteString(sampleMark)
	}
	fmt.Fprintf(l, "%s（%s）", name, kind)
}

func (l *lines) add(label, value string) {
	if value != "" {
		fmt.Fprintf(l, "\n%s：%s", label, value)
	}
}

// known writes the line in any case, so that a missing address or phone is said and not invented.
func (l *lines) known(label, value string) {
	if value == "" {
		value = notRecorded
	}
	l.add(label, value)
}

func (l *lines) origin(o Origin) {
	if o.Sample {
		l.add("说明", "这是样例记录，不是真实的地方")
		return
	}
	if !o.Checked.IsZero() {
		l.add("核对日期", o.Checked.Chinese())
	}
	l.add("来源", o.Source)
}

// Text implements Record.
func (p Place) Text() string {
	var l lines
	l.head(p.Origin, p.Name, p.Kind)
	l.add("地区", plainRegion(p.Region))
	l.known("地址", p.Address)
	l.known("时间", p.Hours)
	l.known("电话", p.Phone)
	l.add("办理", strings.Join(p.Matters, "、"))
	l.origin(p.Origin)
	return l.String()
}

// Text implements Record.
func (f Fair) Text() string {
	var l lines
	l.head(f.Origin, f.Name, JobFair)
	l.add("时间", f.When())
	l.known("地点", strings.TrimSpace(f.Venue+" "+f.Address))
	l.add("地区", plainRegion(f.Region))
	l.add("岗位", f.posts())
	l.origin(f.Origin)
	return l.String()
}

// mostPosts is how many posts the text of a fair names; a reply is read on a phone.
const mostPosts = 12

func (f Fair) posts() string {
	var posts []string
	for _, p := range f.Posts[:min(mostPosts, len(f.Posts))] {
		posts = append(posts, p.Text())
	}
	said := strings.Join(posts, "；")
	if len(f.Posts) > mostPosts {
		said += fmt.Sprintf("；共有%d个岗位，这里只列前%d个", len(f.Posts), mostPosts)
	}
	return said
}

// When is the fair's day and time as people say it: 2026年11月28日（周六）9:00至16:00.
func (f Fair) When() string {
	when := f.Day.Chinese() + "（" + weekdayName(f.Day) + "）" + f.From
	if f.To != "" {
		when += "至" + f.To
	}
	return when
}

// Text is the post in one line.
func (p Post) Text() string {
	parts := []string{p.Title}
	if p.Openings > 0 {
		parts = append(parts, fmt.Sprintf("%d人", p.Openings))
	}
	for _, part := range []string{p.Employer, p.Pay, p.Needs} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "，")
}

// Text implements Record.
func (o Offer) Text() string {
	var l lines
	l.head(o.Origin, o.Name, Discount)
	l.add("商家", o.Merchant)
	l.known("地址", o.Address)
	l.add("内容", o.What)
	l.add("对象", o.Whom)
	if !o.From.IsZero() {
		l.add("开始日期", o.From.Chinese())
	}
	if !o.To.IsZero() {
		l.add("有效期至", o.To.Chinese())
	}
	l.origin(o.Origin)
	return l.String()
}

func plainRegion(r knowledge.Region) string { return strings.Join(r.Names(), "") }

func weekdayName(d knowledge.Date) string {
	return "周" + string([]rune("日一二三四五六")[d.Time().Weekday()])
}
