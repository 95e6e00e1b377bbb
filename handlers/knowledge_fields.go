package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"rongjun/bot"
	"rongjun/knowledge"
)

// field is one thing that an editor can change of a T: how it is shown, read out and written in.
type field[T any] struct {
	formField
	// lined says that each line of the value is a thing of its own.
	lined bool
	read  func(T) string
	// write takes what was typed, cleaned; the words say what is wrong with it.
	write func(*T, string) (wrong string)
}

// formField is a control of a form.
type formField struct {
	Name  string
	Label string
	Hint  string
	// Kind is "line", "text", "date" or "choice".
	Kind string
	Rows int
	// Options are the choices, Counted the most characters where they are counted as one types.
	Options  []string
	Counted  int
	Required bool
	Max      int
	// Narrow controls stand beside each other.
	Narrow bool
	Value  string
	Wrong  string
}

// The most characters that may be typed into one line and into one text.
const (
	maxLine = 300
	maxArea = 6000
)

// typed is a text field at a place of the T.
func typed[T any](f formField, at func(*T) *string) field[T] {
	if f.Kind == "" {
		f.Kind = "line"
	}
	f.Max = maxLine
	if f.Kind == "text" {
		f.Max = maxArea
	}
	return field[T]{
		formField: f,
		read:      func(v T) string { return *at(&v) },
		write:     func(v *T, s string) string { *at(v) = s; return f.check(s) },
	}
}

func (f formField) check(s string) string {
	switch {
	case f.Required && s == "":
		return "不能空着。"
	case f.Counted > 0 && len([]rune(s)) > f.Counted:
		return fmt.Sprintf("有 %d 个字，最多 %d 个。", len([]rune(s)), f.Counted)
	}
	return ""
}

// linesField is a field of one thing a line.
func linesField[T any](f formField, at func(*T) *[]string) field[T] {
	f.Kind, f.Max = "text", maxArea
	return field[T]{
		formField: f, lined: true,
		read:  func(v T) string { return strings.Join(*at(&v), "\n") },
		write: func(v *T, s string) string { *at(v) = linesOf(s); return f.check(s) },
	}
}

// linesOf are the lines of a text that are not empty.
func linesOf(s string) []string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func dateField[T any](f formField, at func(*T) *knowledge.Date) field[T] {
	f.Kind, f.Max, f.Narrow = "date", len("2024-09-01"), true
	return field[T]{
		formField: f,
		read:      func(v T) string { return at(&v).String() },
		write: func(v *T, s string) string {
			day, err := knowledge.ParseDate(s)
			if err != nil {
				return "日期应写成 2024-09-01 这样。"
			}
			*at(v) = day
			return ""
		},
	}
}

var regionForm = regexp.MustCompile(`^\p{Han}{2,20}(/\p{Han}{2,20}){0,3}$`)

func regionField[T any](f formField, at func(*T) *knowledge.Region) field[T] {
	f.Kind, f.Max, f.Narrow = "line", maxLine, true
	f.Hint = "全国的空着；地方的从省写起，如 浙江省/杭州市。"
	return field[T]{
		formField: f,
		read:      func(v T) string { return string(*at(&v)) },
		write: func(v *T, s string) string {
			if s != "" && !regionForm.MatchString(s) {
				return "地区应从省写起，用 / 隔开，如 浙江省/杭州市。"
			}
			*at(v) = knowledge.Region(s)
			return ""
		},
	}
}

// controls are the fields as a form shows them, with the values of v.
func controls[T any](fields []field[T], v T) []formField {
	out := make([]formField, len(fields))
	for i, f := range fields {
		out[i] = f.formField
		out[i].Value = f.read(v)
	}
	return out
}

// readControls writes what was typed into v. The controls keep it as it was typed, with what is
// wrong; sound reports whether nothing is.
func readControls[T any](
	fields []field[T], v *T, form url.Values,
) (out []formField, sound bool) {
	sound = true
	out = make([]formField, len(fields))
	for i, f := range fields {
		out[i] = f.formField
		out[i].Value = form.Get(f.Name)
		clean := bot.CleanText(out[i].Value, maxField)
		switch {
		case len([]rune(clean)) > f.Max && f.Max > 0:
			out[i].Wrong = fmt.Sprintf("太长了，最多 %d 个字。", f.Max)
		default:
			out[i].Wrong = f.write(v, clean)
		}
		sound = sound && out[i].Wrong == ""
	}
	return out, sound
}

// maxField bounds any field; what is longer than the field's own limit is refused, not cut.
const maxField = 100_000

// change is what differs in one field between two versions.
type change struct {
	Label string
	Spans []span
}

// changes are the fields that differ.
func changes[T any](fields []field[T], before, after T) []change {
	var out []change
	for _, f := range fields {
		old, now := f.read(before), f.read(after)
		if old == now {
			continue
		}
		compare := difference
		if f.lined {
			compare = lineDifference
		}
		out = append(out, change{f.Label, compare(old, now)})
	}
	return out
}
