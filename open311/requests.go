package open311

import (
	"net/http"
	"strings"
	"time"

	"onedoor/intake"
)

// A request is one as the standard shows it.
type request struct {
	ID          text    `json:"service_request_id" xml:"service_request_id"`
	Status      text    `json:"status" xml:"status"`
	StatusNotes text    `json:"status_notes" xml:"status_notes"`
	ServiceName text    `json:"service_name" xml:"service_name"`
	ServiceCode text    `json:"service_code" xml:"service_code"`
	Description text    `json:"description" xml:"description"`
	Agency      text    `json:"agency_responsible" xml:"agency_responsible"`
	Notice      text    `json:"service_notice" xml:"service_notice"`
	Requested   text    `json:"requested_datetime" xml:"requested_datetime"`
	Updated     text    `json:"updated_datetime" xml:"updated_datetime"`
	Expected    text    `json:"expected_datetime" xml:"expected_datetime"`
	Address     text    `json:"address" xml:"address"`
	AddressID   text    `json:"address_id" xml:"address_id"`
	Zipcode     text    `json:"zipcode" xml:"zipcode"`
	Lat         degrees `json:"lat" xml:"lat"`
	Long        degrees `json:"long" xml:"long"`
	MediaURL    text    `json:"media_url" xml:"media_url"`
}

// tokenOf is the number that a token stands for. We give numbers at once, so each is its own token.
type tokenOf struct {
	ID    text `json:"service_request_id" xml:"service_request_id"`
	Token text `json:"token" xml:"token"`
}

// maxSpan is the longest time that one question may be about, and maxIDs how many numbers it may name.
const (
	maxSpan = 90 * 24 * time.Hour
	maxIDs  = 1000
)

// requests lists what the caller may see, the latest first.
func (a *API) requests(r *http.Request) (any, error) {
	system, err := a.reader(r)
	if err != nil {
		return nil, err
	}
	q, err := a.following(r)
	if err != nil {
		return nil, err
	}
	return a.follow(r, system, q)
}

// request is one that the caller may see.
func (a *API) request(r *http.Request) (any, error) {
	found, err := a.one(r)
	if err != nil {
		return nil, err
	}
	return found, nil
}

// token is the number of a request by its token.
func (a *API) token(r *http.Request) (any, error) {
	found, err := a.one(r)
	if err != nil {
		return nil, err
	}
	ref := found.all[0].ID
	return list[tokenOf]{"service_requests", "request", []tokenOf{{ref, ref}}}, nil
}

// one is the request whose number the path has.
func (a *API) one(r *http.Request) (found list[request], err error) {
	system, err := a.reader(r)
	if err != nil {
		return found, err
	}
	found, err = a.follow(r, system, intake.Following{Refs: []string{id(r)}})
	if err == nil && len(found.all) == 0 {
		err = intake.ErrNotFound
	}
	return found, err
}

// follow is what is asked for, as the standard shows it.
func (a *API) follow(r *http.Request, system *intake.System, q intake.Following) (list[request], error) {
	all, err := a.Intake.Follow(r.Context(), system, q)
	found := list[request]{root: "service_requests", item: "request"}
	for i := range all {
		found.all = append(found.all, a.shown(&all[i], language(r)))
	}
	return found, err
}

// following is what a question says: numbers, or services, states and a span of at most 90 days.
func (a *API) following(r *http.Request) (q intake.Following, err error) {
	get := r.URL.Query()
	if q.Refs = words(get["service_request_id"]); len(q.Refs) > maxIDs {
		return q, bad("Too many values of service_request_id: 1,000 at most.")
	}
	if len(q.Refs) > 0 {
		return q, nil // which goes before all else
	}
	q.Services = words(get["service_code"])
	for _, code := range q.Services {
		if !a.known(code) {
			return q, problem{http.StatusNotFound, "service_code was not found."}
		}
	}
	for _, status := range words(get["status"]) {
		switch status {
		case "open":
			q.Open = true
		case "closed":
			q.Done = true
		default:
			return q, bad("status must be open or closed.")
		}
	}
	q.From, q.To, err = span(get.Get("start_date"), get.Get("end_date"), a.Intake.Now())
	return q, err
}

// words are the values of a parameter that may be given several times, or several in one, parted by commas.
func words(values []string) (all []string) {
	for _, value := range values {
		for word := range strings.SplitSeq(value, ",") {
			if word = strings.TrimSpace(word); word != "" {
				all = append(all, word)
			}
		}
	}
	return all
}

// span is the time that is asked about. Where only one end is said it is 90 days, and the last 90 where none is.
func span(start, end string, now time.Time) (from, to time.Time, err error) {
	if to, err = date("end_date", end); err != nil {
		return from, to, err
	}
	if from, err = date("start_date", start); err != nil {
		return from, to, err
	}
	switch {
	case start == "" && end == "":
		from, to = now.Add(-maxSpan), now
	case start == "":
		from = to.Add(-maxSpan)
	case end == "":
		to = from.Add(maxSpan)
	}
	if to.Before(from) || to.Sub(from) > maxSpan {
		return from, to, bad("start_date and end_date must be in order, and at most 90 days apart.")
	}
	return from, to, nil
}

// date reads a moment in the format that the standard wants.
func date(name, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, strings.ReplaceAll(value, " ", "+")) // a plus that nobody has escaped
	if err != nil || at.Year() < 1970 || at.Year() > 9998 {
		return at, bad(name + " must look like 2010-01-01T00:00:00Z.")
	}
	return at, nil
}

// shown is a request as the standard shows it.
func (a *API) shown(f *intake.Followed, lang string) request {
	code := intake.Unclear
	if f.Category != nil {
		code = *f.Category
	}
	shown := request{ID: text(f.Ref), Status: "open", StatusNotes: text(a.statusNotes(f, lang)), ServiceName: text(a.serviceName(code, lang)),
		ServiceCode: text(code), Description: text(f.Words), Agency: text(a.station(f.Station, lang)), Requested: moment(f.RequestedAt),
		Updated: moment(f.UpdatedAt), Expected: moment(f.ResolveDue), Address: text(f.Address), Lat: degrees{f.Lat}, Long: degrees{f.Lon}}
	if f.Done() {
		shown.Status = "closed"
	}
	if f.Place != nil {
		shown.AddressID = text(*f.Place)
		if f.Address == "" {
			shown.Address = text(a.Intake.Router.Gazetteer().Describe(*f.Place, lang))
		}
	}
	return shown
}

// statusNotes say how it stands or how it ended and why, and under that what a worker or a supervisor wrote last to who asks.
func (a *API) statusNotes(f *intake.Followed, lang string) string {
	say := func(key string) string { return a.texts.Say(lang, key, nil) }
	notes := say("state_" + string(f.State))
	if f.Outcome != nil && f.Done() {
		notes = say("outcome_" + *f.Outcome)
	}
	if f.Reason != "" {
		notes += ": " + say("reason_"+f.Reason)
	}
	if f.Said != "" {
		notes += "\n" + f.Said
	}
	return notes
}
