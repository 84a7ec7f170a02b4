package intake

import (
	"time"

	"onedoor/routing"
)

// What the next words in a chat are for.
const (
	modeNone  = ""
	modeNeed  = "need"  // a new matter, even where an open request would take them
	modePlace = "place" // the name of a place, for the request
	modeReply = "reply" // to the resident of the request
	modeNote  = "note"  // for colleagues only

	modeComment = "comment" // on how the request was solved
	modeAside   = "aside"   // to neither the resident nor the file by themselves: see putAside

	// A worker's, beside reply and note; those that are named like an outcome are why a request ends so.
	modeSentence = "sentence" // to the resident, on how the request has ended
	modeRemind   = "remind"   // when to be reminded of the request
	modeAppoint  = "appoint"  // when to meet the resident
	modeHandover = "handover" // a note on what is handed over
)

// chat is one person's private chat with one bot, or a group, whose number is negative.
type chat struct {
	Bot         int64    `db:"bot_id"`
	ID          int64    `db:"id"`
	Language    string   `db:"language"`
	Mode        string   `db:"mode"`
	Request     *int64   `db:"request_id"`
	ModeArg     string   `db:"mode_arg"` // of modeAside: what the words are for
	Place       *string  `db:"place_code"`
	Lat         *float64 `db:"lat"`
	Lon         *float64 `db:"lon"`
	PlaceSource string   `db:"place_source"`

	ToldAt *time.Time `db:"told_at"` // when the person last said that they are there, and as what: a source of place
	ToldAs string     `db:"told_as"`

	ModeAt *time.Time `db:"mode_at"` // when the mode was last used

	Quiet *time.Time `db:"quiet_at"` // since when it gets nothing

	WarnedAt  *time.Time `db:"warned_at"`  // when the person was last told that they are slowed or blocked
	BlockedAt *time.Time `db:"blocked_at"` // by a supervisor
	HeardAt   *time.Time `db:"heard_at"`   // when danger was last heard though it is blocked

	changed bool // its mode or place, which the end of the step writes
}

const chatColumns = `c.bot_id, c.id, c.language, c.mode, c.request_id, c.mode_arg, c.place_code, c.lat, c.lon, c.place_source, c.quiet_at,
	c.told_at, c.told_as, c.mode_at, c.warned_at, c.blocked_at, c.heard_at`

// setMode says what the next words in the chat are for, and of which request. A worker's mode is used with that.
func (s *step) setMode(mode string, request *int64) {
	if s.chat.Mode != mode || !equal(s.chat.Request, request) {
		s.chat.Mode, s.chat.Request, s.chat.ModeArg, s.chat.changed = mode, request, "", true
	}
	if s.writing() {
		s.chat.ModeAt, s.chat.changed = &s.now, true
	}
}

// setPlace keeps a place for the chat's next request.
func (s *step) setPlace(code *string, at routing.Point, source string) {
	s.chat.Place, s.chat.Lat, s.chat.Lon, s.chat.PlaceSource, s.chat.changed = code, &at.Lat, &at.Lon, source, true
	s.chat.ToldAt, s.chat.ToldAs = &s.now, source
}

func equal[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// apply marks a chat as out of reach, or within it again. What waits to be told there is then told.
func (b Blocked) apply(s *step) error {
	if b.Blocked {
		return s.shutOut(s.chat.Bot, s.chat.ID)
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET unreachable_at = NULL WHERE bot_id = $1 AND id = $2`, s.chat.Bot, s.chat.ID)
	return wrap(err, "mark the chat")
}

// overheardEvery is how often a group is told whom to call, at most.
const overheardEvery = 10 * time.Minute

// apply answers danger that a group speaks of with whom to call, and where to ask for help.
func (o Overheard) apply(s *step) error {
	crisis := s.Offline.Crisis(clean(o.Text))
	if crisis == "" {
		return nil
	}
	return s.tellGroupOnce(NoticeOverheard, Args{"crisis": crisis})
}

// setLanguage keeps the language that the person chose.
func (s *step) setLanguage(language string) error {
	s.chat.Language = language
	_, err := s.tx.ExecContext(s.ctx, `
		UPDATE chats SET language = $3, language_set = true WHERE bot_id = $1 AND id = $2`,
		s.chat.Bot, s.chat.ID, language)
	return wrap(err, "keep the language")
}
