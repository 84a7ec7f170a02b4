package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"onedoor/prompts"
)

const (
	// answerWithin is how long a colleague has to say whether they take a request on; in an emergency, inDangerWithin.
	answerWithin   = 30 * time.Minute
	inDangerWithin = 2 * time.Minute

	// takerGrace is what a colleague who takes a request on has at least before being reminded; in an emergency,
	// takerGraceInDanger.
	takerGrace         = 15 * time.Minute
	takerGraceInDanger = 5 * time.Minute

	// ColleaguesAtOnce is how many a page of colleagues names.
	ColleaguesAtOnce = 6
)

// The answers to a Handoff.
const (
	handoffAccepted   = "accepted"
	handoffDeclined   = "declined"
	handoffUnanswered = "unanswered"
	handoffWithdrawn  = "withdrawn" // the giver has thought better of it, or has the request no longer
)

// MenuColleagues begins the menu of a card that shows whom to ask to take it on; the page follows.
const MenuColleagues = "colleagues:"

// A Handoff asks a colleague to take a request on. It stays with the giver until they do.
type Handoff struct {
	ID        int64     `db:"id"`
	Request   int64     `db:"request_id"`
	Giver     string    `db:"giver"`
	Holder    string    `db:"holder"` // who had it when the giver asked: the giver, or whom they stood in for
	Taker     string    `db:"taker"`
	Note      *int64    `db:"note"`
	OfferedAt time.Time `db:"offered_at"`
	Answer    string    `db:"answer"`

	GiverName string `db:"giver_name"`
	TakerName string `db:"taker_name"`
	NoteText  string `db:"note_text"`
}

// Pending tells whether it waits for an answer.
func (h *Handoff) Pending() bool { return h.Answer == "" }

const handoffColumns = `h.id, h.request_id, h.giver, h.holder, h.taker, h.note, h.offered_at, h.answer,
	(SELECT w.name FROM workers w WHERE w.code = h.giver) AS giver_name, (SELECT w.name FROM workers w WHERE w.code = h.taker) AS taker_name,
	coalesce((SELECT m.text FROM messages m WHERE m.id = h.note), '') AS note_text`

// Handoff loads one; ErrNotFound when there is none.
func (s *Service) Handoff(ctx context.Context, id int64) (*Handoff, error) {
	var h Handoff
	err := s.DB.GetContext(ctx, &h, `SELECT `+handoffColumns+` FROM handoffs h WHERE h.id = $1`, id)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &h, wrap(err, "load a handoff")
}

// Colleagues are those at a worker's station who can be told, on duty first, then by name: at most limit, from the one at offset.
func (s *Service) Colleagues(ctx context.Context, worker string, offset, limit int) ([]Worker, error) {
	var all []Worker
	err := s.DB.SelectContext(ctx, &all, `
		SELECT `+workerColumns+` FROM workers me JOIN workers w ON w.station = me.station AND w.code <> me.code
			JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		WHERE me.code = $1 AND w.active AND c.unreachable_at IS NULL
		ORDER BY w.on_duty DESC, w.name, w.code LIMIT $2 OFFSET $3`, worker, limit, offset)
	return all, wrap(err, "load colleagues")
}

// showColleagues offers whom a worker can ask to take their request on.
func showColleagues(s *step, r *Request, page string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	if n, err := strconv.Atoi(page); err != nil || n < 0 || n > 1000 {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.redrawPressed(r, MenuColleagues+page)
}

// askColleague asks a colleague to take the worker's request on.
func askColleague(s *step, r *Request, colleague string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	asked, err := s.offerTo(r, colleague, 0)
	if err != nil {
		return err
	}
	if !asked {
		s.answer = Answer{Kind: "colleague_not"}
	}
	return s.redrawPressed(r, "")
}

// offerTo asks a colleague to take a request on, with a note that is kept for colleagues already (its message's number), or
// 0. The request must be locked, and in the hands of this chat's worker (see mine), who is told that the colleague is asked
// and later what they answer; until they accept, it stays where it is and its clock goes on. It is false, and nothing
// happens, where the colleague isn't one, can't be told, or somebody is being asked already.
func (s *step) offerTo(r *Request, colleague string, note int64) (bool, error) {
	within := answerWithin
	if r.Urgency == prompts.Emergency {
		within = inDangerWithin
	}
	var to struct {
		ID   int64 `db:"id"`
		Bot  int64 `db:"bot_id"`
		Chat int64 `db:"chat_id"`
	}
	err := s.tx.GetContext(s.ctx, &to, `
		WITH taker AS (
			SELECT w.code, w.bot_id, w.chat_id FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
			WHERE w.code = $2 AND w.code <> $3 AND w.station = $4 AND w.active AND c.unreachable_at IS NULL),
		asked AS (
			INSERT INTO handoffs (request_id, giver, holder, taker, note, offered_at, next_at)
			SELECT $1, $3, $8, code, nullif(CAST($5 AS bigint), 0), $6, $7 FROM taker
			ON CONFLICT (request_id) WHERE answer = '' DO NOTHING RETURNING id)
		SELECT asked.id, taker.bot_id, taker.chat_id FROM asked CROSS JOIN taker`,
		r.ID, colleague, s.worker.Code, s.worker.Station, note, s.now, s.now.Add(within), r.Worker)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "ask a colleague")
	}
	s.log(r, "referred", ByWorker, s.worker.Code, Args{"step": "asked", "taker": colleague, "handoff": to.ID})
	s.tellChat(to.Bot, to.Chat, NoticeHandoff, r, Args{"handoff": to.ID})
	s.tell(NoticeHandoffAsked, r, Args{"handoff": to.ID})
	return true, nil
}

