package admin

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/intake"
)

// wrong is a form of a request's page that was not done as it was sent: it comes back filled, with one sentence that says why.
type wrong struct {
	Problem string
	Action  string // the form's, below the request's path
	form    url.Values
}

// maxTyped is how much of what was typed into a field comes back, in characters: more than any takes.
const maxTyped = 4000

// refusalText is the key of the sentence that says why something is refused.
func refusalText(err error) string {
	if why := intake.Refusal(""); errors.As(err, &why) {
		return "refused_" + string(why)
	}
	return "error_refused"
}

// giveBack answers a decision that can't be made with the request's page as it is now, and in it what was typed: nobody writes
// it twice. It is a look at the request, where this session's isn't on record.
func (a *Admin) giveBack(w http.ResponseWriter, r *http.Request, status int, key string) error {
	p, err := a.requestPage(r)
	if err != nil {
		return err
	}
	_, action, _ := strings.Cut(r.Pattern, "{ref}/")
	p.Wrong = &wrong{p.T(key), action, r.PostForm}
	p.Path = "/admin/requests/" + p.Ref
	p.Back = p.Path
	err = a.render(w, "request", status, p)
	if look := (recordLine{account: accountOf(r).Name, action: lookAction, object: p.Ref, session: a.sessions.GetString(r.Context(), "login")}); !a.looked(r, look) {
		a.put(r, look)
	}
	return notDone(err)
}

// Typed is what was typed into a field of a form that comes back; empty for all others.
func (p *requestPage) Typed(action, field string) string {
	if p.Wrong == nil || p.Wrong.Action != action {
		return ""
	}
	return clip(p.Wrong.form.Get(field), maxTyped)
}

// Kept marks the fields of a form that comes back: live.js leaves them as they are.
func (p *requestPage) Kept(action string) template.HTMLAttr { return p.ifWrong(action, " data-typed") }

// Opened unfolds what a form that comes back is in.
func (p *requestPage) Opened(actions ...string) template.HTMLAttr {
	for _, action := range actions {
		if open := p.ifWrong(action, " open"); open != "" {
			return open
		}
	}
	return ""
}

// ifWrong is an attribute where a form comes back.
func (p *requestPage) ifWrong(action string, attribute template.HTMLAttr) template.HTMLAttr {
	if p.Wrong == nil || p.Wrong.Action != action {
		return ""
	}
	return attribute
}

// Chose tells whether a choice is the one that a form says that comes back or, of all others, the one that stands otherwise.
func (p *requestPage) Chose(action, field, value string, otherwise bool) bool {
	if p.Typed(action, field) == "" {
		return otherwise
	}
	return p.Typed(action, field) == value
}

// WrongAt is the field at which to go on with a form that came back; empty where the request, as it is now, has no such form.
func (p *requestPage) WrongAt() string {
	at := p.Wrong.Action
	hand := []string{"appointment", "remind", "wait", "volunteers", "recall", "helper", "refer", "release", "calloff"}
	switch {
	case !p.Request.State.Active() && at != "note" && at != "link",
		slices.Contains(hand, at) && !p.Request.State.InHand(),
		at == "resolve" && !p.Own(p.View), at == "refer" && !p.refers(), at == "assign" && len(p.Others()) == 0,
		at == "helper" && p.Typed("helper", "text") != "" && !p.helps(p.Typed("helper", "referral")):
		return ""
	}
	other := map[string]string{"category": "service", "unlink": "link", "calloff": "appointment", "release": "assign", "recall": "helpers",
		"helper": "helpers", "translate": "story", "takeback": "story"}
	if field, ok := other[at]; ok {
		return field
	}
	return at
}

// refers tells whether there still is a form for what was sent to refer to an organisation: only asking in chat takes words.
func (p *requestPage) refers() bool {
	if p.Typed("refer", "agreed") == "" && p.Typed("refer", "text") != "" {
		return !p.ReferRuns() && len(p.ReferInChat()) > 0
	}
	return !p.ReferRuns() && len(p.ReferByPhone()) > 0
}

// Written are the words of a form for which there is no place any more.
func (p *requestPage) Written() string {
	return strings.TrimSpace(p.Typed(p.Wrong.Action, "text") + p.Typed(p.Wrong.Action, "sentence"))
}
