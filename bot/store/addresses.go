package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"rongjun/bot"
)

const lockByAddress = selectConversations +
	"WHERE a.channel = ? AND a.name = ? AND p.external_id = ?"

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
