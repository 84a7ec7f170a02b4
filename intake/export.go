package intake

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
)

// exportEvery is how often a person is sent what is kept of them, at most.
const exportEvery = time.Minute

// export sends the person what is kept of them. It is put together when it is sent, and not kept itself.
func export(s *step, _ string) error {
	var lately bool
	err := s.tx.GetContext(s.ctx, &lately, `SELECT EXISTS (SELECT FROM notices
		WHERE bot_id = $1 AND chat_id = $2 AND kind = $3 AND created_at > $4)`,
		s.chat.Bot, s.chat.ID, NoticeExport, s.now.Add(-exportEvery))
	switch {
	case err != nil:
		return wrap(err, "look when it was sent last")
	case lately:
		s.tell(NoticeExportWait, nil, nil)
	default:
		s.tell(NoticeExport, nil, nil)
	}
	return nil
}

// Export is all that is kept of a person as a resident, as they may have it: no notes of workers for colleagues, and
// nobody else's words.
type Export struct {
	MadeAt   time.Time         `json:"made_at"`
	Language string            `json:"language"`
	Phone    string            `json:"phone,omitempty"` // to be called back
	Place    *ExportedPlace    `json:"last_place,omitempty"`
	Requests []ExportedRequest `json:"requests"`
	Said     []ExportedMessage `json:"said_to_no_request,omitempty"`
	Told     []Told            `json:"told"`
	Unread   []string          `json:"could_not_be_handled,omitempty"` // as it came
}

// ExportedPlace is where somebody or something is.
type ExportedPlace struct {
	Name string   `json:"name,omitempty"`
	Lat  *float64 `json:"lat,omitempty"`
	Lon  *float64 `json:"lon,omitempty"`
}

// ExportedRequest is one request, with the names of its parts in the resident's language.
type ExportedRequest struct {
	Ref          string            `json:"number"`
	State        State             `json:"state"`
	Text         string            `json:"text"`
	UnderstoodAs Understood        `json:"understood_as"`
	Place        *ExportedPlace    `json:"place,omitempty"`
	Station      string            `json:"station,omitempty"`
	Worker       string            `json:"worker,omitempty"`
	Outcome      *string           `json:"outcome,omitempty"`
	BegunAt      time.Time         `json:"begun_at"`
	SubmittedAt  *time.Time        `json:"submitted_at,omitempty"`
	ClaimedAt    *time.Time        `json:"claimed_at,omitempty"`
	AnsweredAt   *time.Time        `json:"answered_at,omitempty"`
	ResolvedAt   *time.Time        `json:"resolved_at,omitempty"`
	EndedAt      *time.Time        `json:"ended_at,omitempty"`
	Said         []ExportedMessage `json:"said"`
	Unnamed      bool              `json:"unnamed,omitempty"`
	Ratings      []ExportedRating  `json:"ratings,omitempty"`
	LearntFrom   []string          `json:"learnt_from,omitempty"` // the words, without names and numbers, that classifiers learn from
}

// ExportedRating is how well it was solved, one of the times that it was; a comment stands among what was said.
type ExportedRating struct {
	At    time.Time `json:"at"`
	Score int       `json:"score"` // 1 to 5, the best
}

// Understood is what a request was taken for.
type Understood struct {
	Service string          `json:"service,omitempty"`
	Urgency prompts.Urgency `json:"urgency"`
	Danger  prompts.Crisis  `json:"danger,omitempty"`
	For     []string        `json:"for,omitempty"`
	Summary string          `json:"summary,omitempty"`
}

// ExportedMessage is what was said by the resident, or to them by a worker.
type ExportedMessage struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"` // "you", or the worker's shown name
	Kind    string    `json:"kind"`
	Words   string    `json:"words,omitempty"`
	Heard   string    `json:"heard,omitempty"` // in a voice, by a machine
	File    string    `json:"file,omitempty"`  // its name
	Changed bool      `json:"changed,omitempty"`
}

// Told is what the bot told the resident about what they asked for; Words are the bot's to find.
type Told struct {
	At      time.Time       `json:"at" db:"sent_at"`
	Words   string          `json:"words" db:"-"`
	ID      int64           `json:"-" db:"id"`
	Kind    string          `json:"-" db:"kind"`
	Args    json.RawMessage `json:"-" db:"args"`
	Request *int64          `json:"-" db:"request_id"`
}

// toldResidents are the notices of which an Export tells: those about what is asked for. What workers wrote is among what
// was said.
func toldResidents() pq.StringArray {
	return pq.StringArray{NoticeSubmitted, NoticeCrisis, NoticeClaimedBy, NoticeResolved, NoticeReopened, NoticeCancelled, NoticeOfferedOn,
		NoticeMoved, NoticeHelped, NoticeReminder, NoticeWaiting, NoticeAnswerLate, NoticeTakenUp, NoticeAppointment, NoticeAppointmentOff,
		NoticeWaitsForYou}
}

