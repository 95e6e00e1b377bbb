package bot

import "errors"

var (
	// ErrEnvelope says that a callback's body is no envelope that can be read.
	ErrEnvelope = errors.New("unreadable envelope")
	// ErrForged says that a callback's signature, ciphertext, padding or receiver is wrong. Which of
	// them it was is told to nobody outside.
	ErrForged = errors.New("forged callback")
)
