package intake

import "onedoor/prompts"

// raise makes an emergency of a request that was none: danger was heard in it later. Who could help hears of it at once.
func (s *step) raise(r *Request, crisis prompts.Crisis) error {
	if r.Urgency == prompts.Emergency {
		return s.cryAgain(r)
	}
	r.Crisis, r.Urgency = crisis, prompts.Emergency
	s.setDeadlines(r, s.now)
	s.tellResident(r, NoticeCrisis, Args{"crisis": crisis})
	if r.State == Open {
		return s.alarm(r)
	}
	return s.sound(r)
}
