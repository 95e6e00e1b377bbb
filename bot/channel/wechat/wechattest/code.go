package wechattest

import "fmt"

// Error codes that the platform answers with here, from its table of return codes.
const (
	codeSystemBusy   = -1
	codeBadSecret    = 40001 // an AppSecret or access token that is not this account's
	codeBadGrant     = 40002
	codeBadOpenID    = 40003
	codeBadMedia     = 40007
	codeBadMsgType   = 40008
	codeBadAppID     = 40013
	codeBadAccount   = 40200 // not in the table; told of msgmenu on test accounts
	codeNoToken      = 41001
	codeNoMediaID    = 41004
	codeTokenExpired = 42001
	codeNeedGet      = 43001
	codeNeedPost     = 43002
	codeEmptyText    = 44004
	codeTooLong      = 45002
	codeWindowClosed = 45015
	codeBudgetSpent  = 45047
	codeBadJSON      = 47001
	codeNoRight      = 48001
	codeBadSecret2   = 40125 // an AppSecret of the wrong form
)

// apiError is a refusal as the platform words it: HTTP 200 with an errcode.
type apiError struct {
	code int
	text string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.code, e.text) }

func refuse(code int, text string) error { return &apiError{code, text} }
