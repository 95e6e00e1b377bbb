package wechattest

import "rongjun/bot/channel/platform/platformtest"

// Error codes that the platform answers with here, from its table of return codes.
const (
	codeBadSecret    = 40001 // an AppSecret or access token that is not this account's
	codeBadGrant     = 40002
	codeBadOpenID    = 40003
	codeBadMedia     = 40007
	codeBadMsgType   = 40008
	codeBadAppID     = 40013
	codeBadAccount   = 40200 // not in the table; told of msgmenu on test accounts
	codeNoMediaID    = 41004
	codeEmptyText    = 44004
	codeTooLong      = 45002
	codeWindowClosed = 45015
	codeBudgetSpent  = 45047
	codeBadForm      = 47001
	codeNoRight      = 48001
	codeBadSecret2   = 40125 // an AppSecret of the wrong form
)

func refuse(code int, text string) error { return platformtest.Refuse(code, "%s", text) }
