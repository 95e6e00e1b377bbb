package staff

import (
	"fmt"

	"rongjun/bot"
)

// Role says what a member of staff is here to do.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Supervisor    Role = "supervisor"
	Editor        Role = "editor"
	Staff         Role = "staff"
	Viewer        Role = "viewer"
)

// Permission is something that not everybody may do.
type Permission string

// The permissions. Everybody with an account may read: the queue, the conversations, how the bot's
// answers came about, and what it knows.
const (
	// MayAnswer: take over, write, hand back, close.
	MayAnswer Permission = "answer"
	// MayEdit: what the bot knows.
	MayEdit Permission = "edit"
)

// permissions is the whole table of who may do what.
var permissions = map[Role]map[Permission]bool{
	Administrator: {MayAnswer: true, MayEdit: true},
	Supervisor:    {MayAnswer: true},
	Editor:        {MayEdit: true},
	Staff:         {MayAnswer: true},
	Viewer:        {},
}

// ParseRole reads the name of a role.
func ParseRole(s string) (Role, error) {
	r := Role(s)
	if _, ok := permissions[r]; !ok {
		return "", fmt.Errorf("role %q: %w", s, bot.ErrInvalid)
	}
	return r, nil
}

// May reports whether the role has the permission.
func (r Role) May(p Permission) bool { return permissions[r][p] }

// Chinese is the role as staff read it.
func (r Role) Chinese() string {
	switch r {
	case Administrator:
		return "管理员"
	case Supervisor:
		return "主管"
	case Editor:
		return "政策编辑"
	case Staff:
		return "工作人员"
	case Viewer:
		return "只读"
	}
	return string(r)
}
