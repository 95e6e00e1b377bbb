package bot

import (
	"time"

	"rongjun/knowledge"
)

// Address says where a contact is reached: the channel, our account on it, and the contact's id there.
type Address struct {
	// Channel is the channel's name: "wecom", "wecom-app", "wechat" or "web".
	Channel string
	// Account is our own account on the channel, such as a kf account's open_kfid.
	Account string
	// ExternalID is the platform's id of the contact. It never goes into a log as it is.
	ExternalID string
}

// Contact is a person who writes to us over one account of one channel.
type Contact struct {
	ID int64
	Address
	// Region is where the contact says they are; empty while unknown.
	Region knowledge.Region
	// Scene is where the contact came from first, by our own link or poster; empty while unknown.
	Scene   string
	Created time.Time
}
