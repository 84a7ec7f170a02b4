package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/riverqueue/river"

	"onedoor/prompts"
	"onedoor/routing"
)

// nobodysBot is the bot of the chats that only stand for who asks through a system: no process serves it, and flush drops
// what would be told there.
const nobodysBot = -1

// Unclear is what a system says for a service where it doesn't know which is meant.
const Unclear = "unclear"

// A Filing is a request as a system files it for somebody who has no chat with us. Only the service and where it is are
// needed, and Words where the service is Unclear.
type Filing struct {
	Service  string         // the key of a category, or Unclear
	Words    string         // what is needed
	At       *routing.Point // where: one of these three
	Address  string
	Place    string // a code of the gazetteer's
	Name     string // of who asks
	Phone    string // to call them back
	Email    string
	Account  string // who asks, as the system numbers its own; so Device
	Device   string
	Repeat   string // the system's own key for this filing: filed twice under it, it is one request
	Language string // an IETF tag
}

// The messages of a filed request, as Telegram would number them, and how many updates each chat of one may have.
const (
	filedWords = iota + 1
	filedAddress
	filedContact
	filedUpdates
)

// Bounds of a filing, in characters; GeoReport v2 has that of the words.
const (
	maxFiledWords = 4000
	maxFiledField = 200
)

// sameAgain is for how long the same words of the same account or device are the same filing, where it has no key of its own.
const sameAgain = 10 * time.Minute

// An Unfiled is why a filing isn't taken. What speaks of danger always is, whatever else it lacks.
type Unfiled string

// The refusals.
const (
	UnfiledNoService Unfiled = "no service is given"
	UnfiledService   Unfiled = "there is no such service"
	UnfiledNoWords   Unfiled = "neither a service nor words say what is needed"
	UnfiledLong      Unfiled = "words or a field are too long"
	UnfiledNoPlace   Unfiled = "it isn't said where"
	UnfiledFar       Unfiled = "it is far from all that is known"
	UnfiledOutside   Unfiled = "it is outside of the system's county"
	UnfiledRepeat    Unfiled = "another filing had this key"
)

func (r Unfiled) Error() string { return "filing refused: " + string(r) }

// FileFor files a request at once, like one that a resident has confirmed, and returns its reference; of what was filed before
// that of then. It is an Unfiled where the filing isn't taken, and ErrNotFound where the system was switched off meanwhile.
func (s *Service) FileFor(ctx context.Context, system *System, f Filing) (ref string, err error) {
	f = f.cleaned()
	err = s.transact(ctx, func(st *step) error {
		if err := st.lockSystem(system.ID); err != nil {
			return err
		}
		crisis := st.dangerFiled(f)
		ref, err = st.filedBefore(system, f)
		if errors.Is(err, UnfiledRepeat) && crisis != "" {
			f.Repeat, err = "", ErrNotFound
		}
		if errors.Is(err, ErrNotFound) {
			ref, err = st.fileFor(system, f, crisis)
		}
		return err
	})
	return ref, wrap(err, "file a request of the system "+system.Name)
}

// cleaned is the filing as it can be stored and shown.
func (f Filing) cleaned() Filing {
	for _, field := range []*string{&f.Service, &f.Words, &f.Address, &f.Place, &f.Name, &f.Phone, &f.Email, &f.Account, &f.Device, &f.Repeat} {
		*field = clean(*field)
	}
	if f.At != nil && !f.At.Valid() {
		f.At = &routing.Point{} // which is nowhere, too
	}
	return f
}

// lockSystem keeps others from filing for the system at the same time, so that what comes twice at once is filed once.
func (s *step) lockSystem(id int64) error {
	var locked int64
	err := s.tx.GetContext(s.ctx, &locked, `SELECT id FROM systems WHERE id = $1 AND active FOR NO KEY UPDATE`, id)
	if noRows(err) {
		return ErrNotFound
	}
	return wrap(err, "lock a system")
}

// filedBefore is the reference under which the same was filed before, or ErrNotFound.
func (s *step) filedBefore(system *System, f Filing) (string, error) {
	if f.Repeat == "" && f.Account == "" && f.Device == "" {
		return "", ErrNotFound
	}
	var before struct {
		Ref  string `db:"ref"`
		Same bool   `db:"same"`
	}
	err := s.tx.GetContext(s.ctx, &before, `
		SELECT r.ref, f.digest = $3 AS same FROM filings f JOIN requests r ON r.id = f.request_id
		WHERE f.system_id = $1 AND f.repeat_key = $2 AND ($2 <> '' OR f.filed_at > $4 AND f.digest = $3)
		ORDER BY f.request_id DESC LIMIT 1`, system.ID, f.Repeat, f.digest(), s.now.Add(-sameAgain))
	switch {
	case noRows(err):
		return "", ErrNotFound
	case err != nil:
		return "", wrap(err, "look whether it was filed before")
	case !before.Same:
		return "", UnfiledRepeat
	}
	return before.Ref, nil
}

// digest is that of all that the filing says.
func (f Filing) digest() []byte {
	f.Language, f.Repeat = "", ""
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts and two numbers
	}
	hash := sha256.Sum256(text)
	return hash[:]
}

// dangerFiled is what danger the filing speaks of, in the words or where somebody wrote it beside the address.
func (s *Service) dangerFiled(f Filing) prompts.Crisis {
	if crisis := s.Offline.Crisis(f.Words); crisis != "" {
		return crisis
	}
	return s.Offline.Crisis(f.Address)
}

