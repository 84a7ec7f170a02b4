package intake

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"onedoor/internal/hant"
)

// A Canned is a reply at hand, completed for a request and its worker.
type Canned struct {
	ID       int64  `db:"id"`
	Language string `db:"language"`
	Title    string `db:"title"`
	Text     string `db:"text"`
}

// maxQuick is how many replies at hand are offered for one request.
const maxQuick = 8

// QuickReplies are those that fit a request, a station's own before everybody's and the category's before those for all. They
// are in the resident's language, or, where there are none, in the nearest one that there are some in. One that can't be
// completed is left out, and where others may read the resident's phone, one that says who helps.
func (s *Service) QuickReplies(ctx context.Context, r *Request, w *Worker) ([]Canned, error) {
	var all []Canned
	err := s.DB.SelectContext(ctx, &all, `
		SELECT q.id, q.language, q.title, q.text FROM canned_replies q, chats c
		WHERE c.bot_id = $1 AND c.id = $2 AND q.active AND (q.station IS NULL OR q.station = $3) AND (q.category IS NULL OR q.category = $4)
		ORDER BY q.language = c.language DESC, left(q.language, 2) = left(c.language, 2) DESC, q.station IS NULL, q.category IS NULL, q.id`,
		r.Bot, r.Chat, r.Station, r.Category)
	if err != nil {
		return nil, wrap(err, "load the replies at hand")
	}
	var fit []Canned
	for _, q := range all {
		outdoes := func(o Canned) bool { return o.Language != q.Language || o.Title == q.Title }
		text, ok := s.complete(q, r, w)
		if ok && len(fit) < maxQuick && !slices.ContainsFunc(fit, outdoes) {
			q.Text = text
			fit = append(fit, q)
		}
	}
	return fit, nil
}

// blanks are what a reply at hand leaves to be filled in, by name.
var blanks = regexp.MustCompile(`\{[^{}]*\}`)

// tellingBlanks say who helps.
var tellingBlanks = []string{"{worker}", "{station}", "{phone}"}

// complete fills a reply's blanks; false where one stays empty, or says what it mustn't.
func (s *Service) complete(q Canned, r *Request, w *Worker) (string, bool) {
	station, _ := s.Router.Station(value(r.Station))
	name := station.Name
	switch {
	case q.Language == "en" && station.NameEN != "":
		name = station.NameEN
	case q.Language == "zh-HK":
		name = hant.Traditional(name)
	}
	values := map[string]string{"{ref}": r.Ref, "{worker}": w.Name, "{station}": name, "{phone}": station.Phone}
	ok := true
	text := blanks.ReplaceAllStringFunc(q.Text, func(blank string) string {
		ok = ok && values[blank] != "" && (!r.Discreet() || !slices.Contains(tellingBlanks, blank))
		return values[blank]
	})
	return text, ok
}

// Filled is a reply at hand as the resident of a request at a station reads it from a worker; false where it can't be completed.
func (s *Service) Filled(q Canned, ref, station, worker string) (string, bool) {
	return s.complete(q, &Request{Ref: ref, Station: &station}, &Worker{Name: worker})
}

// showQuick lists the replies at hand in a message of its own.
func showQuick(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	s.tell(NoticeQuick, r, nil)
	return nil
}

// showCanned shows one of them in the place of the list, or the list again. Nothing is sent before the worker has read it.
func showCanned(s *step, r *Request, number string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	if number == "" {
		return s.redrawHere(r, Args{}, NoticeQuick)
	}
	q, err := s.canned(r, number)
	if err != nil {
		return s.staleIfMissing(err)
	}
	return s.redrawHere(r, Args{"item": q.ID}, NoticeQuick)
}

// sendCanned sends one of them to the resident, as if the worker had written it.
func sendCanned(s *step, r *Request, number string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	q, err := s.canned(r, number)
	if err != nil {
		return s.staleIfMissing(err)
	}
	var sent bool
	if err := s.tx.GetContext(s.ctx, &sent, `SELECT EXISTS (SELECT FROM messages WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3
		AND author = 'worker')`, s.chat.Bot, s.chat.ID, s.update.MessageID); err != nil || sent {
		s.answer = Answer{Kind: NoticeStale}
		return wrap(err, "look whether it was sent")
	}
	if err := s.redrawHere(r, Args{"item": q.ID, "menu": "sent"}, NoticeQuick); err != nil || s.answer.Kind != "" {
		return err
	}
	return s.reply(r, said{kind: KindText, text: q.Text})
}

// canned is one of the replies that fit a request, or ErrNotFound.
func (s *step) canned(r *Request, number string) (Canned, error) {
	all, err := s.QuickReplies(s.ctx, r, s.worker)
	if err != nil {
		return Canned{}, err
	}
	for _, q := range all {
		if strconv.FormatInt(q.ID, 10) == number {
			return q, nil
		}
	}
	return Canned{}, ErrNotFound
}
