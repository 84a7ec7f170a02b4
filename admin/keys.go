package admin

import (
	"errors"
	"net/http"
	"strconv"

	"onedoor/intake"
)

// keysPage lists the systems that file requests by a key, and shows a key that was just made, once.
type keysPage struct {
	page
	All []intake.System
	Key string
	For string // whose key it is
}

func (a *Admin) keys(w http.ResponseWriter, r *http.Request) error {
	return a.showKeys(w, r, "", "")
}

func (a *Admin) showKeys(w http.ResponseWriter, r *http.Request, name, key string) error {
	p := &keysPage{page: a.page(r, "keys"), Key: key, For: name}
	var err error
	if p.All, err = a.Intake.Systems(r.Context()); err != nil {
		return err
	}
	return a.render(w, "keys", http.StatusOK, p)
}

// newKey lets another system in.
func (a *Admin) newKey(w http.ResponseWriter, r *http.Request) error {
	county := storable(r.PostFormValue("county"))
	switch county {
	case "": // a system sees all only where somebody has said so
		return badRequest{"error_key_county"}
	case "all":
		county = ""
	}
	name, key, err := a.Intake.NewSystem(r.Context(), r.PostFormValue("name"), county, r.PostFormValue("more") != "", accountOf(r).Name)
	switch {
	case errors.Is(err, intake.ErrNotFound):
		return badRequest{"error_key_county"}
	case errors.Is(err, intake.ErrRefused):
		return badRequest{"error_key"}
	}
	if err != nil {
		return err
	}
	r.SetPathValue("name", name)
	return a.showKeys(w, r, name, key)
}

// changeKey switches a system on or off, or gives it another key. The record has its name.
func (a *Admin) changeKey(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return intake.ErrNotFound
	}
	var name, key string
	switch change := r.PostFormValue("change"); change {
	case "on", "off":
		name, err = a.Intake.SwitchSystem(r.Context(), id, change == "on")
	case "key":
		name, key, err = a.Intake.ReplaceKey(r.Context(), id)
	default:
		return badRequest{"error_key_change"}
	}
	if err != nil {
		return err
	}
	r.SetPathValue("name", name)
	if key != "" {
		return a.showKeys(w, r, name, key)
	}
	http.Redirect(w, r, "/admin/keys", http.StatusSeeOther)
	return nil
}

// Area is where a system files and sees, in words.
func (p *keysPage) Area(s intake.System) string {
	if s.County == nil {
		return p.T("every")
	}
	return p.Described(*s.County)
}
