package wechattest

import "rongjun/bot/channel/platform/platformtest"

// What this stand-in has in common with others, by the names that tests use.
type (
	// Callback is one try of the platform to tell the program something.
	Callback = platformtest.Callback
	// Crypt is the encryption of messages in safe mode.
	Crypt = platformtest.Crypt
	// Fault is a failure of one platform call; see [Server.Fault].
	Fault = platformtest.Fault
	// File is a picture, a recording or a video.
	File = platformtest.File
)

// When a fault closes a connection without an answer.
const (
	DropBefore = platformtest.DropBefore
	DropAfter  = platformtest.DropAfter
)
