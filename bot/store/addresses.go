package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"rongjun/bot"
)

const (
	lockByAddress = lockConversations +
		"WHERE a.channel = ? AND a.name = ? AND p.external_id = ?"
	idByAddress = `SELECT c.id FROM conversations AS c
		JOIN contacts AS p ON p.id = c.contact JOIN accounts AS a ON a.id = p.account
		WHERE a.channel = ? AND a.name = ? AND p.external_id = ?`
	findAccount = "SELECT id FROM accounts WHERE channel = ? AND name = ?"
	makeContact = `INSERT INTO contacts (account, external_id, created) VALUES (?, ?, ?)
		ON CONFLICT (account, external_id) DO NOTHING`
	findContact = "SELECT id FROM contacts WHERE account = ? AND external_id = ?"
	makeFirst   = `INSERT INTO conversations (contact, changed) VALUES (?, ?)
		ON CONFLICT (contact) DO NOTHING`
	findFirst = "SELECT id FROM conversations WHERE contact = ?"
	// lockAllByAddress is for PostgreSQL. It locks in the order of the ids, and nothing while some of
	// the conversations are not there yet.
	lockAllByAddress = `WITH wanted AS MATERIALIZED (SELECT c.id
			FROM unnest(?::text[], ?::text[], ?::text[]) AS v(channel, name, external_id)
			JOIN accounts AS a ON a.channel = v.channel AND a.name = v.name
			JOIN contacts AS p ON p.account = a.id AND p.external_id = v.external_id
			JOIN conversations AS c ON c.contact = p.id) ` +
		lockConversations + `WHERE c.id = ANY (ARRAY(SELECT id FROM wanted))
			AND (SELECT count(*) FROM wanted) = ?::bigint ORDER BY c.id {lock}`
)

// lockAll finds or makes the conversations and locks them in the order of their ids, so that two
// transactions can never wait for each other. Nothing is made while something is locked.
func (in *inbox) lockAll(ctx context.Context, arrivals []bot.Arrival) error {
	in.conversations = make(map[bot.Address]*conversationRow)
	for _, a := range arrivals {
		in.conversations[a.Address] = nil
	}
	wanted := slices.SortedFunc(maps.Keys(in.conversations), compareAddresses)
	find := in.findOneByOne
	if in.engine.postgres {
		find = in.findAll
	}
	found, err := find(ctx, wanted)
	if err != nil {
		return err
	}
	if len(found) < len(wanted) {
		return in.makeAndLock(ctx, wanted)
	}
	for i := range found {
		in.conversations[found[i].address()] = &found[i]
		in.now = cmp.Or(in.now, found[i].Clock)
	}
	return nil
}

// findAll locks all of the conversations, or none if one is missing.
func (in *inbox) findAll(ctx context.Context, wanted []bot.Address) ([]conversationRow, error) {
	var channels, accounts, externalIDs []string
	for _, a := range wanted {
		channels = append(channels, a.Channel)
		accounts = append(accounts, a.Account)
		externalIDs = append(externalIDs, a.ExternalID)
	}
	var rows []conversationRow
	err := in.list(ctx, &rows, lockAllByAddress,
		channels, accounts, externalIDs, len(wanted))
	return rows, err
}

// findOneByOne is for SQLite, where a transaction that writes is alone.
func (in *inbox) findOneByOne(
	ctx context.Context, wanted []bot.Address,
) ([]conversationRow, error) {
	var all []conversationRow
	for _, a := range wanted {
		var rows []conversationRow
		err := in.list(ctx, &rows, lockByAddress, a.Channel, a.Account, a.ExternalID)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// makeAndLock makes the conversations that are missing, then locks all.
func (in *inbox) makeAndLock(ctx context.Context, wanted []bot.Address) error {
	if err := in.readClock(ctx); err != nil {
		return err
	}
	ids := make(map[bot.Address]int64, len(wanted))
	for _, a := range wanted {
		id, err := in.conversationID(ctx, a)
		if err != nil {
			return err
		}
		ids[a] = id
	}
	slices.SortFunc(wanted, func(a, b bot.Address) int { return cmp.Compare(ids[a], ids[b]) })
	for _, a := range wanted {
		r, err := in.lock(ctx, ids[a])
		if err != nil {
			return err
		}
		in.conversations[a] = r
	}
	return nil
}

func compareAddresses(a, b bot.Address) int {
	return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.ExternalID, b.ExternalID))
}

func (in *inbox) conversationID(ctx context.Context, a bot.Address) (int64, error) {
	var ids []int64
	err := in.list(ctx, &ids, idByAddress, a.Channel, a.Account, a.ExternalID)
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
	if err := in.exec(ctx, makeContact, account, a.ExternalID, in.now); err != nil {
		return 0, err
	}
	var contacts, conversations []int64
	if err := in.list(ctx, &contacts, findContact, account, a.ExternalID); err != nil {
		return 0, err
	}
	if err := in.exec(ctx, makeFirst, contacts[0], in.now); err != nil { // it is there, whoever made it
		return 0, err
	}
	if err := in.list(ctx, &conversations, findFirst, contacts[0]); err != nil {
		return 0, err
	}
	return conversations[0], nil
}

// account finds or makes one of our accounts.
func (w *work) account(ctx context.Context, channel, name string) (int64, error) {
	var ids []int64
	err := w.list(ctx, &ids, findAccount, channel, name)
	if err != nil || len(ids) > 0 {
		return append(ids, 0)[0], err
	}
	err = w.exec(ctx, `INSERT INTO accounts (channel, name) VALUES (?, ?)
		ON CONFLICT (channel, name) DO NOTHING`, channel, name)
	if err != nil {
		return 0, err
	}
	if err := w.list(ctx, &ids, findAccount, channel, name); err != nil {
		return 0, err
	}
	return ids[0], nil // it is there now, whoever made it
}
