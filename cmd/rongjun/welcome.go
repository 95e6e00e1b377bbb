package main

import (
	"rongjun/bot"
	"rongjun/knowledge"
)

// welcome greets a contact who opens the conversation, as soon as there is knowledge to offer.
func (p *Program) welcome(e bot.Enter, region knowledge.Region) bot.Reply {
	if p.shelf.edition.Load() == nil {
		return bot.Reply{}
	}
	return p.answerer.Welcome(e, region)
}

// farewell tells a contact that a person's service has ended.
func (p *Program) farewell() bot.Reply {
	if p.shelf.edition.Load() == nil {
		return bot.Reply{}
	}
	return p.answerer.Farewell()
}

// regionOf finds the region that a poster names.
func (p *Program) regionOf(scene string) knowledge.Region {
	if p.shelf.edition.Load() == nil {
		return ""
	}
	return p.answerer.RegionNamed(scene)
}
