package bot

import "context"

// Colleague is a member of staff who can be reached outside the desk.
type Colleague struct {
	// Name is the account's name, as the desk shows it.
	Name string
	// ID is the person's id on the platform that reaches them. It never goes into a log as it is.
	ID string
}

// Colleagues knows who may take conversations over and where they are reached.
type Colleagues interface {
	// Reachable lists those who may take over and whose id on the platform is known.
	Reachable(context.Context) ([]Colleague, error)
	// ColleagueOf returns who has the id and may take over; ErrNotFound for everybody else.
	ColleagueOf(ctx context.Context, id string) (Colleague, error)
}
