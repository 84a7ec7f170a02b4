package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"

	"onedoor/internal/database"
	"onedoor/internal/filestore"
	"onedoor/prompts"
	"onedoor/routing"
)

// What a caller can be told of; everything else is an error of ours.
var (
	ErrNotFound = errors.New("not found")
	ErrRefused  = errors.New("not possible now")
)

// Options are what a Service works with. All but Model, Transcriber, File, Files, Keep, Limits, ClaimLimit, UndoFor, DigestAt, Wake and Now are needed.
type Options struct {
	DB       *database.DB
	Router   *routing.Router
	Taxonomy *prompts.Taxonomy
	Offline  *prompts.Offline
	Model    *prompts.Model // nil: the offline classifier alone

	// Transcriber writes down voices, which File opens (ErrNotFound where it is gone, ErrTooBig); nil: a person listens.
	Transcriber *prompts.Transcriber
	File        func(ctx context.Context, bot int64, id string) (content io.ReadCloser, name string, err error)

	Files *filestore.Store // where copies of what people send are kept, fetched by File; nil: none are
	Keep  time.Duration    // how long words are kept after their request has ended; 0: for ever

	Limits Limits // of one account

	ClaimLimit int           // how many requests one worker may have, emergencies aside; 0: 15
	UndoFor    time.Duration // how long a claim can be taken back: Undo; 0: not at all

	DigestAt *TimeOfDay // when supervisors are told how their stations fared; nil: never

	Wake func()           // called after a commit that wrote notices
	Now  func() time.Time // the clock; time.Now when nil
	Log  *slog.Logger
}

// Service handles what people do. It is safe for concurrent use, over any number of processes.
type Service struct {
	Options
	jobs     *river.Client[*sql.Tx] // set where jobs are worked on
	coverage lastCover
	settings atomic.Pointer[[]Setting] // service standards that administrators have set, the latest first; nil: none
	looking  looking
}

// New makes a Service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Limits.PerMinute == 0 {
		o.Limits.PerMinute = 20
	}
	if o.Limits.PerDay == 0 {
		o.Limits.PerDay = 10
	}
	if o.ClaimLimit == 0 {
		o.ClaimLimit = 15
	}
	if o.Wake == nil {
		o.Wake = func() {}
	}
	return &Service{Options: o, looking: looking{sample: 1000, common: 5, commons: 50, hits: 20_000, far: 10_000}}
}

// An Answer is what the presser of a button sees at once, in their language, beside the notices. An empty Kind says nothing.
type Answer struct {
	Kind     string
	Args     Args
	Language string // one of Languages
}

// step is one transaction of the domain: one cause, one moment, and what follows from it.
type step struct {
	*Service
	ctx     context.Context
	tx      *sqlx.Tx
	now     time.Time
	update  Update
	chat    *chat
	worker  *Worker  // whose chat it is, or nil
	partner *Partner // likewise
	hasty   bool     // more was done in the chat within a minute than anybody can follow
	answer  Answer
	// fromGroup: the worker has pressed a button in their station's group
	fromGroup bool
	// supervisor: the account whose decision the step is, or empty. There is no chat of theirs: see tell
	supervisor string
	trouble    int64 // of which the step is a part, or 0
	notices    []notice
	events     []event
	told       []int64 // requests whose residents are told something at once; see tellsOfClaim
}

// Handle does all that an update causes, or nothing: after an error the update must come again. An update
// that was handled before has no effect and is no error.
func (s *Service) Handle(ctx context.Context, u Update) (Answer, error) {
	var answer Answer
	err := s.transact(ctx, func(st *step) error {
		st.update = u
		fresh, err := st.receive()
		if err != nil || !fresh {
			return err
		}
		if err := st.perform(); err != nil {
			return err
		}
		answer = st.answer
		answer.Language = st.chat.Language
		return nil
	})
	if err != nil {
		return Answer{}, fmt.Errorf("handle update %d: %w", u.ID, err)
	}
	return answer, nil
}

// transact runs one step and wakes whoever delivers notices if it wrote some.
func (s *Service) transact(ctx context.Context, do func(*step) error) error {
	told := false
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		st := &step{Service: s, ctx: ctx, tx: tx, now: s.Now().UTC().Truncate(time.Microsecond)}
		if err := do(st); err != nil {
			return err
		}
		told = len(st.notices) > 0
		return st.flush()
	})
	if err == nil && told {
		s.Wake()
	}
	return err
}

