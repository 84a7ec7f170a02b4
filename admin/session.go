package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"onedoor/intake"
)

type accountKey struct{}

// accountOf is who is logged in, or nil.
func accountOf(r *http.Request) *Account {
	account, _ := r.Context().Value(accountKey{}).(*Account)
	return account
}

// known serves those who are logged in, and sends others to the login.
func (a *Admin) known(h handler) http.Handler {
	return a.anybody(func(w http.ResponseWriter, r *http.Request) error {
		if accountOf(r) == nil {
			http.Redirect(w, r, loginPath(r), http.StatusSeeOther)
			return nil
		}
		return h(w, r)
	})
}

// loginPath is where who isn't logged in is sent. Who sent a form most likely was until a moment ago: the page says that it wasn't done.
func loginPath(r *http.Request) string {
	if r.Method == http.MethodPost && r.Pattern != "POST /admin/logout" {
		return "/admin/login?ended=1"
	}
	return "/admin/login"
}

// anybody serves those who are logged in as who they are, and others as nobody. The account is read anew each time, so
// that one that is taken away or changed is so at once; a new password ends the sessions begun with the old one. What goes wrong is
// told them on a page with their menu.
func (a *Admin) anybody(h handler) http.Handler {
	return a.open(func(w http.ResponseWriter, r *http.Request) error {
		name := a.sessions.GetString(r.Context(), "account")
		if name == "" {
			return h(w, r)
		}
		account, err := a.load(r.Context(), name)
		if errors.Is(err, intake.ErrNotFound) || err == nil && account.Hash != a.sessions.GetString(r.Context(), "hash") {
			return a.logout(w, r)
		}
		if err != nil {
			return err
		}
		if listed, err := a.stillListed(r.Context(), name, a.sessions.GetString(r.Context(), "login")); err != nil {
			return err
		} else if !listed {
			return a.logout(w, r)
		}
		r = r.WithContext(context.WithValue(r.Context(), accountKey{}, account))
		if err := h(w, r); err != nil {
			a.fail(w, r, err)
		}
		return nil
	})
}

// entered serves those who are logged in with a password of their own, and have shown a code where one is asked for.
func (a *Admin) entered(h handler) http.Handler {
	return a.known(func(w http.ResponseWriter, r *http.Request) error {
		if accountOf(r).OneTime {
			http.Redirect(w, r, "/admin/password", http.StatusSeeOther)
			return nil
		}
		return a.proved(w, r, a.audited(h))
	})
}

// owner serves those who may change the account's password: with a one-time one they must, and else they have shown a code
// where one is asked for. A password that somebody has found is not enough to shut its owner out.
func (a *Admin) owner(h handler) http.Handler {
	return a.known(func(w http.ResponseWriter, r *http.Request) error {
		if accountOf(r).OneTime {
			return h(w, r)
		}
		return a.proved(w, r, h)
	})
}

// proved serves a session that has shown a code, or needs none, and asks others for it.
func (a *Admin) proved(w http.ResponseWriter, r *http.Request, h handler) error {
	if accountOf(r).NeedsCode() && !a.sessions.GetBool(r.Context(), "code") {
		http.Redirect(w, r, "/admin/code", http.StatusSeeOther)
		return nil
	}
	return h(w, r)
}

// account serves those who have entered, and lets auditors only look.
func (a *Admin) account(h handler) http.Handler {
	return a.entered(func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != http.MethodGet && !accountOf(r).MayChange() {
			return errForbidden
		}
		return h(w, r)
	})
}

// formPage is a page with a form, and what was wrong with the last try.
type formPage struct {
	page
	Problem string // a key of the catalogue
	Name    string
}

func (a *Admin) loginPage(w http.ResponseWriter, r *http.Request) error {
	p := &formPage{page: a.page(r, "login")}
	if r.FormValue("ended") != "" {
		p.Problem = "session_ended"
	}
	return a.render(w, "login", http.StatusOK, p)
}

// login begins a session for whoever knows the password.
func (a *Admin) login(w http.ResponseWriter, r *http.Request) error {
	began, name := time.Now(), r.PostFormValue("name")
	account, err := a.check(r.Context(), name, r.PostFormValue("password"), a.addressOf(r))
	if errors.Is(err, errLogin) {
		a.recordFailure(r, account)
		evenly(r.Context(), began)
		return a.render(w, "login", http.StatusUnauthorized, &formPage{page: a.page(r, "login"), Problem: "login_failed", Name: name})
	}
	if err != nil {
		return err
	}
	a.sessions.Remove(r.Context(), "code") // whoever used this session before has shown theirs
	if err := a.begin(w, r, account); err != nil {
		return err
	}
	a.recordLogin(r, account.Name, "")
	return nil
}

// begin makes the session this account's, with its password as it is now, under a new token.
func (a *Admin) begin(w http.ResponseWriter, r *http.Request, account *Account) error {
	if err := a.sessions.RenewToken(r.Context()); err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	a.sessions.Put(r.Context(), "account", account.Name)
	a.sessions.Put(r.Context(), "hash", account.Hash)
	if err := a.listLogin(r, account); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/", http.StatusSeeOther)
	return nil
}

// logOut ends the session because its owner says so, and puts that on record.
func (a *Admin) logOut(w http.ResponseWriter, r *http.Request) error {
	name, login := a.sessions.GetString(r.Context(), "account"), a.sessions.GetString(r.Context(), "login")
	listed, err := a.stillListed(r.Context(), name, login)
	if err != nil {
		return err
	}
	if err := a.logout(w, r); err != nil {
		return err
	}
	if listed {
		a.put(r, recordLine{account: name, action: r.Pattern, session: login, address: a.addressOf(r)})
	}
	return nil
}

// logout ends the session, also where it is listed. What is done to it later than the first byte of the answer never reaches the browser.
func (a *Admin) logout(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.DB.ExecContext(r.Context(), `UPDATE logins SET ended_at = now() WHERE id = $1 AND ended_at IS NULL`,
		a.sessions.GetString(r.Context(), "login")); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if err := a.sessions.Destroy(r.Context()); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	http.Redirect(w, r, loginPath(r), http.StatusSeeOther)
	return nil
}

func (a *Admin) passwordPage(w http.ResponseWriter, r *http.Request) error {
	return a.render(w, "password", http.StatusOK, &formPage{page: a.page(r, "password")})
}

// changePassword sets a password of the person's own choice.
func (a *Admin) changePassword(w http.ResponseWriter, r *http.Request) error {
	password := r.PostFormValue("password")
	problem := ""
	switch {
	case utf8.RuneCountInString(password) < minPassLen:
		problem = "password_short"
	case password != r.PostFormValue("again"):
		problem = "password_differs"
	}
	if problem != "" {
		return a.render(w, "password", http.StatusBadRequest, &formPage{page: a.page(r, "password"), Problem: problem})
	}
	if err := a.setPassword(r.Context(), accountOf(r), password); err != nil {
		return err
	}
	if err := a.begin(w, r, accountOf(r)); err != nil {
		return err
	}
	a.recordLogin(r, accountOf(r).Name, "")
	return nil
}
