package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"rongjun/bot"
)

// Receive implements bot.InboxStore.
func (s *Store) Receive(
	ctx context.Context, arrivals []bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	r := &receipt{arrivals: arrivals, pacing: p}
	if !s.engine.postgres {
		return s.receiveTogether(ctx, r)
	}
	if err := s.receiveAll(ctx, []*receipt{r}); err != nil {
		return nil, err
	}
	return r.accepted, nil
}

const (
	lockByAddress = selectConversations +
		"WHERE a.channel = ? AND a.name = ? AND p.external_id = ?"
	insertReceived = `INSERT INTO messages (conversation, sender, kind, text, act, raw,
		account, platform_id, state, at, arrived, prompt, urgent, shown)
		VALUES (?, 'contact', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING id`
	letGoParked = `UPDATE messages SET state = 'pending', next_at = ?
		WHERE conversation = ? AND state = 'parked' AND ` + unfinished
)

// inbox is what one transaction receives, with the conversations it came to.
type inbox struct {
	*work
	conversations map[bot.Address]*conversationRow
	// wrote and recalled are the conversations in which something new came.
	wrote, recalled map[int64]bool
}

func (w *work) receive(
	ctx context.Context, arrivals []bot.Arrival, p bot.Pacing,
) ([]bot.Accepted, error) {
	in := &inbox{work: w, wrote: make(map[int64]bool), recalled: make(map[int64]bool)}
	arrivals = slices.Clone(arrivals)
	for i, a := range arrivals {
		a.Address = plainAddress(a.Address)
		if plain(a.PlatformID) == "" || a.ExternalID == "" || a.Channel == "" {
			return nil, fmt.Errorf("arrival without an id or address: %w", bot.ErrInvalid)
		}
		arrivals[i] = a
	}
	if err := in.lockAll(ctx, arrivals); err != nil {
		return nil, err
	}
	out := make([]bot.Accepted, len(arrivals))
	for i, a := range arrivals {
		take := in.message
		if a.Recalls != "" {
			take = in.recall
		}
		accepted, err := take(ctx, a)
		if err != nil {
			return nil, err
		}
		out[i] = accepted
	}
	return out, in.settle(ctx, p)
}

// lockAll finds or makes the conversations and locks them in the order of their ids, so that two
// transactions can never wait for each other.
func (in *inbox) lockAll(ctx context.Context, arrivals []bot.Arrival) error {
	in.conversations = make(map[bot.Address]*conversationRow)
	for _, a := range arrivals {
		in.conversations[a.Address] = nil
	}
	if len(in.conversations) == 1 {
		return in.lockOne(ctx, arrivals[0].Address)
	}
	ids := make(map[bot.Address]int64, len(in.conversations))
	for _, a := range slices.SortedFunc(maps.Keys(in.conversations), compareAddresses) {
		id, err := in.conversationID(ctx, a)
		if err != nil {
			return err
		}
		ids[a] = id
	}
	byID := slices.SortedFunc(maps.Keys(ids), func(a, b bot.Address) int {
		return cmp.Compare(ids[a], ids[b])
	})
	for _, a := range byID {
		r, err := in.lock(ctx, ids[a])
		if err != nil {
			return err
		}
		in.conversations[a] = r
	}
	return nil
}

// lockOne is the usual case of a single conversation, which mostly is there.
func (in *inbox) lockOne(ctx context.Context, a bot.Address) error {
	var rows []conversationRow
	err := in.list(ctx, &rows, lockByAddress+in.engine.lock,
		a.Channel, a.Account, a.ExternalID)
	if err != nil {
		return err
	}
	if len(rows) == 1 {
		in.conversations[a] = &rows[0]
		return nil
	}
	id, err := in.makeConversation(ctx, a)
	if err != nil {
		return err
	}
	in.conversations[a], err = in.lock(ctx, id)
	return err
}

func compareAddresses(a, b bot.Address) int {
	return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.ExternalID, b.ExternalID))
}

func (in *inbox) conversationID(ctx context.Context, a bot.Address) (int64, error) {
	var ids []int64
	err := in.scan(ctx, &ids, `SELECT c.id FROM conversations AS c
		JOIN contacts AS p ON p.id = c.contact JOIN accounts AS a ON a.id = p.account
		WHERE a.channel = ? AND a.name = ? AND p.external_id = ?`,
		a.Channel, a.Account, a.ExternalID)
	if err != nil {
		return 0, err
	}
	if len(ids) == 1 {
		return ids[0], nil
	}
	return in.makeConversation(ctx, a)
}

// makeConversation makes what is missing of account, contact and conversation. Somebody else may do
// the same just now; then this waits for their commit and finds theirs.
func (in *inbox) makeConversation(ctx context.Context, a bot.Address) (int64, error) {
	account, err := in.account(ctx, a.Channel, a.Account)
	if err != nil {
		return 0, err
	}
	err = in.exec(ctx, `INSERT INTO contacts (account, external_id, created) VALUES (?, ?, ?)
		ON CONFLICT (account, external_id) DO NOTHING`, account, a.ExternalID, in.now)
	if err != nil {
		return 0, err
	}
	var contact int64
	err = in.scan(ctx, &contact, "SELECT id FROM contacts WHERE account = ? AND external_id = ?",
		account, a.ExternalID)
	if err != nil {
		return 0, err
	}
	err = in.exec(ctx, `INSERT INTO conversations (contact, changed) VALUES (?, ?)
		ON CONFLICT (contact) DO NOTHING`, contact, in.now)
	if err != nil {
		return 0, err
	}
	var id int64
	err = in.scan(ctx, &id, "SELECT id FROM conversations WHERE contact = ?", contact)
	return id, err
}

