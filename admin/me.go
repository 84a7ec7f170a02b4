package admin

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"onedoor/intake"
)

// A login is a session as its owner sees it.
type login struct {
	ID      string    `db:"id"`
	Begun   time.Time `db:"begun_at"`
	Seen    time.Time `db:"seen_at"`
	Address string    `db:"address"`
	Agent   string    `db:"agent"`
}

// seenEvery is how exactly it is known when a session was last used.
const seenEvery = time.Minute

// listLogin lists a session that begins.
func (a *Admin) listLogin(r *http.Request, account *Account) error {
	id, agent := rand.Text(), strings.ToValidUTF8(r.UserAgent(), "")
	if runes := []rune(agent); len(runes) > maxAgent {
		agent = string(runes[:maxAgent])
	}
	_, err := a.DB.ExecContext(r.Context(), `INSERT INTO logins (id, account, begun_at, seen_at, address, agent) VALUES ($1, $2, now(), now(), $3, $4)`,
		id, account.Name, a.addressOf(r), strings.ReplaceAll(agent, "\x00", ""))
	if err != nil {
		return fmt.Errorf("list a session: %w", err)
	}
	a.sessions.Put(r.Context(), "login", id)
	return nil
}

const maxAgent = 200

// stillListed tells whether a session is listed and not ended by its owner elsewhere, and notes that it is used.
func (a *Admin) stillListed(ctx context.Context, account, id string) (bool, error) {
	var listed bool
	err := a.DB.GetContext(ctx, &listed, `
		WITH seen AS (UPDATE logins SET seen_at = now() WHERE id = $1 AND account = $2 AND ended_at IS NULL AND seen_at < now() - make_interval(secs => $3))
		SELECT EXISTS (SELECT FROM logins WHERE id = $1 AND account = $2 AND ended_at IS NULL)`, id, account, seenEvery.Seconds())
	if err != nil {
		return false, fmt.Errorf("look whether a session is ended: %w", err)
	}
	return listed, nil
}

// mePage is one's own account.
type mePage struct {
	page
	Logins  []login
	Current string
}

func (a *Admin) me(w http.ResponseWriter, r *http.Request) error {
	p := &mePage{page: a.page(r, "me"), Current: a.sessions.GetString(r.Context(), "login")}
	err := a.DB.SelectContext(r.Context(), &p.Logins, `SELECT id, begun_at, seen_at, address, agent FROM logins
		WHERE account = $1 AND ended_at IS NULL AND seen_at > now() - make_interval(secs => $2) ORDER BY seen_at DESC LIMIT 50`,
		p.Account.Name, a.sessions.Lifetime.Seconds())
	if err != nil {
		return fmt.Errorf("list the sessions: %w", err)
	}
	return a.render(w, "me", http.StatusOK, p)
}

// endLogin ends one of one's own sessions.
func (a *Admin) endLogin(w http.ResponseWriter, r *http.Request) error {
	result, err := a.DB.ExecContext(r.Context(), `UPDATE logins SET ended_at = now() WHERE id = $1 AND account = $2 AND ended_at IS NULL`,
		r.PathValue("id"), accountOf(r).Name)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return intake.ErrNotFound
	}
	http.Redirect(w, r, "/admin/me", http.StatusSeeOther)
	return nil
}
