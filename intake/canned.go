package intake

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
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
	if q.Language == "en" && station.NameEN != "" {
		name = station.NameEN
	}
	values := map[string]string{"{ref}": r.Ref, "{worker}": w.Name, "{station}": name, "{phone}": station.Phone}
	ok := true
	text := blanks.ReplaceAllStringFunc(q.Text, func(blank string) string {
		ok = ok && values[blank] != "" && (!r.Discreet() || !slices.Contains(tellingBlanks, blank))
		return values[blank]
	})
	return text, ok
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

var replySheet = []string{"station", "category", "language", "title", "text"}

// OpenReplies reads a file of replies at hand.
func OpenReplies(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, replySheet, []string{"active"})
}

// ReadReplies reads replies at hand from CSV.
func ReadReplies(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, replySheet, []string{"active"})
}

// replyRecord is a reply at hand on its way into the database.
type replyRecord struct {
	Station  *string `json:"station"`
	Category *string `json:"category"`
	Language string  `json:"language"`
	Title    string  `json:"title"`
	Text     string  `json:"text"`
	Active   bool    `json:"active"`
}

// ImportReplies adds and changes replies at hand by station, category, language and title: all of the rows, or none and
// sheet.Problems that name the bad ones. Stations must exist.
func ImportReplies(ctx context.Context, db *database.DB, s *sheet.Sheet, known func(string) bool) (counts routing.Counts, err error) {
	err = db.Transact(ctx, func(tx *sqlx.Tx) error {
		stations, err := stationCodes(ctx, tx)
		if err != nil {
			return err
		}
		records, err := readReplies(s, stations, known)
		if err != nil {
			return err
		}
		counts, err = routing.Upsert(ctx, tx, records, `
			INSERT INTO canned_replies AS t (station, category, language, title, text, active)
			SELECT station, category, language, title, text, active FROM jsonb_to_recordset($1) AS
				r (station text, category text, language text, title text, text text, active boolean)
			ON CONFLICT (coalesce(station, ''), coalesce(category, ''), language, title) DO UPDATE SET text = EXCLUDED.text, active = EXCLUDED.active
			WHERE (t.text, t.active) IS DISTINCT FROM (EXCLUDED.text, EXCLUDED.active)
			RETURNING NOT EXISTS (SELECT FROM canned_replies before WHERE before.id = t.id)`)
		return err
	})
	return counts, err
}

func readReplies(s *sheet.Sheet, stations map[string]bool, known func(string) bool) ([]replyRecord, error) {
	var check sheet.Checker
	records, lines := make([]replyRecord, len(s.Rows)), map[[4]string]int{}
	for i, row := range s.Rows {
		records[i] = readReply(&check, row, stations, known)
		key := [4]string{row.Get("station"), row.Get("category"), records[i].Language, row.Get("title")}
		if first, doubled := lines[key]; doubled {
			check.Add(row, "the title %q stands in line %d already", row.Get("title"), first)
			continue
		}
		lines[key] = row.Line
	}
	return records, check.Err()
}

// What a title may have to be read on a button, and a reply to be read on a small screen, in characters.
const (
	maxTitle  = 24
	maxCanned = 400
)

func readReply(c *sheet.Checker, row sheet.Row, stations map[string]bool, known func(string) bool) replyRecord {
	r := replyRecord{Language: row.Get("language"), Title: row.Get("title"), Text: row.Get("text"), Active: true}
	if station := row.Get("station"); station != "" {
		if r.Station = &station; !stations[station] {
			c.Add(row, "station %q is not known: import stations first", station)
		}
	}
	if category := row.Get("category"); category != "" {
		if r.Category = &category; !known(category) {
			c.Add(row, "%q is no category", category)
		}
	}
	if !slices.Contains(Languages(), r.Language) {
		c.Add(row, "language %q is none of %s", r.Language, strings.Join(Languages(), ", "))
	}
	if n := len([]rune(r.Title)); n == 0 || n > maxTitle {
		c.Add(row, "the title must have 1 to %d characters", maxTitle)
	}
	if n := len([]rune(r.Text)); n == 0 || n > maxCanned {
		c.Add(row, "the text must have 1 to %d characters", maxCanned)
	}
	for _, blank := range blanks.FindAllString(r.Text, -1) {
		if blank != "{ref}" && !slices.Contains(tellingBlanks, blank) {
			c.Add(row, "%s is none of {ref}, {worker}, {station} and {phone}", blank)
		}
	}
	switch strings.ToLower(row.Get("active")) {
	case "", "yes":
	case "no":
		r.Active = false
	default:
		c.Add(row, "active %q is neither yes nor no", row.Get("active"))
	}
	return r
}
