package handlers

import "rongjun/bot"

// budgetLine is how much may still be sent to a contact, for staff; empty where nothing bounds it.
type budgetLine struct {
	Words string
	// Late is whether who still has something to say must hurry.
	Late bool
}

func (f *face) budgetLine(c bot.Conversation) budgetLine {
	budget, ok := f.o.Budgets[c.Contact.Channel]
	if !ok || c.Client {
		return budgetLine{}
	}
	now := f.o.Now()
	return budgetLine{budget.Words(c.Spent, now), budget.Late(c.Spent, now)}
}