// Endangers tells whether a filing speaks of danger, and so must not wait.
func (s *Service) Endangers(f Filing) bool { return s.dangerFiled(f.cleaned()) != "" }

// fileFor makes the filing a request. Danger comes before everything else.
func (s *step) fileFor(system *System, f Filing, crisis prompts.Crisis) (string, error) {
	at := s.filedAt(system, f)
	if crisis == "" {
		if err := s.refuse(system, f, at); err != nil {
			return "", err
		}
	}
	r, err := s.takeFiling(f)
	if err != nil {
		return "", err
	}
	s.understandFiled(r, f, crisis)
	if at.source != "" {
		r.Place, r.Lat, r.Lon, r.PlaceSource = at.place, &at.Lat, &at.Lon, at.source
		s.log(r, "placed", ByResident, "", Args{"place": r.Place, "source": r.PlaceSource})
	}
	if err := s.submitAs(r, ByResident, nil); err != nil {
		return "", err
	}
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO filings (request_id, system_id, filed_at, account, device, repeat_key, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, r.ID, system.ID, s.now, cut(f.Account), cut(f.Device), f.repeatKey(), f.digest()); err != nil {
		return "", wrap(err, "keep who filed a request")
	}
	return r.Ref, s.askModelToo(r)
}

// refuse tells why a filing without danger isn't taken, if it isn't.
func (s *step) refuse(system *System, f Filing, at spot) error {
	_, known := s.Taxonomy.Category(f.Service)
	switch {
	case f.Service == "":
		return UnfiledNoService
	case !known && f.Service != Unclear:
		return UnfiledService
	case f.Service == Unclear && f.Words == "":
		return UnfiledNoWords
	case f.tooLong():
		return UnfiledLong
	case f.At == nil && f.Address == "" && f.Place == "":
		return UnfiledNoPlace
	case at.source == "" && f.At != nil:
		return UnfiledFar
	case at.place != nil && system.County != nil && !s.Router.Gazetteer().Lies(*at.place, *system.County):
		return UnfiledOutside
	}
	return nil
}

func (f Filing) tooLong() bool {
	for _, field := range []string{f.Address, f.Place, f.Name, f.Phone, f.Email, f.Account, f.Device, f.Repeat} {
		if utf8.RuneCountInString(field) > maxFiledField {
			return true
		}
	}
	return utf8.RuneCountInString(f.Words) > maxFiledWords
}

// cut is a field of what is taken for its danger though it is too long.
func cut(field string) string {
	runes := []rune(field)
	return string(runes[:min(len(runes), maxFiledField)])
}

// repeatKey is the filing's key, if it can be one.
func (f Filing) repeatKey() string {
	if cut(f.Repeat) != f.Repeat {
		return ""
	}
	return f.Repeat
}

// takeFiling makes a chat that stands for who asks, with a draft of what they say.
func (s *step) takeFiling(f Filing) (*Request, error) {
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO bots (id) VALUES ($1) ON CONFLICT DO NOTHING`, nobodysBot); err != nil {
		return nil, wrap(err, "make the bot of filed requests")
	}
	s.chat = &chat{}
	err := s.tx.GetContext(s.ctx, s.chat, `INSERT INTO chats AS c (bot_id, id, language, created_at, unreachable_at, phone)
		VALUES ($1, nextval('filed_chats'), $2, $3, $3, $4) RETURNING `+chatColumns, nobodysBot, Language(f.Language), s.now, phoneNumber(f.Phone))
	if err != nil {
		return nil, wrap(err, "make the chat of a filed request")
	}
	r, err := s.startDraft(joinWords(f.Words, f.Address))
	if err != nil {
		return nil, err
	}
	for _, said := range []struct {
		number int64
		what   said
	}{
		{filedWords, said{kind: KindText, text: f.Words}},
		{filedAddress, said{kind: KindText, text: f.Address}},
		{filedContact, said{kind: KindContact, text: f.contact(), own: true}},
	} {
		if said.what.text == "" {
			continue
		}
		s.update = Update{Bot: s.chat.Bot, ID: s.chat.ID*filedUpdates + said.number, Chat: s.chat.ID, MessageID: said.number}
		id, err := s.keep(r, ByResident, said.what)
		if err != nil {
			return nil, err
		}
		if said.number != filedWords { // those are what it began with
			s.log(r, "said", ByResident, "", Args{"message": id})
		}
	}
	return r, nil
}

// contact is who asks, and how they can be called or written to.
func (f Filing) contact() string {
	var parts []string
	for _, part := range []string{f.Name, f.Phone, f.Email} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// understandFiled is what the words mean. A service that the system names stands, but for danger.
func (s *step) understandFiled(r *Request, f Filing, crisis prompts.Crisis) {
	u := s.Offline.Classify(f.Words)
	r.understood(u)
	if _, known := s.Taxonomy.Category(f.Service); known {
		r.Category = &f.Service
	}
	if crisis != "" {
		s.endangered(r, crisis)
	}
	s.log(r, "understood", BySystem, "", understoodData(u))
}

// askModelToo has the model look for danger in what is filed already; see settle.
func (s *step) askModelToo(r *Request) error {
	if s.Model == nil || s.jobs == nil || r.Text == "" || r.Urgency == prompts.Emergency {
		return nil
	}
	_, err := s.jobs.InsertTx(s.ctx, s.tx.Tx, understandArgs{r.ID}, &river.InsertOpts{MaxAttempts: 1})
	return wrap(err, "have the model look at a filed request")
}
