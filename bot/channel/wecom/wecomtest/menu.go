package wecomtest

import "fmt"

// Menu is a message whose lines can be tapped (msgmenu).
type Menu struct {
	Head  string     `json:"head_content,omitempty"`
	Items []MenuItem `json:"list"`
	Tail  string     `json:"tail_content,omitempty"`
}

// MenuItem is one line of a menu; Type says which of the other fields is set.
type MenuItem struct {
	Type  string     `json:"type"`
	Click *MenuClick `json:"click,omitempty"`
	View  *MenuView  `json:"view,omitempty"`
	Mini  *MenuMini  `json:"miniprogram,omitempty"`
	Text  *MenuText  `json:"text,omitempty"`
}

// MenuClick is a line that is said when tapped.
type MenuClick struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

// MenuView is a line that opens a page.
type MenuView struct {
	URL     string `json:"url"`
	Content string `json:"content"`
}

// MenuMini is a line that opens a mini program.
type MenuMini struct {
	AppID   string `json:"appid"`
	Path    string `json:"pagepath"`
	Content string `json:"content"`
}

// MenuText is plain words between the others.
type MenuText struct {
	Content   string `json:"content"`
	NoNewline int    `json:"no_newline"`
}

const (
	maxMenuItems  = 50
	maxTappable   = 10
	maxEventItems = 10
)

// check holds a menu to the documented limits.
func (m *Menu) check() error {
	if m == nil || len(m.Items) == 0 && m.Head == "" && m.Tail == "" {
		return missing("msgmenu")
	}
	if len(m.Items) > maxMenuItems {
		return refuse(codeBadParam, "msgmenu.list exceeds %d items", maxMenuItems)
	}
	tappable := 0
	for i, item := range m.Items {
		if err := item.check(fmt.Sprintf("msgmenu.list[%d]", i)); err != nil {
			return err
		}
		if item.Type != "text" {
			tappable++
		}
	}
	if tappable > maxTappable {
		return refuse(codeBadParam, "msgmenu.list exceeds %d tappable items", maxTappable)
	}
	return first(within("msgmenu.head_content", m.Head, 0, 1024),
		within("msgmenu.tail_content", m.Tail, 0, 1024))
}

func (it MenuItem) check(at string) error {
	switch {
	case it.Type == "click" && it.Click != nil:
		if !made(it.Click.ID, "_") {
			return refuse(codeBadParam, "%s.click.id has characters outside [a-zA-Z0-9_]", at)
		}
		return first(within(at+".click.id", it.Click.ID, 0, 128),
			within(at+".click.content", it.Click.Content, 1, 128))
	case it.Type == "view" && it.View != nil:
		return first(within(at+".view.url", it.View.URL, 1, 2048),
			within(at+".view.content", it.View.Content, 1, 1024))
	case it.Type == "miniprogram" && it.Mini != nil:
		return first(within(at+".miniprogram.appid", it.Mini.AppID, 1, 64),
			within(at+".miniprogram.pagepath", it.Mini.Path, 1, 1024),
			within(at+".miniprogram.content", it.Mini.Content, 1, 1024))
	case it.Type == "text" && it.Text != nil:
		if it.Text.NoNewline < 0 || it.Text.NoNewline > 1 {
			return refuse(codeBadParam, "%s.text.no_newline is neither 0 nor 1", at)
		}
		return within(at+".text.content", it.Text.Content, 1, 256)
	}
	return refuse(codeBadParam, "%s: invalid type", at)
}
