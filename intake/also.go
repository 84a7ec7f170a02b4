package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"onedoor/prompts"
)

// also makes a request of its own for another service that the same words need. It goes where the first one went;
// a second press finds it there.
func also(s *step, r *Request, key string) error {
	if r.State == Draft || !r.needsAlso(key) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	known, err := madeFrom(s.ctx, s.tx, r.ID)
	if err != nil {
		return err
	}
	if slices.Contains(known, key) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if _, err := s.draft(); !errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: "finish_first"}
		return err
	}
	if err := s.alsoNeeded(r, key); err != nil {
		return err
	}
	return s.redrawPressed(r, "")
}

// alsoNeeded submits the further request, or asks where it is as far as that isn't known.
func (s *step) alsoNeeded(r *Request, key string) error {
	further, err := s.further(r, key)
	if err != nil {
		return err
	}
	if _, placed := further.Point(); !placed {
		return s.proceed(further)
	}
	return submit(s, further, "")
}

// restOf asks about what else the words of an emergency need that was taken back: a mistake takes no need with it.
func (s *step) restOf(r *Request) error {
	var u prompts.Understanding
	if json.Unmarshal(r.Understanding, &u) != nil {
		return nil
	}
	needs := append([]string{u.Category}, u.Further...)
	for _, crisis := range prompts.Crises() {
		needs = slices.DeleteFunc(needs, func(key string) bool { return key == "" || key == s.Taxonomy.CrisisCategory(crisis) })
	}
	if len(needs) == 0 {
		return nil
	}
	known, err := madeFrom(s.ctx, s.tx, r.ID)
	if err != nil || len(known) > 0 {
		return err
	}
	if _, err := s.draft(); !errors.Is(err, ErrNotFound) {
		return err
	}
	further, err := s.further(r, needs[0])
	if err != nil {
		return err
	}
	return s.proceed(further)
}

// further is a draft for another service of the words of a request.
func (s *step) further(r *Request, key string) (*Request, error) {
	further := &Request{Bot: r.Bot, Chat: r.Chat, Text: r.Text, CreatedAt: s.now, Unnamed: r.Unnamed}
	further.next(actRemind, s.now.Add(remindAfter))
	if err := further.insert(s.ctx, s.tx); err != nil {
		return nil, err
	}
	further.Category, further.Groups, further.Understanding = &key, r.Groups, r.withoutFurther()
	further.Place, further.Lat, further.Lon, further.PlaceSource = r.Place, r.Lat, r.Lon, r.PlaceSource
	if r.Urgency == prompts.Urgent {
		further.Urgency = prompts.Urgent
	}
	s.log(further, "drafted", ByResident, "", Args{"from": r.ID, "category": key})
	s.log(further, "reclassified", ByResident, "", Args{"from": r.Category, "to": key}) // it stays what the resident chose
	return further, nil
}

// withoutFurther is what was understood, but for further services: those are asked for from the first request.
func (r *Request) withoutFurther() document {
	var u prompts.Understanding
	if json.Unmarshal(r.Understanding, &u) != nil {
		return r.Understanding
	}
	u.Further = nil
	return toDocument(u)
}

// needsAlso tells whether the request's words were understood to need another service as well.
func (r *Request) needsAlso(key string) bool {
	var u prompts.Understanding
	return json.Unmarshal(r.Understanding, &u) == nil && slices.Contains(u.Further, key) && value(r.Category) != key
}

// queryer reads rows, within a transaction or outside of any.
type queryer interface {
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// madeFrom are the services for which further requests were made from one. Only its own resident makes them, while it
// is locked.
func madeFrom(ctx context.Context, db queryer, request int64) (known []string, err error) {
	err = db.SelectContext(ctx, &known, `
		SELECT e.data ->> 'category' FROM requests r JOIN requests f ON f.bot_id = r.bot_id AND f.chat_id = r.chat_id AND f.id > r.id
		JOIN events e ON e.request_id = f.id AND e.kind = 'drafted' AND CAST(e.data ->> 'from' AS bigint) = r.id
		WHERE r.id = $1`, request)
	return known, wrap(err, "look for the requests made from this one")
}

// StillNeeded are the further services that a request's words need, and that no request was made for yet.
func (s *Service) StillNeeded(ctx context.Context, v *View) ([]string, error) {
	var u prompts.Understanding
	if err := json.Unmarshal(v.Understanding, &u); err != nil || len(u.Further) == 0 {
		return nil, nil
	}
	known, err := madeFrom(ctx, s.DB, v.ID)
	return slices.DeleteFunc(u.Further, func(key string) bool { return !v.needsAlso(key) || slices.Contains(known, key) }), err
}
