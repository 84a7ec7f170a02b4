package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"onedoor/intake"
	"onedoor/internal/database"
)

// savedView is a search for requests that is kept under a name.
type savedView struct {
	ID      int64  `db:"id"`
	Account string `db:"account"`
	Name    string `db:"name"`
	Filters string `db:"filters"`
	Shared  bool   `db:"shared"` // with everybody, each within what they may see
}

// Limits of saved views; the schema holds them, too.
const (
	maxViewName = 60
	maxViews    = 30 // of an account
)

// savedViews are those of an account and those that are shared, by name.
func (a *Admin) savedViews(ctx context.Context, account *Account) ([]savedView, error) {
	var all []savedView
	err := a.DB.SelectContext(ctx, &all, `SELECT v.id, v.account, v.name, v.filters, v.shared FROM saved_views v JOIN accounts a ON a.name = v.account
		WHERE v.account = $1 OR v.shared AND a.active ORDER BY v.account <> $1, v.name, v.id LIMIT 200`, account.Name)
	if err != nil {
		return nil, fmt.Errorf("load the saved views: %w", err)
	}
	return all, nil
}

// Address is where a saved view is, without what this program doesn't know.
func (v savedView) Address() string {
	values, err := url.ParseQuery(v.Filters)
	if err != nil {
		return "/admin/requests"
	}
	return searchOf(values).address()
}

// Own tells whether a saved view is the account's, to be changed.
func (p *searchPage) Own(v savedView) bool {
	return p.Account.MayChange() && v.Account == p.Account.Name
}

// Here tells whether the page shows a saved view.
func (p *searchPage) Here(v savedView) bool { return v.Address() == p.Asked.address() }

// viewForm is the name that a form gives to a view, and whether it shares it: only administrators do.
func viewForm(r *http.Request) (name string, shared bool, err error) {
	name = strings.TrimSpace(clip(r.PostFormValue("name"), maxViewName+1))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxViewName {
		return "", false, badRequest{"error_view_name"}
	}
	return name, r.PostFormValue("shared") != "" && accountOf(r).MayAdminister(), nil
}

// saveView keeps a search under a name. One that the account has under that name already is replaced.
func (a *Admin) saveView(w http.ResponseWriter, r *http.Request) error {
	name, shared, err := viewForm(r)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(r.PostFormValue("filters"))
	if err != nil {
		return badRequest{"error_view_name"}
	}
	asked := searchOf(values)
	var kept []int64
	err = a.DB.SelectContext(r.Context(), &kept, `
		WITH replaced AS (UPDATE saved_views SET filters = $3, shared = $4 WHERE account = $1 AND name = $2 RETURNING id),
		made AS (INSERT INTO saved_views (account, name, filters, shared, slot)
			SELECT $1, $2, $3, $4, min(slot) FROM generate_series(1, CAST($5 AS int)) AS slot
			WHERE NOT EXISTS (SELECT FROM replaced) AND slot NOT IN (SELECT v.slot FROM saved_views v WHERE v.account = $1)
			HAVING min(slot) IS NOT NULL RETURNING id)
		SELECT id FROM replaced UNION ALL SELECT id FROM made`, accountOf(r).Name, name, asked.Encode(), shared, maxViews)
	switch {
	case database.ConstraintOf(err) != "": // two at the same time
		return intake.ErrRefused
	case err != nil:
		return fmt.Errorf("save a view: %w", err)
	case len(kept) == 0:
		return badRequest{"error_views_full"}
	}
	http.Redirect(w, r, asked.address(), http.StatusSeeOther)
	return nil
}

// renameView gives the account's view another name.
func (a *Admin) renameView(w http.ResponseWriter, r *http.Request) error {
	if _, err := strconv.ParseInt(r.PathValue("id"), 10, 64); err != nil {
		return intake.ErrNotFound
	}
	name, shared, err := viewForm(r)
	if err != nil {
		return err
	}
	v, err := a.changeView(r, `UPDATE saved_views SET name = $3, shared = $4 WHERE id = $1 AND account = $2`, name, shared)
	if database.ConstraintOf(err) == "saved_views_account_name_key" {
		return badRequest{"error_view_taken"}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.Address(), http.StatusSeeOther)
	return nil
}

func (a *Admin) deleteView(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.changeView(r, `DELETE FROM saved_views WHERE id = $1 AND account = $2`); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/requests", http.StatusSeeOther)
	return nil
}

// changeView runs a statement on the view of a path, if it is the account's own; else it is intake.ErrNotFound.
func (a *Admin) changeView(r *http.Request, statement string, args ...any) (savedView, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return savedView{}, intake.ErrNotFound
	}
	var changed []savedView
	err = a.DB.SelectContext(r.Context(), &changed, statement+` RETURNING id, account, name, filters, shared`, append([]any{id, accountOf(r).Name}, args...)...)
	if err == nil && len(changed) == 0 {
		err = intake.ErrNotFound
	}
	if err != nil && !errors.Is(err, intake.ErrNotFound) {
		err = fmt.Errorf("change a saved view: %w", err)
	}
	if err != nil {
		return savedView{}, err
	}
	return changed[0], nil
}
