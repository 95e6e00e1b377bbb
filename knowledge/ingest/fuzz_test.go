package ingest

import (
	"bytes"
	"context"
	"testing"
	"unicode/utf8"

	"rongjun/knowledge"
)

func FuzzDaysAreDaysOfTheCalendar(f *testing.F) {
	f.Add("自2024年9月1日起施行")
	f.Add("二〇二四年二月三十日，《2020年1月1日》二○一一年十月二十九日")
	f.Add("1999年 12月 31日 ２０２４年１月１日")
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range daysIn(text) {
			if d.day != knowledge.DateOf(d.day.Time()) || d.day.Year < 1900 || d.day.Year > 2199 {
				t.Errorf("%q: no such day %s", text, d.day)
			}
			if d.start < 0 || d.end > len(text) || !utf8.ValidString(text[d.start:d.end]) {
				t.Errorf("%q: found at %d to %d", text, d.start, d.end)
			}
		}
		h := readHistory([]string{text})
		if h.latest.Before(h.first) {
			t.Errorf("%q: history runs from %s to %s", text, h.first, h.latest)
		}
		e := readEnding([]knowledge.Clause{{Text: text}})
		if !e.effective.IsZero() && !e.repealed.IsZero() && !e.effective.Before(e.repealed) {
			t.Errorf("%q: holds from %s until %s", text, e.effective, e.repealed)
		}
	})
}

// FuzzAnyFileIsADocumentOrAFault reads any bytes under any name: never a panic, and what is read
// makes passages that have names of their own.
func FuzzAnyFileIsADocumentOrAFault(f *testing.F) {
	f.Add("办法(2024,已被2025修订取代).md", []byte(smallStatute))
	f.Add("a.txt", []byte("通知\n一、对象。凡是。\n2024年1月1日"))
	f.Add("b.html", []byte("<title>x</title><table><tr><td>一</td></tr></table><p>第一条 文"))
	f.Add("c.md", []byte("---\ntitle: 甲\neffective: 2024-01-01\n---\n**乙**\n"+
		"> （2024年1月1日通过）\n- **第一条**　　文"))
	f.Add("机构.csv", []byte("类别,名称,地区,纬度,经度,电话,日期\n服务站,甲站,甲省/乙市,30,120,110,\n"+
		"招聘会,\"乙\n会\",甲省,,,,2026-11-28\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if bytes.Contains(data, []byte("%PDF-")) {
			t.Skip("starting the thorough reader again and again takes too long")
		}
		r := New(Options{MaxBytes: 1 << 16})
		s, err := r.parse(context.Background(), name, data)
		if err != nil {
			return
		}
		d, err := build(name, s, r.opts)
		if err != nil {
			return
		}
		ids := make(map[string]bool)
		for _, p := range d.Passages(knowledge.LongArticle) {
			if ids[p.ID] || p.Text == "" || !utf8.ValidString(p.Text) {
				t.Errorf("passage %q of %q", p.ID, p.Text)
			}
			ids[p.ID] = true
		}
		settled := knowledge.Settle([]knowledge.Document{d}, nil)
		knowledge.Review(settled, knowledge.Date{Year: 2026, Month: 1, Day: 1}, 30)
	})
}
