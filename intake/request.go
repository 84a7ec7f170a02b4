package intake

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/prompts"
	"onedoor/routing"
)

// A State is where a request is in its life; the schema draws the paths between them.
type State string

// The states of a request.
const (
	Draft     State = "draft"     // the conversation: nothing is asked of anybody yet
	Open      State = "open"      // in a station's queue, or on the triage list
	Claimed   State = "claimed"   // a worker has it
	Referred  State = "referred"  // an organisation has it, and the worker stays answerable
	Resolved  State = "resolved"  // done, and the resident may still say that it isn't
	Closed    State = "closed"    // done for good
	Cancelled State = "cancelled" // taken back by the resident
)

// Finished tells whether nobody has to act any more.
func (s State) Finished() bool { return s == Closed || s == Cancelled }

// Active tells whether the request is with a station or on its way to one.
func (s State) Active() bool { return s == Open || s == Claimed || s == Referred }

// InHand tells whether a worker has the request: alone, or with an organisation.
func (s State) InHand() bool { return s == Claimed || s == Referred }

// wantsPlace tells whether it still matters where the request is.
func (s State) wantsPlace() bool { return s == Draft || s.Active() }

// Why a supervisor must look at a request.
const (
	TriageUnclear       = "unclear"       // which service is meant
	TriageNoPlace       = "no_place"      // where it is
	TriageNoStation     = "no_station"    // no station serves it
	TriageUnstaffed     = "unstaffed"     // nobody of the station can be told
	TriageUnconfirmed   = "unconfirmed"   // the resident fell silent before confirming
	TriageUnclaimed     = "unclaimed"     // nobody claimed it in time
	TriageUnanswered    = "unanswered"    // whoever claimed the emergency is silent
	TriageUndeliverable = "undeliverable" // a message could not be delivered
	TriageTrouble       = "trouble"       // handling what the resident said failed
	TriageHandedUp      = "handed_up"     // a worker asks a supervisor to decide
)

// TriageReasons are all of these.
func TriageReasons() []string {
	return []string{TriageUnclear, TriageNoPlace, TriageNoStation, TriageUnstaffed, TriageUnconfirmed, TriageUnclaimed, TriageUnanswered,
		TriageUndeliverable, TriageTrouble, TriageHandedUp}
}

// What the clock does next to a request; see Service.Due.
const (
	actUnderstand = "understand" // the model has not answered: go on with the offline answer
	actWhich      = "which"      // the resident has not said which request is meant: decide
	actRemind     = "remind"     // the resident has not confirmed: ask once more
	actFile       = "file"       // still not: file it as it is
	actGather     = "gather"     // words came too fast: understand them together
	actSubmit     = "submit"     // confirmed, but too many for one day: submit it when there is room
	actClaim      = "claim"      // nobody has claimed it: remind, offer it on, tell supervisors; see clock
	actAsk        = "ask"        // claimed and not answered for half of the time: ask the worker whether they are on it
	actAnswer     = "answer"     // nor until its end: back into the queue
	actResolve    = "resolve"    // half, all or twice the time to resolve it is over: remind the worker, tell supervisors
	actCall       = "call"       // whoever had it doesn't take it on again: call the others
	actCallRest   = "callrest"   // those who were asked first don't take it: call the rest
	actClose      = "close"      // resolved and silent for a week: close it
)

// A Request is one resident's need, from the first word to the end.
type Request struct {
	ID            int64           `db:"id"`
	Ref           string          `db:"ref"`
	Bot           int64           `db:"bot_id"`
	Chat          int64           `db:"chat_id"`
	State         State           `db:"state"`
	Text          string          `db:"text"`
	Summary       string          `db:"summary"`
	Category      *string         `db:"category"`
	Urgency       prompts.Urgency `db:"urgency"`
	Crisis        prompts.Crisis  `db:"crisis"`
	Groups        pq.StringArray  `db:"groups"`
	Understanding document        `db:"understanding"`
	Place         *string         `db:"place_code"`
	Lat           *float64        `db:"lat"`
	Lon           *float64        `db:"lon"`
	PlaceSource   string          `db:"place_source"`
	Routing       document        `db:"routing"`
	Station       *string         `db:"station"`
	Worker        *string         `db:"worker"`
	Outcome       *string         `db:"outcome"`
	Triage        string          `db:"triage"`
	UpdateID      *int64          `db:"update_id"`
	CreatedAt     time.Time       `db:"created_at"`
	SubmittedAt   *time.Time      `db:"submitted_at"`
	ClaimedAt     *time.Time      `db:"claimed_at"`
	AnsweredAt    *time.Time      `db:"answered_at"`
	ResolvedAt    *time.Time      `db:"resolved_at"`
	ClosedAt      *time.Time      `db:"closed_at"`
	ErasedAt      *time.Time      `db:"erased_at"` // since when it is nobody's, without words
	ClaimDue      *time.Time      `db:"claim_due"`
	AnswerDue     *time.Time      `db:"answer_due"`
	ResolveDue    *time.Time      `db:"resolve_due"`
	NextAction    *string         `db:"next_action"`
	NextActionAt  *time.Time      `db:"next_action_at"`
	ClaimLevel    int             `db:"claim_level"` // how far its two clocks have got; see clock
	ResolveLevel  int             `db:"resolve_level"`
	CycleAt       *time.Time      `db:"cycle_at"` // since when these clocks run; see step.standard
	Unnamed       bool            `db:"unnamed"`  // see stayUnnamed
}