// Export loads all that is kept of a chat's person as a resident.
func (s *Service) Export(ctx context.Context, bot, id int64) (*Export, error) {
	var c struct {
		chat
		Phone string `db:"phone"`
	}
	err := s.DB.GetContext(ctx, &c, `SELECT `+chatColumns+`, c.phone FROM chats c WHERE c.bot_id = $1 AND c.id = $2`, bot, id)
	if noRows(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, wrap(err, "load the chat to export")
	}
	e := &Export{MadeAt: s.Now().UTC().Truncate(time.Second), Language: c.Language, Phone: c.Phone, Place: s.exportedPlace(c.Place, c.Lat, c.Lon, c.Language),
		Requests: []ExportedRequest{}, Told: []Told{}}
	said, err := s.exportedMessages(ctx, bot, id)
	if err != nil {
		return nil, err
	}
	e.Said = said[0]
	if err := s.exportRequests(ctx, e, &c.chat, said); err != nil {
		return nil, err
	}
	err = s.DB.SelectContext(ctx, &e.Told, `
		SELECT n.sent_at, n.id, n.kind, n.args, n.request_id FROM notices n JOIN requests r ON r.id = n.request_id
			AND r.bot_id = n.bot_id AND r.chat_id = n.chat_id
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.state = 'sent' AND n.edits IS NULL AND n.kind = ANY ($3) ORDER BY n.id`, bot, id, toldResidents())
	if err != nil {
		return nil, wrap(err, "load what was told")
	}
	err = s.DB.SelectContext(ctx, &e.Unread, `SELECT raw FROM troubles WHERE bot_id = $1 AND chat_id = $2 AND raw <> '' ORDER BY id`, bot, id)
	return e, wrap(err, "load what could not be handled")
}

// exportRequests adds the chat's requests with what was said about each.
func (s *Service) exportRequests(ctx context.Context, e *Export, c *chat, said map[int64][]ExportedMessage) error {
	views, err := s.views(ctx, `r.bot_id = $1 AND r.chat_id = $2 ORDER BY r.id`, c.Bot, c.ID)
	if err != nil {
		return err
	}
	learnt, err := s.exportedCorrections(ctx, c)
	if err != nil {
		return err
	}
	for _, v := range views {
		r := ExportedRequest{Ref: v.Ref, State: v.State, Text: v.Text, Place: s.exportedPlace(v.Place, v.Lat, v.Lon, c.Language),
			UnderstoodAs: Understood{Urgency: v.Urgency, Danger: v.Crisis, For: v.Groups, Summary: v.Summary},
			Worker:       value(v.WorkerName), Outcome: v.Outcome, BegunAt: v.CreatedAt, SubmittedAt: v.SubmittedAt, ClaimedAt: v.ClaimedAt,
			AnsweredAt: v.AnsweredAt, ResolvedAt: v.ResolvedAt, EndedAt: v.ClosedAt, Said: said[v.ID], Unnamed: v.Unnamed, LearntFrom: learnt[v.ID]}
		if category, ok := s.Taxonomy.Category(value(v.Category)); ok {
			r.UnderstoodAs.Service = category.Name[c.Language]
		}
		if station, ok := s.Router.Station(value(v.Station)); ok {
			r.Station = station.Name
		}
		ratings, err := s.Ratings(ctx, v.ID)
		if err != nil {
			return err
		}
		for _, a := range ratings {
			r.Ratings = append(r.Ratings, ExportedRating{a.ResolvedAt, a.Score})
		}
		e.Requests = append(e.Requests, r)
	}
	return nil
}

func (s *Service) exportedPlace(code *string, lat, lon *float64, language string) *ExportedPlace {
	if code == nil && lat == nil {
		return nil
	}
	p := &ExportedPlace{Lat: lat, Lon: lon}
	if code != nil {
		p.Name = s.Router.Gazetteer().Describe(*code, language)
	}
	return p
}

// exportedMessages are what a resident said and workers said to them, by request; 0 for what belongs to none.
func (s *Service) exportedMessages(ctx context.Context, bot, id int64) (map[int64][]ExportedMessage, error) {
	var all []struct {
		Message
		File string `db:"file"`
	}
	const columns = messageColumns + `, coalesce((SELECT a.name FROM attachments a WHERE a.message_id = m.id), '') AS file`
	err := s.DB.SelectContext(ctx, &all, `
		SELECT `+columns+` FROM messages m WHERE m.bot_id = $1 AND m.chat_id = $2 AND m.author = 'resident'
		UNION ALL SELECT `+columns+` FROM requests r JOIN messages m ON m.request_id = r.id
			WHERE r.bot_id = $1 AND r.chat_id = $2 AND m.author IN ('worker', 'supervisor') AND m.kind <> 'note' AND m.taken_back_at IS NULL
		ORDER BY id`, bot, id)
	said := map[int64][]ExportedMessage{}
	for _, m := range all {
		by, request := m.WorkerName, int64(0)
		switch m.Author {
		case ByResident:
			by = "you"
		case BySupervisor: // whose account it was is nothing to them
			by = BySupervisor
		}
		if m.Request != nil {
			request = *m.Request
		}
		said[request] = append(said[request], ExportedMessage{m.SaidAt, by, m.Kind, m.Text, m.Transcript, m.File, m.Edits != nil})
	}
	return said, wrap(err, "load what was said")
}

// exportedCorrections are the words that classifiers learn from, by request.
func (s *Service) exportedCorrections(ctx context.Context, c *chat) (map[int64][]string, error) {
	var all []struct {
		Request int64  `db:"request_id"`
		Text    string `db:"text"`
	}
	err := s.DB.SelectContext(ctx, &all, `SELECT c.request_id, c.text FROM corrections c JOIN requests r ON r.id = c.request_id
		WHERE r.bot_id = $1 AND r.chat_id = $2 ORDER BY c.id`, c.Bot, c.ID)
	learnt := map[int64][]string{}
	for _, l := range all {
		learnt[l.Request] = append(learnt[l.Request], l.Text)
	}
	return learnt, wrap(err, "load what was learnt")
}
