package admin

import (
	"context"
	"fmt"

	"github.com/lib/pq"
)

// A viewer is a page that is open and kept live.
type viewer struct {
	page    page
	login   string // the session, as it is listed
	ref     string // the request that its reader is at, or empty
	request int64  // its number, or 0
	board   bool   // it is a board, and gets what is new of it; others are told that something is
	shows   shows
	sent    map[string]string // versions of what the board shows, by their ids in the page

	wake chan struct{} // something is new
	end  chan struct{} // its reader may no longer read
}

// there is where its reader is.
func (v *viewer) there() at { return at{v.request, v.page.Account.Name} }

// tell lets pages know that there is something new, and ends those whose readers have been logged out meanwhile, or may do
// something else than when they were opened: they ask anew.
func (l *live) tell(ctx context.Context, viewers []*viewer) error {
	logins := make([]string, len(viewers))
	for i, v := range viewers {
		logins[i] = v.login
	}
	var rows []struct {
		Login string `db:"id"`
		Account
	}
	err := l.db.SelectContext(ctx, &rows, `SELECT l.id, `+accountColumns+` FROM logins l JOIN accounts a ON a.name = l.account
		WHERE l.id = ANY ($1) AND l.ended_at IS NULL AND a.active`, pq.Array(logins))
	if err != nil {
		return fmt.Errorf("look who may still read: %w", err)
	}
	now := map[string]*Account{}
	for i := range rows {
		now[rows[i].Login] = &rows[i].Account
	}
	for _, v := range viewers {
		channel := v.wake
		if account := now[v.login]; account == nil || !account.like(v.page.Account) {
			channel = v.end
		}
		select {
		case channel <- struct{}{}:
		default:
		}
	}
	return nil
}

// like tells whether an account may do what it could before, with the same password.
func (a *Account) like(b *Account) bool {
	return a.Name == b.Name && a.Role == b.Role && text(a.Station) == text(b.Station) && text(a.County) == text(b.County) &&
		a.Hash == b.Hash && a.OneTime == b.OneTime && a.CodeRequired == b.CodeRequired
}
