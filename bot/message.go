package bot

import (
	"time"

	"rongjun/knowledge"
)

// From says who wrote a message.
type From string

// The writers of messages.
const (
	FromContact From = "contact"
	FromBot     From = "bot"
	FromStaff   From = "staff"
	FromSystem  From = "system"
)

// Kind says what a message is.
type Kind string

// The kinds of messages that this program understands; all others are KindUnknown and kept raw.
const (
	KindText Kind = "text"
	KindTap  Kind = "tap"
	// KindImage, KindVoice, KindVideo and KindFile have Media. The text of a voice message is what
	// was heard in it, once that is known.
	KindImage Kind = "image"
	KindVoice Kind = "voice"
	KindVideo Kind = "video"
	KindFile  Kind = "file"
	// KindLocation has a Location.
	KindLocation Kind = "location"
	// KindLink is a page that the contact passes on, KindCard anything else that is passed on: a
	// mini-program, a business card, a product.
	KindLink Kind = "link"
	KindCard Kind = "card"
	// KindNotice is what the platform says in place of a message that it would not carry.
	KindNotice Kind = "notice"
	// KindEvent is no message: something happened, which staff may see and nobody answers.
	KindEvent Kind = "event"
	// KindAct is no message either: something that is to be done on the platform, in its place among
	// the messages. The contact does not see it.
	KindAct     Kind = "act"
	KindUnknown Kind = "unknown"
)

// MessageState is how far a message has come. The database checks that no other occurs.
type MessageState string

// The states of messages of contacts, then those of ours.
const (
	// MessageReceived: waits for a turn.
	MessageReceived MessageState = "received"
	// MessageHandled: belongs to a finished turn, or was left to a person.
	MessageHandled MessageState = "handled"
	// MessageHistory: stored, never answered.
	MessageHistory MessageState = "history"
	// MessageRecalled: taken back by the contact.
	MessageRecalled MessageState = "recalled"

	// MessagePending: waits to be sent.
	MessagePending MessageState = "pending"
	// MessageSending: claimed; the request may be under way.
	MessageSending MessageState = "sending"
	// MessageSent: accepted by the platform.
	MessageSent MessageState = "sent"
	// MessageParked: waits for the contact to write, since the platform's window or budget is closed.
	MessageParked MessageState = "parked"
	// MessageUnclear: may have arrived; not sent again by itself.
	MessageUnclear MessageState = "unclear"
	// MessageFailed: refused for good.
	MessageFailed MessageState = "failed"
	// MessageWithdrawn: never sent, since it was no longer wanted.
	MessageWithdrawn MessageState = "withdrawn"
	// MessageExpired: not sent within the time that the platform gives for it.
	MessageExpired MessageState = "expired"
)

// MediaState is how far the media of a message have come. The database checks that no other occurs.
type MediaState string

// The states of media.
const (
	// MediaWanted: to be fetched.
	MediaWanted MediaState = "wanted"
	// MediaKept: on our disk.
	MediaKept MediaState = "kept"
	// MediaFailed: will not be had.
	MediaFailed MediaState = "failed"
	// MediaExpired: was kept and has been deleted after its time.
	MediaExpired MediaState = "expired"
)

// Media is what is seen or heard in a message.
type Media struct {
	State MediaState
	// Ref is the platform's id of it.
	Ref string
	// Hash names the content once it is kept.
	Hash string
	// Type is the media type, Name the file's name where it has one, Size its length in bytes.
	Type string
	Name string
	Size int64
	// Reason says why it failed, for staff.
	Reason string
}

// Source is a text that a reply rests on, as it is shown.
type Source struct {
	// Title is the full title of the enactment, in its quotation marks.
	Title string `json:"title"`
	// Article is the article's name, 第二十二条, empty for texts without articles.
	Article string `json:"article"`
	// InForce says since when the text is in force, 2024年9月1日起施行; empty where not known.
	InForce string `json:"in_force"`
	// Cite is what the source was made of.
	Cite knowledge.Citation `json:"cite"`
}

// Line is the source as one line of text: 《退役军人安置条例》第二十二条（2024年9月1日起施行）.
func (s Source) Line() string {
	line := s.Title + s.Article
	if s.InForce != "" {
		line += "（" + s.InForce + "）"
	}
	return line
}

// Choice is a reply that the contact can tap.
type Choice struct {
	// ID is unguessable and unique, in digits; a tap is believed only if its
	// ID was offered in the same conversation.
	ID   string `json:"id"`
	Text string `json:"text"`
	// Act is what the tap means to the answerer, such as "entry:lump-sum-pay" or "handover".
	Act string `json:"act"`
}

// Message is one line of the transcript. The unfinished ends of the transcript are the inbox and the
// outbox.
type Message struct {
	ID           int64
	Conversation int64
	From         From
	// Author is the name of the member of staff who wrote it, for FromStaff; what was written in the
	// platform's own client has the platform's id of them.
	Author string
	Kind   Kind
	Text   string
	// Act is what a tapped choice means; empty for a tap on something that was not offered here.
	Act string
	// PlatformID is the platform's id of a message received, or our own id of a message to send,
	// which is the platform's idempotency key.
	PlatformID string
	State      MessageState
	// Note tells staff what is special about the outcome.
	Note string
	// At is when it was written, by the platform's clock where there is one.
	At time.Time
	// Turn is the finished turn the message belongs to, 0 for none; Part its place in the reply, from 1.
	Turn    int64
	Part    int
	Sources []Source
	Choices []Choice
	Items   []Item
	// Media and Location are set for the kinds that have them.
	Media    *Media
	Location *Location
	// Shown is the message's place among what the contact can see, from 1; 0 while invisible. It grows
	// in the order in which messages became visible, so it can resume a stream.
	Shown int64
}

// Words are what the contact or we said in words: nothing for a picture or a card, and for a
// recording what was heard in it.
func (m Message) Words() string {
	switch m.Kind {
	case KindText, KindTap, KindVoice, "":
		return m.Text
	}
	return ""
}