// receive records the update, counts it for its chat, and locks that. It is false for an update that was handled before.
func (s *step) receive() (bool, error) {
	u := s.update
	var got struct {
		chat
		Worker  *string `db:"worker"`
		Partner *string `db:"partner"`
		Hasty   bool    `db:"hasty"`
	}
	album, counts := "", true
	switch act := u.Act.(type) {
	case Sent:
		album = act.Album
	case Located:
		counts = !act.Edit
	}
	err := s.tx.GetContext(s.ctx, &got, `
		WITH seen AS (
			INSERT INTO updates (bot_id, id, received_at) VALUES ($1, $2, $5)
			ON CONFLICT DO NOTHING RETURNING id)
		INSERT INTO chats AS c (bot_id, id, language, created_at, recent)
		SELECT $1, $3, $4, $5, ARRAY [CAST($5 AS timestamptz)] FROM seen
		ON CONFLICT (bot_id, id) DO UPDATE SET
			unreachable_at = NULL, -- whoever does something here can be reached
			language = CASE WHEN c.language_set OR $6 THEN c.language ELSE EXCLUDED.language END,
			recent = CASE WHEN NOT $9 OR $7 <> '' AND EXISTS (SELECT FROM messages m WHERE m.bot_id = $1 AND m.chat_id = $3 AND m.album = $7)
				THEN c.recent ELSE (EXCLUDED.recent || c.recent)[1 : $8] END
		RETURNING `+chatColumns+`, coalesce(c.recent[$8] > CAST($5 AS timestamptz) - interval '1 minute', false) AS hasty,
			(SELECT w.code FROM workers w WHERE w.bot_id = c.bot_id AND w.chat_id = c.id AND w.active) AS worker,
			(SELECT p.code FROM partners p WHERE p.bot_id = c.bot_id AND p.chat_id = c.id AND p.active) AS partner`,
		u.Bot, u.ID, u.Chat, Language(u.Language), s.now, u.Language == "", album, s.Limits.PerMinute+1, counts)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "record the update")
	}
	s.chat, s.hasty = &got.chat, got.Hasty
	if got.Worker != nil { // most people aren't one
		s.worker, err = workerOfChat(s.ctx, s.tx, u.Bot, u.Chat)
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
	}
	if got.Partner != nil && err == nil {
		s.partner, err = loadPartner(s.ctx, s.tx, *got.Partner)
	}
	return true, err
}

// flush writes what the step has made of its chat, its events and its notices, in one statement. What would be told where
// nobody reads it is left out.
func (s *step) flush() error {
	s.notices = slices.DeleteFunc(s.notices, func(n notice) bool { return n.Bot == nobodysBot })
	if s.chat == nil || !s.chat.changed {
		s.chat = &chat{}
	}
	if !s.chat.changed && len(s.events) == 0 && len(s.notices) == 0 {
		return nil
	}
	events, err := json.Marshal(s.events)
	if err != nil {
		return wrap(err, "write events")
	}
	notices, err := json.Marshal(s.notices)
	if err != nil {
		return wrap(err, "write notices")
	}
	if err := s.tellOfClaims(); err != nil {
		return err
	}
	c := s.chat
	_, err = s.tx.ExecContext(s.ctx, `
		WITH chat AS (
			UPDATE chats SET mode = $3, request_id = $4, place_code = $5, lat = $6, lon = $7, place_source = $8, mode_at = $11, mode_arg = $12,
				told_at = $13, told_as = $14
			WHERE bot_id = $1 AND id = $2),
		logged AS (
			INSERT INTO events (request_id, at, kind, actor, actor_id, data)
			SELECT request_id, at, kind, actor, actor_id, data
			FROM jsonb_to_recordset($9) AS e (request_id bigint, at timestamptz, kind text, actor text, actor_id text, data jsonb)),
		n AS (
			SELECT * FROM jsonb_to_recordset($10) AS n (bot_id bigint, chat_id bigint, priority smallint, kind text,
				args jsonb, request_id bigint, edits bigint, created_at timestamptz, next_try_at timestamptz)),
		replaced AS (
			UPDATE notices SET state = 'dropped', error = 'a later notice shows the same message'
			WHERE edits = ANY (ARRAY (SELECT edits FROM n)) AND state NOT IN ('sent', 'dropped', 'failed'))
		INSERT INTO notices (bot_id, chat_id, priority, kind, args, request_id, edits, created_at, next_try_at)
		SELECT bot_id, chat_id, priority, kind, args, request_id, edits, created_at, coalesce(next_try_at, created_at) FROM n`,
		c.Bot, c.ID, c.Mode, c.Request, c.Place, c.Lat, c.Lon, c.PlaceSource, orNone(events), orNone(notices), c.ModeAt, c.ModeArg, c.ToldAt, c.ToldAs)
	return wrap(err, "write what has changed, events and notices")
}

// orNone is a list as JSON; Go writes one that was never begun as null.
func orNone(list []byte) string {
	if string(list) == "null" {
		return "[]"
	}
	return string(list)
}