// account finds or makes one of our accounts.
func (w *work) account(ctx context.Context, channel, name string) (int64, error) {
	err := w.exec(ctx, `INSERT INTO accounts (channel, name) VALUES (?, ?)
		ON CONFLICT (channel, name) DO NOTHING`, channel, name)
	if err != nil {
		return 0, err
	}
	var id int64
	err = w.scan(ctx, &id, "SELECT id FROM accounts WHERE channel = ? AND name = ?", channel, name)
	return id, err
}

// message stores one message. One that was stored before changes nothing.
func (in *inbox) message(ctx context.Context, a bot.Arrival) (bot.Accepted, error) {
	c := in.conversations[a.Address]
	row := messageRow{
		Conversation: c.ID, Sender: bot.FromContact,
		Kind: cmp.Or(a.Kind, bot.KindUnknown), Text: a.Text, Raw: a.Raw,
		Account: c.Account, PlatformID: a.PlatformID, State: bot.MessageReceived,
		At: cmp.Or(stampOf(a.At), in.now), Arrived: in.now, Prompt: a.Prompt, Urgent: a.Urgent,
		Shown: c.Shown + 1,
	}
	if a.History {
		row.State = bot.MessageHistory
	}
	if err := in.lookUpChoice(ctx, a, &row); err != nil {
		return bot.Accepted{}, err
	}
	if err := in.recalledBefore(ctx, &row); err != nil {
		return bot.Accepted{}, err
	}
	isNew, err := in.insert(ctx, &row)
	if err != nil {
		return bot.Accepted{}, err
	}
	accepted := bot.Accepted{Message: row.ID, Conversation: row.Conversation, New: isNew}
	if !isNew {
		return accepted, nil
	}
	c.Shown++
	in.recalled[c.ID] = true
	if row.State == bot.MessageReceived {
		in.wrote[c.ID] = true
		in.waits(c, &row)
	}
	return accepted, nil
}

// waits adds a message to those that wait for a turn.
func (in *inbox) waits(c *conversationRow, row *messageRow) {
	if c.UnreadLast == 0 {
		c.UnreadFirst = row.Arrived
	}
	c.UnreadLast = row.Arrived
	c.UnreadPrompt = c.UnreadPrompt || row.Prompt
	c.UnreadUrgent = c.UnreadUrgent || row.Urgent
}

func (in *inbox) insert(ctx context.Context, row *messageRow) (isNew bool, err error) {
	var ids []int64
	err = in.list(ctx, &ids, insertReceived,
		row.Conversation, row.Kind, row.Text, row.Act, row.Raw,
		row.Account, row.PlatformID, row.State, row.At, row.Arrived, row.Prompt, row.Urgent,
		row.Shown)
	if err != nil {
		return false, err
	}
	if len(ids) == 1 {
		row.ID = ids[0]
		return true, nil
	}
	var known struct{ ID, Conversation int64 }
	err = in.scan(ctx, &known, `SELECT id, conversation FROM messages
		WHERE account = ? AND platform_id = ?`, row.Account, row.PlatformID)
	row.ID, row.Conversation = known.ID, known.Conversation
	return false, err
}

// lookUpChoice believes a tap only if the choice was offered in this conversation.
func (in *inbox) lookUpChoice(ctx context.Context, a bot.Arrival, row *messageRow) error {
	if a.Kind != bot.KindTap || a.ChoiceID == "" {
		return nil
	}
	var offered []struct{ Text, Act string }
	err := in.scan(ctx, &offered, "SELECT text, act FROM choices WHERE id = ? AND conversation = ?",
		a.ChoiceID, row.Conversation)
	if err != nil || len(offered) == 0 {
		return err
	}
	row.Act = offered[0].Act
	row.Text = cmp.Or(row.Text, offered[0].Text)
	return nil
}

// settle does what follows from the arrivals in each conversation.
func (in *inbox) settle(ctx context.Context, p bot.Pacing) error {
	for _, c := range in.conversations {
		if !in.wrote[c.ID] && !in.recalled[c.ID] {
			continue
		}
		if in.wrote[c.ID] {
			if err := in.contactWrote(ctx, c); err != nil {
				return err
			}
		}
		if err := in.setTurn(ctx, c, p); err != nil {
			return err
		}
		if err := in.save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// contactWrote opens a closed conversation and lets go what the platform held back until now.
func (in *inbox) contactWrote(ctx context.Context, c *conversationRow) error {
	if err := in.apply(c, bot.Event{Kind: bot.EventContactWrote}); err != nil {
		return err
	}
	return in.exec(ctx, letGoParked, in.now, c.ID)
}
