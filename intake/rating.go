package intake

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"onedoor/prompts"
)

const (
	// commentWithin is how long after a rating words are a comment on it.
	commentWithin = time.Hour
	// maxComment is how many letters a comment has at most. Who says more has something to say.
	maxComment = 1000
	// surelyNeed is the confidence in a service from which on words are a need of their own, and no comment.
	surelyNeed = 0.9
)

// Scores are how well a request can have been solved, by its resident, the worst first.
func Scores() []int { return []int{1, 2, 3, 4, 5} }

// A Rating is how well a request was solved, by its resident, one of the times that it was.
type Rating struct {
	ResolvedAt time.Time `db:"resolved_at"`
	Score      int       `db:"score"`
	Comment    string    `db:"comment"` // as it reads now, or empty
}

// Ratings are those of a request, oldest first.
func (s *Service) Ratings(ctx context.Context, request int64) ([]Rating, error) {
	var all []Rating
	err := s.DB.SelectContext(ctx, &all, `
		SELECT a.resolved_at, a.score, coalesce((SELECT m.text FROM messages m WHERE (m.id = a.comment OR m.edits = a.comment)
			AND m.request_id = a.request_id ORDER BY m.id DESC LIMIT 1), '') AS comment
		FROM ratings a WHERE a.request_id = $1 ORDER BY a.resolved_at`, request)
	return all, wrap(err, "load the ratings")
}

// rate keeps how well a resolved request was solved, which can be changed until it is closed.
func rate(s *step, r *Request, arg string) error {
	score, err := strconv.Atoi(arg)
	switch {
	case err != nil, !slices.Contains(Scores(), score):
		s.answer = Answer{Kind: NoticeStale}
		return nil
	case r.State == Closed:
		s.answer = Answer{Kind: "rate_closed"}
		return nil
	case r.State != Resolved:
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	before, err := s.rated(r)
	if err != nil || before == score {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `
		INSERT INTO ratings (request_id, resolved_at, score, rated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (request_id, resolved_at) DO UPDATE SET score = EXCLUDED.score, rated_at = EXCLUDED.rated_at`,
		r.ID, r.ResolvedAt, score, s.now); err != nil {
		return wrap(err, "keep the rating")
	}
	s.log(r, "rated", ByResident, "", Args{"score": score})
	if err := s.redrawPosted(r, NoticeResolved, "", `TRUE`); err != nil {
		return err
	}
	if before == 0 {
		return s.thank(r)
	}
	if err := s.redrawPosted(r, NoticeRated, "", `TRUE`); err != nil {
		return err
	}
	return s.redrawPosted(r, NoticeWorkRated, "", `TRUE`)
}

// rated is the score of a resolved request, or 0.
func (s *step) rated(r *Request) (score int, err error) {
	err = s.tx.GetContext(s.ctx, &score, `SELECT score FROM ratings WHERE request_id = $1 AND resolved_at = $2`, r.ID, r.ResolvedAt)
	if noRows(err) {
		return 0, nil
	}
	return score, wrap(err, "load the rating")
}

// thank thanks for a rating and asks for a comment, unless the resident has something else under way, to which what they
// say next belongs. Whoever resolved the request hears of it.
func (s *step) thank(r *Request) error {
	busy, err := s.busy()
	if err != nil {
		return err
	}
	if busy {
		s.tell(NoticeRated, r, nil)
	} else {
		s.setMode(modeComment, &r.ID)
		s.tell(NoticeRated, r, Args{"menu": "comment"})
	}
	_, err = s.tellWorker(r, NoticeWorkRated, nil)
	return err
}

// busy tells whether the chat has begun a request, or has one with a station.
func (s *step) busy() (bool, error) {
	for _, own := range []func() (*Request, error){s.draft, s.active} {
		if _, err := own(); !errors.Is(err, ErrNotFound) {
			return true, err
		}
	}
	return false, nil
}

// noComment lets the rating stand alone.
func noComment(s *step, r *Request, _ string) error {
	if s.chat.Mode == modeComment && equal(s.chat.Request, &r.ID) {
		s.endComment()
	}
	return s.redrawPressed(r, "")
}

// endComment makes what is said next no comment.
func (s *step) endComment() {
	if s.chat.Mode == modeComment {
		s.setMode(modeNone, nil)
	}
}

// commented takes words as the comment that was asked for. It is false for what may be more than that, which nothing
// may swallow: a voice that nobody has listened to, a need, a greeting that begins one. A button makes a need of what
// was taken for a comment all the same.
func (s *step) commented(what said) (bool, error) {
	if s.chat.Mode != modeComment {
		return false, nil
	}
	r, err := s.commentOn(what)
	talk := smallTalk(what)
	s.endComment() // words are waited for once
	switch {
	case errors.Is(err, ErrNotFound), talk == talkGreeting, talk == talkHelp:
		return false, nil
	case err != nil:
		return true, err
	case talk == talkCancel:
		return true, s.redrawPosted(r, NoticeRated, "", `TRUE`)
	}
	return true, s.comment(r, what)
}

// commentOn is the request on which words may be a comment, or ErrNotFound.
func (s *step) commentOn(what said) (*Request, error) {
	if what.kind != KindText || len([]rune(what.text)) > maxComment || s.surelyNeed(what.text) {
		return nil, ErrNotFound
	}
	busy, err := s.busy()
	switch {
	case err != nil:
		return nil, err
	case busy:
		return nil, ErrNotFound
	}
	return lockRequest(s.ctx, s.tx, `r.id = $1 AND r.bot_id = $2 AND r.chat_id = $3 AND r.state = 'resolved' AND EXISTS (
		SELECT FROM ratings a WHERE a.request_id = r.id AND a.resolved_at = r.resolved_at AND a.rated_at > $4)`,
		s.chat.Request, s.chat.Bot, s.chat.ID, s.now.Add(-commentWithin))
}

// surelyNeed tells words that clearly ask for something from those that may only speak of how it was solved.
func (s *step) surelyNeed(text string) bool {
	u := s.Offline.Classify(text)
	return u.Urgency != prompts.Normal || u.Confidence >= surelyNeed
}

// comment keeps a comment with the rating, and passes it on to whoever resolved the request.
func (s *step) comment(r *Request, what said) error {
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE ratings SET comment = $3 WHERE request_id = $1 AND resolved_at = $2`,
		r.ID, r.ResolvedAt, id); err != nil {
		return wrap(err, "keep the comment")
	}
	s.log(r, "rated", ByResident, "", Args{"message": id})
	if err := s.redrawPosted(r, NoticeRated, "", `TRUE`); err != nil {
		return err
	}
	s.tell(NoticeCommented, r, Args{"message": id})
	_, err = s.tellWorker(r, NoticeWorkRated, nil)
	return err
}

// uncomment makes a message no comment: it was a matter of its own.
func (s *step) uncomment(message int64) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE ratings SET comment = NULL WHERE comment = $1`, message)
	return wrap(err, "take back the comment")
}
