package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/lib/pq"

	"onedoor/internal/database"
)

const (
	presentFor   = 30 * time.Second // somebody is taken to be at a request, unless the page that is open says so again
	presentAgain = 10 * time.Second // how often pages that are open do
)

// presence is who looks at which request just now, over all processes.
type presence struct{ db *database.DB }

// at is one account at one request, by its number.
type at struct {
	Request int64  `db:"request_id"`
	Account string `db:"account"`
}

// come says that accounts are at requests from now on, and forgets who has gone without a word.
func (p presence) come(ctx context.Context, there ...at) error {
	requests, accounts := make([]int64, len(there)), make([]string, len(there))
	for i, t := range there {
		requests[i], accounts[i] = t.Request, t.Account
	}
	_, err := p.db.ExecContext(ctx, `
		WITH gone AS (DELETE FROM presence WHERE until < now() - make_interval(secs => $3))
		INSERT INTO presence (request_id, account, until)
		SELECT DISTINCT t.request, t.account, now() + make_interval(secs => $3)
		FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[])) AS t (request, account) JOIN requests r ON r.id = t.request
		ON CONFLICT (request_id, account) DO UPDATE SET until = EXCLUDED.until`, pq.Array(requests), pq.Array(accounts), presentFor.Seconds())
	if err != nil {
		return fmt.Errorf("say who is where: %w", err)
	}
	return nil
}

// leave says that an account is no longer at a request.
func (p presence) leave(ctx context.Context, t at) error {
	if _, err := p.db.ExecContext(ctx, `DELETE FROM presence WHERE request_id = $1 AND account = $2`, t.Request, t.Account); err != nil {
		return fmt.Errorf("say who has left: %w", err)
	}
	return nil
}

// all are who is where, by the numbers of requests.
func (p presence) all(ctx context.Context) (present, error) {
	var rows []at
	if err := p.db.SelectContext(ctx, &rows, `SELECT request_id, account FROM presence WHERE until > now() ORDER BY request_id, account`); err != nil {
		return nil, fmt.Errorf("read who is where: %w", err)
	}
	all := present{}
	for _, row := range rows {
		all[row.Request] = append(all[row.Request], row.Account)
	}
	return all, nil
}

// present are the accounts at each request.
type present map[int64][]string

// others are those at a request beside one account.
func (p present) others(request int64, account string) []string {
	var names []string
	for _, name := range p[request] {
		if name != account {
			names = append(names, name)
		}
	}
	return names
}

// meet says that the reader is at a request, and tells who else is. A page without it is better than none.
func (a *Admin) meet(r *http.Request, request int64) []string {
	p, account := a.live.presence, accountOf(r).Name
	if err := p.come(r.Context(), at{request, account}); err != nil {
		a.Log.Warn("say who looks at a request", "error", err)
	}
	all, err := p.all(r.Context())
	if err != nil {
		a.Log.Warn("look who else looks at a request", "error", err)
	}
	return all.others(request, account)
}
