package intake

import "onedoor/prompts"

// Hand is the worker to whom an item may best be given by who has a sight: of its own station, or else of one that is offered it while it
// waits or, where no station has it, of the nearest of these, the one on duty with the fewest in hand. False where there is none.
// From who has it already it is only taken where they are silent.
func (p *Picture) Hand(s *Service, i *Item, sight Sight, nearest []string) (best Hand, ok bool) {
	for _, code := range p.stationsFor(i, nearest) {
		if !sight.Takes(&i.View, code) {
			continue
		}
		station, _ := s.Router.Station(code) // none: nobody is there
		for _, w := range station.Staff {
			has := p.has[w.Code]
			if w.Code == value(i.Worker) || i.Urgency != prompts.Emergency && has >= s.ClaimLimit {
				continue
			}
			if !ok || has < best.Has {
				best, ok = Hand{Worker: Worker{Code: w.Code, Name: w.Name, Station: code}, Has: has}, true
			}
		}
		if ok {
			break
		}
	}
	return best, ok
}

// stationsFor are those whose workers may be given an item, the likeliest first.
func (p *Picture) stationsFor(i *Item, nearest []string) []string {
	switch {
	case i.State.InHand() && i.Reason != TriageUnanswered, !i.State.Active():
		return nil
	case i.Station == nil:
		return append(append([]string{}, i.OfferedTo...), nearest...)
	}
	return append([]string{*i.Station}, i.OfferedTo...)
}