// dontAsk takes the question back.
func dontAsk(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.endHandoff(r)
}

// takeOn gives a request to the colleague who was asked, if whoever had it then still has: one conditional UPDATE.
func takeOn(s *step, r *Request, arg string) error {
	h, err := s.answerHandoff(r, arg, handoffAccepted)
	if err != nil || h == nil {
		return err
	}
	grace := takerGrace
	if r.Urgency == prompts.Emergency {
		grace = takerGraceInDanger
	}
	err = s.tx.GetContext(s.ctx, r, `
		UPDATE requests r SET worker = $2, next_action_at = greatest(next_action_at, $4)
		WHERE r.id = $1 AND r.worker = $3 AND r.state IN ('claimed', 'referred') RETURNING `+requestColumns,
		r.ID, s.worker.Code, h.Holder, s.now.Add(grace))
	if err != nil { // whoever has it no longer has withdrawn the question
		return wrap(err, "take on request "+r.Ref)
	}
	s.log(r, "transferred", ByWorker, s.worker.Code, Args{"giver": h.Giver, "taker": h.Taker})
	s.tellResident(r, NoticeClaimedBy, Args{"worker": s.worker.Name})
	if err := s.showAttachments(r); err != nil {
		return err
	}
	if err := s.tellGiver(r, h); err != nil {
		return err
	}
	return s.showCard(r)
}

// leaveIt declines: the request stays with the giver.
func leaveIt(s *step, r *Request, arg string) error {
	h, err := s.answerHandoff(r, arg, handoffDeclined)
	if err != nil || h == nil {
		return err
	}
	s.log(r, "referred", ByWorker, s.worker.Code, Args{"step": handoffDeclined, "taker": h.Taker, "handoff": h.ID})
	return s.tellGiver(r, h)
}

// answerHandoff keeps what the colleague of this chat answers. It is nil where they aren't asked any more, and are told so.
func (s *step) answerHandoff(r *Request, arg, answer string) (*Handoff, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		s.answer = Answer{Kind: NoticeStale}
		return nil, nil
	}
	h, err := s.endedHandoff(answer, `h.id = $3 AND h.request_id = $4 AND h.taker = $5`, id, r.ID, s.worker.Code)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: "now", Args: Args{"request": r.ID}}
		return nil, s.redrawAbout(r, NoticeHandoff, "handoff", id)
	}
	if err != nil {
		return nil, err
	}
	return h, s.redrawHandoff(r, h)
}

// endedHandoff ends the pending handoff that the condition picks, or is ErrNotFound.
func (s *step) endedHandoff(answer, condition string, args ...any) (*Handoff, error) {
	var h Handoff
	err := s.tx.GetContext(s.ctx, &h, `UPDATE handoffs h SET answer = $1, answered_at = $2, next_at = NULL
		WHERE h.answer = '' AND `+condition+` RETURNING `+handoffColumns, append([]any{answer, s.now}, args...)...)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &h, wrap(err, "answer a handoff")
}

func (s *step) redrawHandoff(r *Request, h *Handoff) error {
	if err := s.redrawAbout(r, NoticeHandoff, "handoff", h.ID); err != nil {
		return err
	}
	return s.redrawAbout(r, NoticeHandoffAsked, "handoff", h.ID)
}

// tellGiver tells who asked what became of it, in a message of its own: an edit makes no sound. Where they stood in for
// somebody who has the request no longer now, that one hears of it, too.
func (s *step) tellGiver(r *Request, h *Handoff) error {
	var all []Worker
	err := s.tx.SelectContext(s.ctx, &all, `SELECT `+workerColumns+` FROM workers w
		WHERE (w.code = $1 OR w.code = $2 AND $3) AND w.active AND w.chat_id IS NOT NULL`, h.Giver, h.Holder, h.Answer == handoffAccepted)
	for _, w := range all {
		s.tellChat(*w.Bot, *w.Chat, NoticeHandoffAsked, r, Args{"handoff": h.ID})
	}
	return wrap(err, "find who asked")
}

// endHandoff withdraws what a colleague is asked about a request, if any.
func (s *step) endHandoff(r *Request) error {
	h, err := s.endedHandoff(handoffWithdrawn, `h.request_id = $3`, r.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.redrawHandoff(r, h)
}