const requestColumns = `r.id, r.ref, r.bot_id, r.chat_id, r.state, r.text, r.summary, r.category, r.urgency, r.crisis,
	r.groups, r.understanding, r.place_code, r.lat, r.lon, r.place_source, r.routing, r.station, r.worker, r.outcome,
	r.triage, r.update_id, r.created_at, r.submitted_at, r.claimed_at, r.answered_at, r.resolved_at, r.closed_at, r.erased_at,
	r.claim_due, r.answer_due, r.resolve_due, r.next_action, r.next_action_at, r.unnamed, r.claim_level, r.resolve_level, r.cycle_at`

// Point is where the request is, or false when that isn't known.
func (r *Request) Point() (routing.Point, bool) {
	if r.Lat == nil || r.Lon == nil {
		return routing.Point{}, false
	}
	return routing.Point{Lat: *r.Lat, Lon: *r.Lon}, true
}

// Pending tells whether the model is still being asked what a draft means.
func (r *Request) Pending() bool {
	return r.State == Draft && r.NextAction != nil && *r.NextAction == actUnderstand
}

// Ready tells whether a draft says where, and nobody is still being asked what it means.
func (r *Request) Ready() bool {
	_, placed := r.Point()
	return r.State == Draft && placed && !r.Pending()
}

// next sets what happens if nobody does anything until at.
func (r *Request) next(action string, at time.Time) {
	r.NextAction, r.NextActionAt = &action, &at
}

func (r *Request) finish(state State, at time.Time) {
	r.State, r.ClosedAt, r.NextAction, r.NextActionAt = state, &at, nil, nil
}

// priority is that of notices about the request: 0 goes before all others.
func (r *Request) priority() int {
	switch r.Urgency {
	case prompts.Emergency:
		return 0
	default:
		return 1
	}
}

// insert stores a new draft under a reference of its own. Whoever stays unnamed in a request that a station has does so in
// this one, too: what was promised there holds.
func (r *Request) insert(ctx context.Context, tx *sqlx.Tx) error {
	for range 20 {
		err := tx.GetContext(ctx, r, `
			INSERT INTO requests AS r (ref, bot_id, chat_id, text, created_at, next_action, next_action_at, unnamed)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8 OR EXISTS (SELECT FROM requests q WHERE q.bot_id = $2 AND q.chat_id = $3
				AND q.state IN ('open', 'claimed', 'referred') AND q.unnamed))
			ON CONFLICT (ref) DO NOTHING RETURNING `+requestColumns,
			newRef(), r.Bot, r.Chat, r.Text, r.CreatedAt, r.NextAction, r.NextActionAt, r.Unnamed)
		if !errors.Is(err, sql.ErrNoRows) {
			return wrap(err, "store a draft")
		}
	}
	return errors.New("store a draft: no free reference in twenty tries")
}

// save writes all that may change of a request that is locked by this transaction.
func (r *Request) save(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE requests SET state = $2, text = $3, summary = $4, category = $5, urgency = $6, crisis = $7, groups = $8,
			understanding = $9, place_code = $10, lat = $11, lon = $12, place_source = $13, routing = $14, station = $15,
			worker = $16, outcome = $17, triage = $18, update_id = $19, submitted_at = $20, claimed_at = $21,
			answered_at = $22, resolved_at = $23, closed_at = $24, claim_due = $25, answer_due = $26, resolve_due = $27,
			next_action = $28, next_action_at = $29, claim_level = $30, resolve_level = $31, cycle_at = $32
		WHERE id = $1`, r.ID, r.State, r.Text, r.Summary, r.Category, r.Urgency, r.Crisis, r.Groups,
		r.Understanding, r.Place, r.Lat, r.Lon, r.PlaceSource, r.Routing, r.Station,
		r.Worker, r.Outcome, r.Triage, r.UpdateID, r.SubmittedAt, r.ClaimedAt,
		r.AnsweredAt, r.ResolvedAt, r.ClosedAt, r.ClaimDue, r.AnswerDue, r.ResolveDue,
		r.NextAction, r.NextActionAt, r.ClaimLevel, r.ResolveLevel, r.CycleAt)
	return wrap(err, "save request "+r.Ref)
}

// lockRequest loads the one request that the condition names and keeps others from changing it.
// No such request is ErrNotFound.
func lockRequest(ctx context.Context, tx *sqlx.Tx, condition string, args ...any) (*Request, error) {
	var r Request
	err := tx.GetContext(ctx, &r, `SELECT `+requestColumns+` FROM requests r WHERE `+condition+` FOR UPDATE`, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return &r, wrap(err, "load a request")
}

// refLetters leaves out what is mistaken for something else when read out or written by hand
// (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) and the vowels, so that no reference is a word.
const refLetters = "34679CDFGHJKMNPQRTWXY"

// newRef makes a reference of six letters: 85 million of them.
func newRef() string {
	var random [6]byte
	for i := range random {
		for { // a byte past the last whole multiple would favour the first letters
			rand.Read(random[i : i+1])
			if random[i] < 252 {
				break
			}
		}
		random[i] = refLetters[int(random[i])%len(refLetters)]
	}
	return string(random[:])
}

// NormalRef is a reference as it is stored, from one as people type it.
func NormalRef(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
}
