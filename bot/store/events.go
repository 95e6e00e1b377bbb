package store

import (
	"cmp"
	"context"

	"rongjun/bot"
)

// happened gives a new event its effect.
func (in *inbox) happened(ctx context.Context, c *conversationRow, a *bot.Arrival) error {
	if a.Enter != nil {
		return in.entered(ctx, c, a)
	}
	return nil
}

// entered keeps where the contact came from, and welcomes them. What is known of the contact stays:
// they said so themselves, or came over an earlier link.
func (in *inbox) entered(ctx context.Context, c *conversationRow, a *bot.Arrival) error {
	scene, region := cmp.Or(c.Scene, a.Enter.Origin()), cmp.Or(c.Region, a.Region)
	if scene != c.Scene || region != c.Region {
		c.Scene, c.Region = scene, region
		err := in.exec(ctx, "UPDATE contacts SET scene = ?, region = ? WHERE id = ?",
			scene, region, c.Contact)
		if err != nil {
			return err
		}
	}
	if a.Welcome == nil || c.State == bot.StateStaff || c.fenced(in.now) {
		return nil
	}
	return in.addPart(ctx, c.ID, partPlace{part: 1}, *a.Welcome)
}
