package admin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"

	"github.com/alexedwards/argon2id"

	"onedoor/intake"
)

// enterPage asks whoever has opened a worker's link to press a button: what only looks at links uses none up.
type enterPage struct {
	page
	Link, Worker string // of a link that lets somebody in; else empty
}

// enterPage shows whom a link lets in. It changes nothing.
func (a *Admin) enterPage(w http.ResponseWriter, r *http.Request) error {
	link := r.FormValue("link")
	worker, err := a.Intake.LoginOf(r.Context(), link)
	if errors.Is(err, intake.ErrNotFound) {
		return a.linkDead(w, r)
	}
	if err != nil {
		return err
	}
	return a.render(w, "enter", http.StatusOK, &enterPage{page: a.page(r, "enter"), Link: link, Worker: worker.Name})
}

// linkDead says that a link lets nobody in: used, too old, forged, or of somebody who may no longer. Which, nobody is told.
func (a *Admin) linkDead(w http.ResponseWriter, r *http.Request) error {
	return a.render(w, "enter", http.StatusNotFound, &enterPage{page: a.page(r, "enter")})
}

// enter begins a session for whom a link lets in, and uses it up. One-time codes are asked for as after a password.
func (a *Admin) enter(w http.ResponseWriter, r *http.Request) error {
	worker, err := a.Intake.UseLoginLink(r.Context(), r.PostFormValue("link"))
	if errors.Is(err, intake.ErrNotFound) {
		a.recordFailure(r, a.ownerOfLink(r.Context(), r.PostFormValue("link")))
		return a.linkDead(w, r)
	}
	if err != nil {
		return err
	}
	account, err := a.accountOfWorker(r.Context(), worker)
	if errors.Is(err, intake.ErrNotFound) {
		return badRequest{"error_enter"}
	}
	if err != nil {
		return err
	}
	a.sessions.Remove(r.Context(), "code") // whoever used this session before has shown theirs
	if err := a.begin(w, r, account); err != nil {
		return err
	}
	a.recordLogin(r, account.Name, worker.Code)
	return nil
}

// accountOfWorker is a worker's account. A supervisor who has none gets one, named by their code, which sees their station and
// has no password; ErrNotFound when there is another account of that name.
func (a *Admin) accountOfWorker(ctx context.Context, worker intake.Worker) (*Account, error) {
	account, err := a.loadOfWorker(ctx, worker.Code)
	if !errors.Is(err, intake.ErrNotFound) || !worker.Supervises() {
		return account, err
	}
	hash, err := argon2id.CreateHash(rand.Text(), argon2id.DefaultParams)
	if err != nil {
		return nil, fmt.Errorf("make a worker's account: %w", err)
	}
	if _, err := a.DB.ExecContext(ctx, `
		INSERT INTO accounts (name, role, station, password_hash, one_time, created_at, worker, by_worker)
		VALUES ($1, 'supervisor', $2, $3, false, now(), $1, true) ON CONFLICT DO NOTHING`, worker.Code, worker.Station, hash); err != nil {
		return nil, fmt.Errorf("make a worker's account: %w", err)
	}
	return a.loadOfWorker(ctx, worker.Code)
}

func (a *Admin) loadOfWorker(ctx context.Context, worker string) (*Account, error) {
	return a.get(ctx, `SELECT `+accountColumns+` FROM accounts WHERE worker = $1 AND `+usable, worker)
}
