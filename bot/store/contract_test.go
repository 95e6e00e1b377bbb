package store_test

import (
	"rongjun/bot"
	"rongjun/bot/store"
	"rongjun/knowledge"
)

// The store keeps every contract of packages bot and knowledge.
var (
	_ bot.InboxStore      = (*store.Store)(nil)
	_ bot.PullStore       = (*store.Store)(nil)
	_ bot.TurnStore       = (*store.Store)(nil)
	_ bot.OutboxStore     = (*store.Store)(nil)
	_ bot.DueStore        = (*store.Store)(nil)
	_ bot.TakeoverStore   = (*store.Store)(nil)
	_ bot.DeskStore       = (*store.Store)(nil)
	_ bot.TranscriptStore = (*store.Store)(nil)
	_ bot.VisibleStore    = (*store.Store)(nil)

	_ knowledge.ReviewStore    = (*store.Store)(nil)
	_ knowledge.RevisionStore  = (*store.Store)(nil)
	_ knowledge.PublishedStore = (*store.Store)(nil)
	_ knowledge.ImportStore    = (*store.Store)(nil)
)
