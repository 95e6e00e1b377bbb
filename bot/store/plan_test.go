package store

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var argument = regexp.MustCompile(`\?\d?`)

// TestUnfinishedWorkIsFoundByIndex holds that looking for work does not read the whole transcript.
func TestUnfinishedWorkIsFoundByIndex(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir()})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	for name, query := range map[string]string{
		"claim turn": lookForTurn.due,
		"next turn":  lookForTurn.next,
		"claim send": lookForSend.due,
		"send":       sendDue,
		"next send":  lookForSend.next,
		"claim due":  lookForDue.due,
		"rescue": "SELECT DISTINCT m.conversation FROM messages AS m" +
			" WHERE m.state = 'sending' AND m." + unfinished + " AND NOT " + s.engine.live("m", 1),
		"withdraw": "SELECT id FROM messages WHERE state IN ('pending', 'parked') AND " + unfinished,
		"unread":   unreadNow,
		"waiting":  selectConversations + "WHERE c.waiting_since > 0 ORDER BY c.waiting_since, c.id",
		"latest": selectConversations +
			"WHERE c.waiting_since = 0 ORDER BY c.changed DESC, c.id DESC",
		"recent turns": "SELECT ended FROM turns WHERE conversation = 1 ORDER BY id DESC",
		"visible": "SELECT id FROM messages WHERE conversation = 1" +
			" AND shown > 0 AND shown > 5 ORDER BY shown",
	} {
		var plan []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		require.NoError(t, s.read().scan(t.Context(), &plan,
			"EXPLAIN QUERY PLAN "+argument.ReplaceAllString(s.engine.written(query), "1")), name)
		for _, step := range plan {
			require.NotRegexp(t, `^SCAN \w+$`, step.Detail, name)
			require.NotContains(t, step.Detail, "USE TEMP B-TREE FOR ORDER", name)
		}
	}
}
