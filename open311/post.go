package open311

import (
	"cmp"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/routing"
)

// maxBody is how long a request may be, in bytes.
const maxBody = 64 << 10

// A created request is what a POST is answered with.
type created struct {
	ID      text `json:"service_request_id" xml:"service_request_id"`
	Notice  text `json:"service_notice" xml:"service_notice"`
	Account text `json:"account_id" xml:"account_id"`
}

// file takes a request for help. It is stored before it is answered; filed again under the same Idempotency-Key, it is answered
// as before.
func (a *API) file(r *http.Request) (any, error) {
	if err := readForm(r); err != nil {
		return nil, err
	}
	system, err := a.caller(r)
	if err != nil {
		return nil, err
	}
	f := filing(r)
	if !a.allow(system.ID) && !a.Intake.Endangers(f) { // who is in danger doesn't wait
		return nil, errTooMany
	}
	if r.MultipartForm != nil && len(r.MultipartForm.File) > 0 && !a.Intake.Endangers(f) {
		return nil, bad("Files are not taken. Please leave them out.")
	}
	ref, err := a.Intake.FileFor(r.Context(), system, f)
	var refusal intake.Unfiled
	switch {
	case errors.As(err, &refusal):
		return nil, refused(refusal)
	case errors.Is(err, intake.ErrNotFound): // switched off meanwhile
		return nil, problem{http.StatusForbidden, "Invalid api_key received."}
	case err != nil:
		return nil, err
	}
	notice, err := a.notice(r, ref)
	return list[created]{"service_requests", "request", []created{{text(ref), text(notice), text(f.Account)}}}, err
}

// readForm reads a form in UTF-8 of either kind.
func readForm(r *http.Request) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data" {
		return bad("Content-Type must be application/x-www-form-urlencoded; charset=utf-8 (or multipart/form-data).")
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return bad("The charset must be utf-8.")
	}
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxBody)
	} else {
		err = r.ParseForm()
	}
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return bad("The request is too long: " + strconv.Itoa(maxBody>>10) + " kB at most.")
	}
	if err != nil {
		return bad("The form can't be read.")
	}
	if r.MultipartForm != nil {
		r.PostForm = r.MultipartForm.Value
	}
	for _, values := range r.PostForm {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return bad("The text must be UTF-8.")
			}
		}
	}
	return nil
}

// fields are what a POST may say, as the standard names it, and the key of a repeat. What isn't here is ignored.
func fields() []string {
	return []string{"api_key", "jurisdiction_id", "service_code", "lat", "long", "address_string", "address_id", "email", "device_id",
		"account_id", "first_name", "last_name", "phone", "description", "media_url", "idempotency_key"}
}

// filing is what the form says.
func filing(r *http.Request) intake.Filing {
	get := r.PostForm.Get
	f := intake.Filing{Service: get("service_code"), Words: get("description"), Address: get("address_string"), Place: get("address_id"),
		Name: strings.TrimSpace(get("first_name") + " " + get("last_name")), Phone: get("phone"), Email: get("email"),
		Account: get("account_id"), Device: get("device_id"), Language: firstTag(r),
		Repeat: cmp.Or(r.Header.Get("Idempotency-Key"), get("idempotency_key"))}
	if get("lat") != "" || get("long") != "" {
		f.At = &routing.Point{} // which is nowhere
		lat, errLat := strconv.ParseFloat(get("lat"), 64)
		lon, errLon := strconv.ParseFloat(get("long"), 64)
		if errLat == nil && errLon == nil {
			f.At = &routing.Point{Lat: lat, Lon: lon}
		}
	}
	return f
}

// refused says why a filing isn't taken.
func refused(why intake.Unfiled) problem {
	switch why {
	case intake.UnfiledNoService:
		return bad("service_code was not provided.")
	case intake.UnfiledService:
		return problem{http.StatusNotFound, "service_code was not found."}
	case intake.UnfiledNoWords:
		return bad("description was not provided: the service unclear needs one.")
	case intake.UnfiledLong:
		return bad("A field is too long: description has 4,000 characters at most, all others 200.")
	case intake.UnfiledNoPlace:
		return bad("The location was not provided: lat and long, address_string or address_id.")
	case intake.UnfiledFar:
		return bad("lat and long are no position near any place served.")
	case intake.UnfiledOutside:
		return bad("The location is outside of the area of this api_key.")
	case intake.UnfiledRepeat:
		return bad("This Idempotency-Key was used for another request.")
	}
	return bad(string(why))
}

// notice says what happens with a request that was filed, and what to do in danger.
func (a *API) notice(r *http.Request, ref string) (string, error) {
	v, err := a.Intake.ViewByRef(r.Context(), ref)
	if err != nil {
		return "", err
	}
	lang := language(r)
	key, values := "filed", texts.Data{"Station": a.station(v.Station, lang), "Phone": v.Phone}
	switch {
	case v.Crisis != "":
		alarmed, err := a.Intake.Alarmed(r.Context(), v.ID)
		if err != nil {
			return "", err
		}
		key, values["Alarmed"] = "filed_danger", len(alarmed) > 0
		values["Numbers"] = strings.Join(a.Intake.Taxonomy.CrisisNumbers(v.Crisis), ", ")
	case v.Station == nil:
		key = "filed_triage"
	}
	said := a.texts.Say(lang, key, values)
	if r.PostForm.Get("media_url") != "" {
		said += " " + a.texts.Say(lang, "no_media", nil)
	}
	return said, nil
}

// station is a station's name.
func (a *API) station(code *string, lang string) string {
	if code == nil {
		return ""
	}
	s, ok := a.Intake.Router.Station(*code)
	switch {
	case !ok:
		return *code
	case lang == "en" && s.NameEN != "":
		return s.NameEN
	}
	return s.Name
}
