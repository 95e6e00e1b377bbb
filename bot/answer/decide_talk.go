package answer

import (
	"strings"
	"time"

	"rongjun/bot"
)

// Reasons for a handover, in words for staff.
const (
	reasonCrisis  = bot.ReasonDanger
	reasonCare    = "来信人心里很苦，请留心"
	reasonPerson  = "来信人要求转人工"
	reasonOwnFile = "要查本人的办理情况"
	reasonTooOld  = "消息隔了很久才处理"
	reasonVoice   = "有一段语音没有转成文字，请听一听"
)

// tooOld is the age at which a message is left to staff: the platform takes answers for 48 hours.
const tooOld = 47 * time.Hour

func (a *Answerer) decideCrisis(w *work) (verdict, bool) {
	if w.question.Intent != intentCrisis {
		return verdict{}, false
	}
	return verdict{
		rule:     w.question.Words,
		decision: bot.DecideCrisis, words: crisisWords(w.question.Rule),
		event: bot.EventHandover, reason: reasonCrisis,
	}, true
}

const (
	actHandover = "handover"
	actCancel   = "cancel"
	actEntry    = "entry:"
	actSource   = "source:"
	actMini     = "mini"
)

// decideTap carries out what a tapped choice means. A tap whose meaning is not known asks.
func (a *Answerer) decideTap(w *work) (verdict, bool) {
	if w.question.Intent != intentTap {
		return verdict{}, false
	}
	act := w.question.Act
	id, isEntry := strings.CutPrefix(act, actEntry)
	entry, known := w.library.Entry(id)
	switch {
	case act == actCancel && w.queued():
		return verdict{
			rule: act, decision: bot.DecideAnswer, words: "withdrawn", event: bot.EventWithdraw,
		}, true
	case act == actCancel:
		return verdict{rule: act, decision: bot.DecideAsk, words: "again"}, true
	case act == actHandover && !w.queued():
		return handover("handover", reasonPerson, act), true
	case w.queued():
		return verdict{rule: "while queued", decision: bot.DecideHandover}, true
	case isEntry && known && len(w.inForce(entry.Cites)) > 0:
		return verdict{
			rule: act, decision: bot.DecideAnswer, leads: []lead{{entry: entry}},
		}, true
	}
	if v, ok := a.decideOpened(w); ok {
		return v, true
	}
	return verdict{rule: "stale", decision: bot.DecideAsk, words: "stale-tap"}, true
}

func (w *work) queued() bool { return w.turn.Conversation.State == bot.StateQueued }

// decideQueued keeps silent for those who wait for a person.
func (a *Answerer) decideQueued(w *work) (verdict, bool) {
	return verdict{decision: bot.DecideHandover}, w.queued()
}

func (a *Answerer) decideTooOld(w *work) (verdict, bool) {
	return handover("too-old", reasonTooOld, ""), age(w.turn) > tooOld
}

func (a *Answerer) decidePerson(w *work) (verdict, bool) {
	v := handover("handover", reasonPerson, w.question.Words)
	return v, w.question.Intent == intentPerson
}

// decideCare hands those over whose mind is heavy, with words of care first.
func (a *Answerer) decideCare(w *work) (verdict, bool) {
	v := handover("care", reasonCare, w.question.Words)
	return v, w.question.Intent == intentCare
}

func (a *Answerer) decideOwnFile(w *work) (verdict, bool) {
	v := handover("own-file", reasonOwnFile, w.question.Words)
	if lead, ok := w.topEntry(w.found.whole.Hits); ok {
		v.leads = append(v.leads, lead)
	}
	return v, w.question.Intent == intentOwnFile
}

func handover(words, reason, rule string) verdict {
	return verdict{
		rule: rule, decision: bot.DecideHandover, words: words,
		event: bot.EventHandover, reason: reason,
	}
}

// decideTalk answers talk that asks nothing; what is not understood asks back.
func (a *Answerer) decideTalk(w *work) (verdict, bool) {
	switch i := w.question.Intent; i {
	case intentGreeting, intentThanks, intentGoodbye, intentAbout:
		return verdict{rule: string(i), decision: bot.DecideAnswer, words: string(i)}, true
	case intentVoice:
		return handover("voice-unheard", reasonVoice, ""), true
	case intentUnclear, intentUnknownKind, intentPicture, intentTooLarge:
		return verdict{rule: string(i), decision: bot.DecideAsk, words: string(i)}, true
	}
	return verdict{}, false
}

// decideClosed declines what nobody here may answer.
func (a *Answerer) decideClosed(w *work) (verdict, bool) {
	v := verdict{rule: string(w.question.Intent), words: string(w.question.Intent)}
	switch w.question.Intent {
	case intentSecret, intentPrivacy:
		v.decision = bot.DecideSensitive
		return v, true
	case intentIllegal:
		v.decision = bot.DecideDecline
		return v, true
	}
	return verdict{}, false
}

func (a *Answerer) decideOutOfScope(w *work) (verdict, bool) {
	v := verdict{rule: w.question.Rule, decision: bot.DecideDecline, words: w.question.Rule}
	return v, w.question.Intent == intentOutOfScope
}
