package wecomtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Member is a member of the corporation with WeCom on the phone: what they write to the app, and
// what the app shows them.
type Member struct {
	s  *Server
	id string
}

// Member returns the member with a userid, and adds them if need be.
func (s *Server) Member(userID string) *Member {
	s.AddMember(userID)
	return &Member{s, userID}
}

// Say writes a text to the app and returns its message id.
func (m *Member) Say(text string) string { return m.write("text", "Content", text) }

// SendMedia sends a picture, a voice or a video by the id of its media; format is that of a voice.
func (m *Member) SendMedia(msgType, mediaID, format string) string {
	fields := []string{"MediaId", mediaID}
	if format != "" {
		fields = append(fields, "Format", format)
	}
	return m.write(msgType, fields...)
}

// SendPlace sends a location.
func (m *Member) SendPlace(latitude, longitude float64, label string) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }
	return m.write("location", "Location_X", number(latitude), "Location_Y", number(longitude),
		"Scale", "15", "Label", label, "AppType", "wxwork")
}

// SendLink shares a page.
func (m *Member) SendLink(title, description, url string) string {
	return m.write("link", "Title", title, "Description", description, "Url", url, "PicUrl", "")
}

func (m *Member) write(msgType string, fields ...string) string {
	id := m.s.number()
	m.s.ring(m.s.AppXML(m.id, msgType, append(fields, "MsgId", id)...))
	return id
}

// Do lets something happen that the platform tells the app as an event, such as enter_agent,
// subscribe or click, with its own elements.
func (m *Member) Do(event, key string, fields ...string) {
	fields = append([]string{"Event", event, "EventKey", key}, fields...)
	m.s.ring(m.s.AppXML(m.id, "event", fields...))
}

// ErrDead says that a button cannot be tapped.
var ErrDead = errors.New("wecomtest: there is no such button, or it is dead")

// Press taps a button of a card by its text. The platform tells the app, with a code for one
// update of the card.
func (m *Member) Press(task, text string) error {
	plain, err := m.press(task, text)
	if err == nil {
		m.s.ring(plain)
	}
	return err
}

func (m *Member) press(task, text string) ([]byte, error) {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	card := m.s.cards.byTask[task]
	if card == nil {
		return nil, ErrDead
	}
	replaced, shown := card.replaced[m.id]
	i := slices.IndexFunc(card.Buttons, func(b CardButton) bool { return b.Text == text && b.Type == 0 })
	if !shown || replaced != "" || i < 0 {
		return nil, ErrDead
	}
	code := m.s.cards.issue(m.s, card)
	return m.s.AppXML(m.id, "event", "Event", "template_card_event",
		"EventKey", card.Buttons[i].Key, "TaskId", task, "CardType", card.Type,
		"ResponseCode", code), nil
}

// Cards are the cards that this member sees, in the order in which they came.
func (m *Member) Cards() []Card {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	return m.cards()
}

func (m *Member) cards() (out []Card) {
	for _, message := range m.s.app {
		if message.Task != "" && slices.Contains(message.To, m.id) {
			out = append(out, m.s.cards.byTask[message.Task].seen(m.id))
		}
	}
	return out
}

// WaitCard returns the member's n-th card, from 1, as soon as it is such as wanted.
func (m *Member) WaitCard(ctx context.Context, n int, wanted func(Card) bool) (Card, error) {
	for {
		m.s.mu.Lock()
		got, news := m.cards(), m.s.appNews
		m.s.mu.Unlock()
		if len(got) >= n && wanted(got[n-1]) {
			return got[n-1], nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return Card{}, fmt.Errorf("wait for a card: %w", ctx.Err())
		}
	}
}

// Texts are the texts that reached this member.
func (m *Member) Texts() []string {
	m.s.mu.Lock()
	defer m.s.mu.Unlock()
	return m.texts()
}

func (m *Member) texts() (out []string) {
	for _, message := range m.s.app {
		if message.Type == "text" && slices.Contains(message.To, m.id) {
			out = append(out, message.Text)
		}
	}
	return out
}

// WaitTexts returns the member's texts as soon as there are at least n.
func (m *Member) WaitTexts(ctx context.Context, n int) ([]string, error) {
	for {
		m.s.mu.Lock()
		got, news := m.texts(), m.s.appNews
		m.s.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return got, fmt.Errorf("wait for texts: %w", ctx.Err())
		}
	}
}

// number is a message id as the app gets it: 63 bits in decimal.
func (s *Server) number() string {
	var data [8]byte
	s.RandomBytes(data[:])
	var n uint64
	for _, b := range data {
		n = n<<8 | uint64(b)
	}
	return strconv.FormatUint(n>>1, 10)
}
