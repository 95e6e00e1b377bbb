package bot

import "errors"

var (
	// ErrSignInCode says that the code of a sign-in over a platform was used before, is too old, or was
	// never given.
	ErrSignInCode = errors.New("code of the sign-in is not good")
	// ErrOutsider says that the person who signs in over a platform is no member of ours there.
	ErrOutsider = errors.New("not a member of the corp")
)
