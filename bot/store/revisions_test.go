package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
	"rongjun/knowledge"
)

func entry(id, short string) *knowledge.Entry {
	return &knowledge.Entry{
		ID: id, Topic: "安置", Question: "退役后怎么安置？", Short: short,
		Phrasings: []string{"当完兵咋办"}, Region: "浙江省",
		Cites:  []knowledge.Citation{{Doc: "退役军人安置条例(2024)", Article: 5}},
		Review: knowledge.Date{Year: 2027, Month: 1, Day: 2},
	}
}

func drafted(t testing.TB, s *store.Store, author string, base int64, e *knowledge.Entry) int64 {
	t.Helper()
	r, err := s.SaveDraft(t.Context(), knowledge.Draft{
		Kind: knowledge.ItemEntry, Key: e.ID, Base: base, Author: author, Note: "改了简答", Entry: e,
	})
	require.NoError(t, err)
	require.Equal(t, knowledge.RevisionDraft, r.State)
	return r.ID
}

func document(key, text string) knowledge.Document {
	return knowledge.Document{
		Enactment: knowledge.Enactment{
			Key: key, Title: "安置办法", Level: knowledge.LevelProvince, Region: "浙江省",
			Effective: knowledge.Date{Year: 2024, Month: 9, Day: 1},
		},
		Clauses: []knowledge.Clause{{Article: 1, Text: text, Paragraphs: []knowledge.Paragraph{
			{Text: text, Items: []string{"（一）项"}},
		}}},
		Unsure: []knowledge.Doubt{{Field: "issuer", Why: "没有写明。"}},
		Hash:   "hash of " + text,
	}
}

func published(t testing.TB, s *store.Store) (int64, []knowledge.Revision) {
	t.Helper()
	number, standing, err := s.Published(t.Context())
	require.NoError(t, err)
	same, err := s.PublishedNumber(t.Context())
	require.NoError(t, err)
	require.Equal(t, number, same)
	return number, standing
}

func itemStates(t testing.TB, s *store.Store, key string) (out []knowledge.RevisionState) {
	t.Helper()
	history, err := s.History(t.Context(), knowledge.ItemEntry, key)
	require.NoError(t, err)
	for _, r := range history {
		require.Nil(t, r.Entry, "lists carry no bodies")
		out = append(out, r.State)
	}
	return out
}

func TestWhatASecondPersonApprovesStands(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		number, standing := published(t, s)
		require.Zero(t, number)
		require.Empty(t, standing)

		id := drafted(t, s, "王", 0, entry("a", "第一版。"))
		_, err := s.Publish(t.Context(), id, "王")
		require.ErrorIs(t, err, knowledge.ErrSamePerson)
		number, standing = published(t, s)
		require.Zero(t, number)
		require.Empty(t, standing)

		d.heard()
		done, err := s.Publish(t.Context(), id, "李")
		require.NoError(t, err)
		require.Contains(t, d.heard(), bot.EveryConversation)
		require.Equal(t, knowledge.RevisionPublished, done.State)
		number, standing = published(t, s)
		require.EqualValues(t, 1, number)
		require.Len(t, standing, 1)
		require.Equal(t, entry("a", "第一版。"), standing[0].Entry)
		require.Equal(t, "李", standing[0].Approver)
		require.False(t, standing[0].Decided.IsZero())

		_, err = s.Publish(t.Context(), id, "李")
		require.ErrorIs(t, err, knowledge.ErrDecided)
		_, err = s.Publish(t.Context(), 9999, "李")
		require.ErrorIs(t, err, knowledge.ErrNotFound)
	})
}

func TestADraftOfWhatHasChangedSinceIsStale(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		first := drafted(t, s, "王", 0, entry("a", "王的。"))
		second := drafted(t, s, "李", 0, entry("a", "李的。"))
		_, err := s.Publish(t.Context(), first, "赵")
		require.NoError(t, err)
		_, err = s.Publish(t.Context(), second, "赵")
		require.ErrorIs(t, err, knowledge.ErrStale)

		again := drafted(t, s, "李", first, entry("a", "李的。"))
		_, err = s.Publish(t.Context(), again, "赵")
		require.NoError(t, err)
		require.Equal(t, []knowledge.RevisionState{
			knowledge.RevisionPublished, knowledge.RevisionSuperseded, knowledge.RevisionSuperseded,
		}, itemStates(t, s, "a"))
		_, standing := published(t, s)
		require.Len(t, standing, 1)
		require.Equal(t, "李的。", standing[0].Entry.Short)
	})
}

func TestSavingADraftAgainLeavesNothingToApproveUnseen(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		first := drafted(t, s, "王", 0, entry("a", "第一稿。"))
		second := drafted(t, s, "王", 0, entry("a", "第二稿。"))
		_, err := s.Publish(t.Context(), first, "李")
		require.ErrorIs(t, err, knowledge.ErrDecided)
		_, err = s.Reject(t.Context(), second, "李", "数字没有出处")
		require.NoError(t, err)
		r, err := s.Revision(t.Context(), second)
		require.NoError(t, err)
		require.Equal(t, knowledge.RevisionRejected, r.State)
		require.Equal(t, "数字没有出处", r.Reason)
		require.Equal(t, "第二稿。", r.Entry.Short)

		own := drafted(t, s, "王", 0, entry("a", "第三稿。"))
		_, err = s.Reject(t.Context(), own, "王", "")
		require.NoError(t, err, "an author takes the own draft back")
		number, _ := published(t, s)
		require.Zero(t, number)

		_, err = s.SaveDraft(t.Context(), knowledge.Draft{Kind: knowledge.ItemEntry, Key: "a"})
		require.ErrorIs(t, err, knowledge.ErrInvalid)
	})
}

