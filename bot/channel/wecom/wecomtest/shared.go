package wecomtest

import "rongjun/bot/channel/platform/platformtest"

// What this stand-in has in common with others, by the names that tests use.
type (
	// Callback is one try of the platform to tell the program something.
	Callback = platformtest.Callback
	// Crypt is the encryption of callbacks.
	Crypt = platformtest.Crypt
	// Fault is a failure of one platform call; see [Server.Fault].
	Fault = platformtest.Fault
	// File is a picture, a recording, a video or a document.
	File = platformtest.File
)

// When a fault closes a connection without an answer.
const (
	NoDrop     = platformtest.NoDrop
	DropBefore = platformtest.DropBefore
	DropAfter  = platformtest.DropAfter
)
