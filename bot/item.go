package bot

import (
	"fmt"
	"net/url"
)

// Item is something to be opened that a message of ours shows beside its words. Exactly one of its
// fields is set.
type Item struct {
	Place *Location    `json:"place,omitempty"`
	Page  *WebPage     `json:"page,omitempty"`
	Mini  *MiniProgram `json:"mini,omitempty"`
}

// WebPage is a page that anybody can open.
type WebPage struct {
	Title string `json:"title"`
	Note  string `json:"note,omitempty"`
	URL   string `json:"url"`
}

// MiniProgram is a page of a WeChat mini-program.
type MiniProgram struct {
	AppID string `json:"app_id"`
	// Path ends in .html, as the platforms want it.
	Path  string `json:"path"`
	Title string `json:"title"`
}

// Words are the item as text: what staff read of it, and what is said where it cannot be shown as
// what it is.
func (i Item) Words() string {
	switch {
	case i.Place != nil:
		return joinWords("〔位置〕"+i.Place.Name, i.Place.Address)
	case i.Page != nil:
		return joinWords(i.Page.Title, i.Page.URL)
	case i.Mini != nil:
		return "〔小程序〕" + i.Mini.Title
	}
	return ""
}

func joinWords(first, second string) string {
	if second == "" {
		return first
	}
	return first + "\n" + second
}

// MapLink is a page that shows a place on the map, for who cannot be shown the place itself. The
// platforms' own map reads the same datum as their messages.
func (l Location) MapLink() string {
	marker := fmt.Sprintf("coord:%.6f,%.6f;title:%s;addr:%s", l.Latitude, l.Longitude,
		l.Name, l.Address)
	query := url.Values{"marker": {marker}, "referer": {"rongjun"}}
	return "https://apis.map.qq.com/uri/v1/marker?" + query.Encode()
}

// addItems makes each item a message of its own, as many as the platform takes and there is room for.
// What else is to be opened is written below the last text; a place stands in the words already.
func (l Limits) addItems(parts []Reply, items []Item, most int) []Reply {
	if len(parts) == 0 {
		return parts
	}
	var own []Reply
	for _, item := range items {
		if len(own) < l.Items && len(parts)+len(own) < most {
			own = append(own, Reply{Text: item.Words(), Items: []Item{item}})
			continue
		}
		last := &parts[len(parts)-1]
		longer := *last
		longer.Text = joinWords(last.Text, item.Words())
		if item.Place == nil && len(longer.Written()) <= l.room(longer) {
			*last = longer
		}
	}
	return append(parts, own...)
}

// room is how long the text of a message may be.
func (l Limits) room(r Reply) int {
	if len(r.Choices) > 0 {
		return l.Head
	}
	return l.Text
}