func TestWhatIsWithdrawnIsGoneUntilItIsPublishedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		shipped, err := s.Withdraw(t.Context(), knowledge.Withdrawal{
			Kind: knowledge.ItemEntry, Key: "shipped", Subject: "问题", By: "王", Reason: "写错了",
		})
		require.NoError(t, err)
		require.Equal(t, knowledge.RevisionWithdrawn, shipped.State)
		_, err = s.Withdraw(t.Context(), knowledge.Withdrawal{
			Kind: knowledge.ItemEntry, Key: "shipped", By: "李",
		})
		require.ErrorIs(t, err, knowledge.ErrDecided)
		_, err = s.Withdraw(t.Context(), knowledge.Withdrawal{
			Kind: knowledge.ItemDocument, Key: "unknown", By: "李",
		})
		require.ErrorIs(t, err, knowledge.ErrNotFound)

		number, standing := published(t, s)
		require.EqualValues(t, 1, number)
		require.Equal(t, []knowledge.Revision{shipped}, standing)
		require.Nil(t, standing[0].Entry)

		id := drafted(t, s, "王", shipped.ID, entry("shipped", "改好了。"))
		_, err = s.Publish(t.Context(), id, "李")
		require.NoError(t, err)
		number, standing = published(t, s)
		require.EqualValues(t, 2, number)
		require.Len(t, standing, 1)
		require.Equal(t, "改好了。", standing[0].Entry.Short)

		gone, err := s.Withdraw(t.Context(), knowledge.Withdrawal{
			Kind: knowledge.ItemEntry, Key: "shipped", By: "李", Reason: "又错了",
		})
		require.NoError(t, err)
		require.Equal(t, "退役后怎么安置？", gone.Subject)
		require.Equal(t, id, gone.Base)
	})
}

func TestAFileIsImportedOnceUntilItChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		imports := func(doc knowledge.Document, want knowledge.ImportOutcome) {
			t.Helper()
			got, err := s.Import(t.Context(), doc, "办法.md")
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		imports(document("b", "正文"), knowledge.ImportNew)
		imports(document("a", "另一篇"), knowledge.ImportNew)
		imports(document("b", "正文"), knowledge.ImportUnchanged)
		imports(document("b", "新正文"), knowledge.ImportChanged)
		number, standing := published(t, s)
		require.EqualValues(t, 3, number)
		require.Len(t, standing, 2)
		require.Equal(t, "b", standing[0].Key, "in the order of the first import")
		require.Equal(t, document("b", "新正文"), *standing[0].Document)

		edited := document("b", "新正文")
		edited.Issuer = "省政府"
		r, err := s.SaveDraft(t.Context(), knowledge.Draft{
			Kind: knowledge.ItemDocument, Key: "b", Base: standing[0].ID, Author: "王", Document: &edited,
		})
		require.NoError(t, err)
		_, err = s.Publish(t.Context(), r.ID, "李")
		require.NoError(t, err)
		imports(document("b", "新正文"), knowledge.ImportUnchanged)
		imports(document("b", "再新"), knowledge.ImportDraft)
		_, standing = published(t, s)
		require.Equal(t, "省政府", standing[0].Document.Issuer)
	})
}

func TestRevisionsAreListedByWhatAFilterSays(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		a := drafted(t, s, "王", 0, entry("100%", "甲。"))
		b := drafted(t, s, "李", 0, entry("b", "乙。"))
		_, err := s.Publish(t.Context(), b, "王")
		require.NoError(t, err)
		_, err = s.Import(t.Context(), document("c", "正文"), "")
		require.NoError(t, err)
		for name, f := range map[string]struct {
			filter knowledge.RevisionFilter
			want   []int64
		}{
			"all":       {knowledge.RevisionFilter{}, []int64{b + 1, b, a}},
			"kind":      {knowledge.RevisionFilter{Kind: knowledge.ItemDocument}, []int64{b + 1}},
			"state":     {knowledge.RevisionFilter{State: knowledge.RevisionDraft}, []int64{a}},
			"author":    {knowledge.RevisionFilter{Author: "李"}, []int64{b}},
			"key":       {knowledge.RevisionFilter{Text: "0%"}, []int64{a}},
			"title":     {knowledge.RevisionFilter{Text: "安置办"}, []int64{b + 1}},
			"no match":  {knowledge.RevisionFilter{Text: "_00"}, nil},
			"next page": {knowledge.RevisionFilter{Before: b + 1, Limit: 1}, []int64{b}},
		} {
			list, err := s.Revisions(t.Context(), f.filter)
			require.NoError(t, err)
			var got []int64
			for _, r := range list {
				got = append(got, r.ID)
				require.True(t, r.Entry == nil && r.Document == nil)
			}
			require.Equal(t, f.want, got, name)
		}
	})
}

func TestTwoWhoPublishAtOnceDoNotBothSucceed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s, other := d.open(), d.open()
		ids := []int64{
			drafted(t, s, "王", 0, entry("a", "王的。")), drafted(t, s, "李", 0, entry("a", "李的。")),
		}
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i, db := range []*store.Store{s, other} {
			both.Go(func() { _, errs[i] = db.Publish(t.Context(), ids[i], "赵") })
		}
		both.Wait()
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], knowledge.ErrStale)
		number, standing := published(t, s)
		require.EqualValues(t, 1, number)
		require.Len(t, standing, 1)
	})
}
