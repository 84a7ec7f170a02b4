package intake

import "onedoor/prompts"

// The ends that the board offers, beside outcomeNotPossible and outcomeDuplicate.
const (
	outcomeSolved     = "solved"
	outcomeWithdrawn  = "withdrawn"
	outcomeFalseAlarm = "false_alarm"
	reasonUnreached   = "unreached"
)

// LikelyEnd is how an item that is open most probably ends for who has a sight, if it ends now: as asked twice where it is linked to an
// earlier one, as a false alarm where somebody cried for help, and else by why it is here. False where nothing says how.
func (p *Picture) LikelyEnd(i *Item, sight Sight) (End, bool) {
	switch earlier, linked := p.earlier(i, sight); {
	case !i.State.Active() || !sight.Sees(&i.Request):
		return End{}, false
	case i.Urgency == prompts.Emergency: // each of several who cry for help is helped
		return End{Outcome: outcomeFalseAlarm}, i.Reason == ReasonCrisis
	case linked:
		return End{Outcome: outcomeDuplicate, SameAs: earlier}, true
	case i.Reason == TriageUndeliverable:
		return End{Outcome: outcomeNotPossible, Reason: reasonUnreached}, true
	case i.Reason == TriageUnconfirmed:
		return End{Outcome: outcomeWithdrawn}, true
	case i.AnsweredAt != nil && !i.State.InHand():
		return End{Outcome: outcomeSolved}, true
	}
	return End{}, false
}

// earlier is the reference of the first open request in sight, before an item, that asks for the same.
func (p *Picture) earlier(i *Item, sight Sight) (ref string, ok bool) {
	if len(i.Same) == 0 {
		return "", false
	}
	first := i.ID
	for _, a := range p.related(i).linked {
		if a.ID < first && a.read(sight) {
			first, ref, ok = a.ID, a.Ref, true
		}
	}
	return ref, ok
}
