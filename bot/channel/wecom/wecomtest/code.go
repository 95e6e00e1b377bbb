package wecomtest

import "rongjun/bot/channel/platform/platformtest"

// Error codes that the platform answers with here. Where the documentation names no code for
// a fault, the comment says that it is this package's choice.
const (
	codeBadSecret        = 40001
	codeBadMedia         = 40007
	codeBadMsgType       = 40008
	codeBadCorp          = 40013
	codeBadToken         = 40014
	codeBadCode          = 40029 // of a sign-in; choice: of an event too: used, expired or unknown
	codeBadAgent         = 40056
	codeBadParam         = 40058
	codeBadCustomer      = 40096
	codeEmptyText        = 44004
	codeTooOften         = 45009
	codeBadCard          = 42013 // choice: a template card that breaks a rule
	codeBadCardCode      = 42045 // choice: a used, expired or unknown code of a card
	codeNobody           = 81013
	codeBadAccount       = 95000
	codeBudgetSpent      = 95001
	codeWindowClosed     = 95002
	codeStaleToken       = 95007
	codeEnded            = 95013
	codeNotActivated     = 95014
	codeBadTransition    = 95016
	codeBadSendState     = 95018
	codeNotReceiving     = 95019
	defaultDuplicateCode = 95032 // choice: the platform's code is not published
)

func refuse(code int, format string, args ...any) error {
	return platformtest.Refuse(code, format, args...)
}
