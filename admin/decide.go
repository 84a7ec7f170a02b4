package admin

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

// What people write on a request's page, in characters: Telegram takes 4096 in one message, a name before them included.
const (
	maxAnswer   = 3000
	maxNote     = 3000
	maxSentence = 500
	maxReferred = 1000
)

// decision is what a form has an account do to a request of theirs.
type decision func(r *http.Request, by intake.Supervisor, ref string) error

// decides does what a form says, and leads back to where it was pressed.
func (a *Admin) decides(do decision) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := a.visible(r)
		if err != nil {
			return err
		}
		err = do(r, intake.Supervisor{Name: accountOf(r).Name, Sight: accountOf(r).Sight, Seen: seenOf(r)}, v.Ref)
		var bad badRequest
		switch {
		case errors.Is(err, intake.ErrRefused):
			return a.giveBack(w, r, http.StatusConflict, refusalText(err))
		case errors.As(err, &bad):
			return a.giveBack(w, r, http.StatusBadRequest, bad.key)
		case err != nil:
			return err
		}
		return a.goBack(w, r, v.Ref)
	}
}

// seenOf is what a form says that its account has seen of a request; 0 where it says nothing.
func seenOf(r *http.Request) int64 {
	seen, _ := strconv.ParseInt(r.PostFormValue("seen"), 10, 64) // else 0
	return max(seen, 0)
}

// goBack leads to where a form says, or to the request's page; where the account doesn't see that any more, to the board.
func (a *Admin) goBack(w http.ResponseWriter, r *http.Request, ref string) error {
	to := "/admin/requests/" + ref
	if back := r.PostFormValue("back"); back != "" {
		to = localPath(back)
	}
	if strings.HasPrefix(to, "/admin/requests/"+ref) {
		if _, err := a.visible(r); errors.Is(err, intake.ErrNotFound) {
			to = "/admin/"
		} else if err != nil {
			return err
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// errShown is a refusal or a question that has been shown: nothing has happened that is to be put on record.
var errShown = errors.New("not done, and shown")

// notDone is errShown where a page could be drawn.
func notDone(err error) error {
	if err != nil {
		return err
	}
	return errShown
}

// written are the words of a form's field, which must be some, and at most so many characters.
func written(r *http.Request, field string, most int) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(field), "\r\n", "\n"))
	if text == "" || utf8.RuneCountInString(text) > most {
		return "", badRequest{"error_words"}
	}
	return text, nil
}

// someWords are words that may be none.
func someWords(r *http.Request, field string, most int) (string, error) {
	if strings.TrimSpace(r.PostFormValue(field)) == "" {
		return "", nil
	}
	return written(r, field, most)
}

func (a *Admin) prioritise(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Prioritise(r.Context(), by, ref, prompts.Urgency(r.PostFormValue("urgency")))
}

// setPlace takes a place by its code, or a position.
func (a *Admin) setPlace(r *http.Request, by intake.Supervisor, ref string) error {
	if code := r.PostFormValue("place"); code != "" {
		return a.Intake.PlaceAt(r.Context(), by, ref, code)
	}
	at, ok := position(r)
	if !ok {
		return badRequest{"error_position"}
	}
	return a.Intake.PlacePoint(r.Context(), by, ref, at)
}

// position is the one that the fields lat and lon say, in degrees; false where they say none.
func position(r *http.Request) (at routing.Point, ok bool) {
	lat, errLat := strconv.ParseFloat(strings.TrimSpace(r.FormValue("lat")), 64)
	lon, errLon := strconv.ParseFloat(strings.TrimSpace(r.FormValue("lon")), 64)
	at = routing.Point{Lat: lat, Lon: lon}
	return at, errLat == nil && errLon == nil && at.Valid()
}

// codes are what can be a worker's or an organisation's.
var codes = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)

func (a *Admin) assign(r *http.Request, by intake.Supervisor, ref string) error {
	worker := r.PostFormValue("worker")
	if !codes.MatchString(worker) {
		return badRequest{"error_worker"}
	}
	return a.Intake.Assign(r.Context(), by, ref, worker)
}

func (a *Admin) release(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Release(r.Context(), by, ref)
}

func (a *Admin) answer(r *http.Request, by intake.Supervisor, ref string) error {
	text, err := written(r, "text", maxAnswer)
	if err != nil {
		return err
	}
	if r.PostFormValue("translate") != "" {
		return a.Intake.AnswerTranslated(r.Context(), by, ref, text)
	}
	return a.Intake.Answer(r.Context(), by, ref, text)
}

func (a *Admin) note(r *http.Request, by intake.Supervisor, ref string) error {
	text, err := written(r, "text", maxNote)
	if err != nil {
		return err
	}
	return a.Intake.Note(r.Context(), by, ref, text)
}

// refer asks an organisation in chat, with words; or keeps that it has agreed to help on the phone.
func (a *Admin) refer(r *http.Request, by intake.Supervisor, ref string) error {
	organisation := r.PostFormValue("organisation")
	if !codes.MatchString(organisation) {
		return badRequest{"error_organisation"}
	}
	if r.PostFormValue("agreed") != "" {
		return a.Intake.ReferTo(r.Context(), by, ref, organisation, "")
	}
	text, err := written(r, "text", maxReferred)
	if err != nil {
		return err
	}
	return a.Intake.ReferTo(r.Context(), by, ref, organisation, text)
}

// resolve takes an outcome, behind a dot with its reason as a worker's button has it.
func (a *Admin) resolve(r *http.Request, by intake.Supervisor, ref string) error {
	sentence, err := someWords(r, "sentence", maxSentence)
	if err != nil {
		return err
	}
	outcome, reason, _ := strings.Cut(r.PostFormValue("outcome"), ".")
	return a.Intake.Resolve(r.Context(), by, ref, intake.End{Outcome: outcome, Reason: reason, SameAs: clip(r.PostFormValue("same_as"), maxRef), Sentence: sentence})
}

func (a *Admin) reopen(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Reopen(r.Context(), by, ref)
}

func (a *Admin) closeRequest(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Close(r.Context(), by, ref)
}

// maxRef is how much of what is typed as a reference is looked at, in characters.
const maxRef = 40

func (a *Admin) link(r *http.Request, by intake.Supervisor, ref string) error {
	other := intake.NormalRef(clip(r.PostFormValue("ref"), maxRef))
	if !reference.MatchString(other) {
		return badRequest{"error_ref"}
	}
	return a.Intake.Link(r.Context(), by, ref, other)
}

func (a *Admin) unlink(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Unlink(r.Context(), by, ref)
}
