package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
)

// MayAdminister tells whether the account may change accounts.
func (a *Account) MayAdminister() bool { return a.Role == "administrator" }

// forbidden is what an account is told of something that its role doesn't allow.
func (a *Account) forbidden() error {
	if a.MayChange() {
		return errNotAllowed
	}
	return errForbidden
}

// administrator serves administrators.
func (a *Admin) administrator(h handler) http.Handler {
	return a.account(func(w http.ResponseWriter, r *http.Request) error {
		if !accountOf(r).MayAdminister() {
			return accountOf(r).forbidden()
		}
		return h(w, r)
	})
}

// accountRow is one account in the list of all.
type accountRow struct {
	Account
	Seen *time.Time `db:"seen_at"`
}

// accountsPage lists the accounts.
type accountsPage struct {
	page
	All      []accountRow
	Password string // a one-time password that was just made, shown once
	For      string
}

func (a *Admin) accounts(w http.ResponseWriter, r *http.Request) error {
	return a.showAccounts(w, r, "", "")
}

func (a *Admin) showAccounts(w http.ResponseWriter, r *http.Request, name, password string) error {
	p := &accountsPage{page: a.page(r, "accounts"), Password: password, For: name}
	err := a.DB.SelectContext(r.Context(), &p.All, `SELECT `+accountColumns+`,
		(SELECT max(seen_at) FROM logins WHERE account = name) AS seen_at FROM accounts ORDER BY name`)
	if err != nil {
		return fmt.Errorf("list the accounts: %w", err)
	}
	return a.render(w, "accounts", http.StatusOK, p)
}

// newAccount makes an account, or gives one a new one-time password, which also ends its codes and sessions.
func (a *Admin) newAccount(w http.ResponseWriter, r *http.Request) error {
	name, role := r.PostFormValue("name"), r.PostFormValue("role")
	switch role {
	case "administrator", "supervisor", "auditor":
	default:
		return badRequest{"error_account"}
	}
	if name == accountOf(r).Name {
		return badRequest{"error_own_account"}
	}
	station, county, ok := limits(r.PostFormValue("sees"))
	if !ok {
		return badRequest{"error_account_sees"}
	}
	password, err := CreateAccount(r.Context(), a.DB, name, role, station, county)
	if err != nil {
		return badRequest{"error_account"}
	}
	return a.showAccounts(w, r, name, password)
}

// limits are the station or the county that a new account is limited to, neither where it sees all: which, its maker must say.
func limits(sees string) (station, county string, ok bool) {
	kind, code, limited := strings.Cut(sees, ":")
	switch {
	case sees == "all":
		return "", "", true
	case limited && kind == "station" && code != "":
		return code, "", true
	case limited && kind == "county" && code != "":
		return "", code, true
	}
	return "", "", false
}

// changeAccount switches an account on or off, or says whether it must show codes. Nobody locks themself out.
func (a *Admin) changeAccount(w http.ResponseWriter, r *http.Request) error {
	changes := map[string]string{
		"off":      `active = false`,
		"on":       `active = true`,
		"code":     `code_required = true`,
		"no_code":  `code_required = false`,
		"new_code": `code_secret = NULL, code_since = NULL, code_last = 0`,
	}
	change, ok := changes[r.PostFormValue("change")]
	name := r.PathValue("name")
	if !ok {
		return badRequest{"error_account"}
	}
	if name == accountOf(r).Name && r.PostFormValue("change") == "off" {
		return badRequest{"error_own_account"}
	}
	statement := `UPDATE accounts SET ` + change + ` WHERE name = $1`
	if r.PostFormValue("change") == "new_code" { // whoever has the old secret may be logged in with it
		statement = `WITH ended AS (UPDATE logins SET ended_at = now() WHERE account = $1 AND ended_at IS NULL) ` + statement
	}
	result, err := a.DB.ExecContext(r.Context(), statement, name)
	if err != nil {
		return fmt.Errorf("change an account: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return intake.ErrNotFound
	}
	http.Redirect(w, r, "/admin/accounts", http.StatusSeeOther)
	return nil
}

// linkAccount says whose account one is, a worker's by their code, or nobody's: a link from the bot logs them in. Invitations of the
// worker that others have at hand are void.
func (a *Admin) linkAccount(w http.ResponseWriter, r *http.Request) error {
	worker := strings.TrimSpace(storable(r.PostFormValue("worker")))
	result, err := a.DB.ExecContext(r.Context(), `
		WITH ended AS (UPDATE logins SET ended_at = now() FROM accounts a
			WHERE account = $1 AND ended_at IS NULL AND a.name = $1 AND a.worker IS NOT NULL AND a.worker <> $2),
		uninvited AS (DELETE FROM invites WHERE worker = $2 AND used_at IS NULL)
		UPDATE accounts SET worker = nullif($2, ''), by_worker = by_worker AND worker = $2 WHERE name = $1`, r.PathValue("name"), worker)
	switch database.ConstraintOf(err) {
	case "accounts_worker_fkey", "accounts_worker_key":
		return badRequest{"error_account_worker"}
	}
	if err != nil {
		return fmt.Errorf("link an account: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return intake.ErrNotFound
	}
	http.Redirect(w, r, "/admin/accounts", http.StatusSeeOther)
	return nil
}

// Roles are those to choose from.
func (p *accountsPage) Roles() []string { return []string{"supervisor", "administrator", "auditor"} }

// Stations are those to choose from.
func (p *accountsPage) Stations() []option { return p.stationOptions() }

// Counties are those to choose from: where there are stations, and the wider places in which these lie.
func (p page) Counties() []option {
	g, seen := p.Intake.Router.Gazetteer(), map[string]bool{}
	var all []option
	for _, s := range p.Intake.Router.Stations() {
		for _, code := range []string{s.County, g.Up(s.County, "city"), g.Up(s.County, "province")} {
			if code != "" && !seen[code] {
				seen[code] = true
				all = append(all, option{code, p.Described(code)})
			}
		}
	}
	slices.SortFunc(all, func(a, b option) int { return cmp.Compare(a.Value, b.Value) })
	return all
}

// Sees is what the account of a row is limited to, or "".
func (p *accountsPage) Sees(a accountRow) string {
	if a.County != nil {
		return p.Described(*a.County)
	}
	if a.Station != nil {
		return p.Station(a.Station)
	}
	return ""
}
