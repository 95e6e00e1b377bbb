package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"rongjun/bot"
)

const (
	lockByAddress = lockConversations +
		"WHERE a.channel = ? AND a.name = ? AND p.external_id = ?"
	findAccount = "SELECT id FROM accounts WHERE channel = ? AND name = ?"
	// lockAllByAddress is for PostgreSQL. It locks in the order of the ids, and nothing while some of
	// the conversations are not there yet. LIMIT and OFFSET 0 are explained at storeWords.
	lockAllByAddress = `WITH wanted AS MATERIALIZED (SELECT c.id
			FROM unnest(?::text[], ?::text[], ?::text[]) AS v(channel, name, external_id),
			LATERAL (SELECT id FROM accounts WHERE channel = v.channel AND name = v.name LIMIT 1) AS a,
			LATERAL (SELECT id FROM contacts
				WHERE account = a.id AND external_id = v.external_id LIMIT 1) AS p,
			LATERAL (SELECT id FROM conversations WHERE contact = p.id LIMIT 1) AS c)
		SELECT {clock} AS clock, ` + conversationColumns + `
		FROM conversations AS c,
			LATERAL (SELECT * FROM contacts WHERE id = c.contact OFFSET 0) AS p,
			LATERAL (SELECT * FROM accounts WHERE id = p.account OFFSET 0) AS a
		WHERE c.id = ANY (ARRAY(SELECT id FROM wanted))
			AND (SELECT count(*) FROM wanted) = ?::bigint ORDER BY c.id {lock}`
)

// makeContacts and makeFirst make what is missing. Somebody else may make the same just now; then they
// wait for that commit, and pass it over.
var (
	makeContacts = rowsQuery{
		text: `INSERT INTO contacts (account, external_id, created)
			SELECT v.account, v.external_id, v.created FROM {rows}
			WHERE (SELECT 1 FROM contacts AS p
				WHERE p.account = v.account AND p.external_id = v.external_id LIMIT 1) IS NULL
			ORDER BY place ON CONFLICT (account, external_id) DO NOTHING`,
		columns: contactColumns,
	}
	makeFirst = rowsQuery{
		text: `INSERT INTO conversations (contact, changed)
			SELECT p.id, p.changed FROM (SELECT place, v.created AS changed,
				(SELECT p.id FROM contacts AS p
					WHERE p.account = v.account AND p.external_id = v.external_id LIMIT 1) AS id
				FROM {rows}) AS p
			WHERE (SELECT 1 FROM conversations AS c WHERE c.contact = p.id LIMIT 1) IS NULL
			ORDER BY place ON CONFLICT (contact) DO NOTHING`,
		columns: contactColumns,
	}
	contactColumns = []column{{"account", "bigint"}, {"external_id", "text"}, {"created", "bigint"}}
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
	if err == nil && len(found) < len(wanted) {
		if err := in.makeAll(ctx, wanted); err != nil {
			return err
		}
		found, err = find(ctx, wanted)
	}
	if err == nil && len(found) < len(wanted) {
		err = fmt.Errorf("%d of %d conversations are there", len(found), len(wanted))
	}
	if err != nil {
		return err
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

// makeAll makes the conversations that are missing.
func (in *inbox) makeAll(ctx context.Context, wanted []bot.Address) error {
	if err := in.readClock(ctx); err != nil {
		return err
	}
	var rows [][]any
	var account int64
	for i, a := range wanted {
		if i == 0 || a.Channel != wanted[i-1].Channel || a.Account != wanted[i-1].Account {
			var err error
			if account, err = in.account(ctx, a.Channel, a.Account); err != nil {
				return err
			}
		}
		rows = append(rows, []any{account, a.ExternalID, in.now})
	}
	if err := in.execRows(ctx, makeContacts, rows); err != nil {
		return err
	}
	return in.execRows(ctx, makeFirst, rows)
}

func compareAddresses(a, b bot.Address) int {
	return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.ExternalID, b.ExternalID))
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
