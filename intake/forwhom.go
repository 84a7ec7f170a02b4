package intake

import (
	"encoding/json"
	"slices"

	"onedoor/prompts"
)

// ForOther is somebody else than the writer, of whom no more is known.
const ForOther = "other"

// For is who needs help: one of prompts.Relations, or prompts.ForSelf, which it is too where the words don't say.
func (r *Request) For() string {
	var u prompts.Understanding
	if json.Unmarshal(r.Understanding, &u) != nil || !slices.Contains(prompts.Relations(), u.For) {
		return prompts.ForSelf
	}
	return u.For
}

// setFor is the resident's own word on whether they need help themselves or somebody else does.
func setFor(s *step, r *Request, who string) error {
	if who != prompts.ForSelf && who != ForOther {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	r.needs(who)
	s.log(r, "understood", ByResident, "", Args{"for": who})
	if !r.Pending() {
		r.next(actRemind, s.now.Add(remindAfter))
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return showCard(s, r, "")
}

// needs makes somebody the one who needs help. What else was understood stays.
func (r *Request) needs(who string) {
	var u prompts.Understanding
	if json.Unmarshal(r.Understanding, &u) != nil || who == "" {
		return
	}
	u.For = who
	r.Understanding = toDocument(u)
}
