package answer

import (
	"strings"

	"rongjun/bot"
	"rongjun/knowledge"
)

// welcomed are the entries that a newcomer is offered, where they are published.
var welcomed = []string{"card-what", "pay-lump-sum", "disability-kinds"}

// Welcome is what a contact who opens the conversation is greeted with; the region is where they come
// from, empty while unknown.
func (a *Answerer) Welcome(_ bot.Enter, region knowledge.Region) bot.Reply {
	var d draft
	d.say(a.words["welcome"])
	if region != "" {
		d.say(a.words.say("welcome-place", "place", strings.Join(region.Names(), "")))
	}
	library := a.Library(knowledge.DateOf(a.Now().In(knowledge.China())))
	for _, id := range welcomed {
		if entry, ok := library.Entry(id); ok {
			d.offer(entry.Question, actEntry+id)
		}
	}
	d.offer(a.words["choice-person"], actHandover)
	var lines []string
	for _, l := range d.lines {
		lines = append(lines, l.text)
	}
	return bot.Reply{Text: strings.Join(lines, "\n"), Choices: d.choices}
}

// Farewell is what a contact is told when a person's service in the platform's own client has ended: who
// answers from then on, and how to reach a person again.
func (a *Answerer) Farewell() bot.Reply {
	return bot.Reply{
		Text:    a.words["farewell"],
		Choices: []bot.Choice{{Text: a.words["choice-person"], Act: actHandover}},
	}
}

// RegionNamed finds the region that a link or poster names, 浙江省/杭州市/西湖区 or 西湖区; empty where
// it names none, or one of several.
func (a *Answerer) RegionNamed(scene string) knowledge.Region {
	library := a.Library(knowledge.DateOf(a.Now().In(knowledge.China())))
	path := knowledge.Region(strings.Trim(scene, "/"))
	names := path.Names()
	if len(names) > 1 {
		if province, ok := a.reader.places.find(names[0]); ok && string(province) == names[0] {
			return path
		}
	}
	return a.regionNamed(library.Directory, scene)
}
