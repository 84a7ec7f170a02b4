package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// recordLine is a line to be put on record.
type recordLine struct {
	account, action, object string

	detail  map[string]string
	session string // as it is listed; empty: none
	address string // of a login or a try, kept beside the record for as long as addresses are; empty: none
	failed  bool   // a try that let nobody in
}

// What became of a try to log in, on record after its route. The route alone is one that let somebody in.
const (
	wasWrong = "/failed"
	wasLast  = "/locked" // the account is locked for the address for a while
)

// recordWithin is how long putting on record may take, and maxFailures how many failed tries an account has on record in an hour:
// who tries must not swell the record.
const (
	recordWithin = 5 * time.Second
	maxFailures  = 100
)

// put puts a line on record, whether or not whoever did it waits for the answer. What is done is done: where that fails, the
// log says that the record lacks it.
func (a *Admin) put(r *http.Request, e recordLine) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordWithin)
	defer cancel()
	if e.detail == nil {
		e.detail = map[string]string{}
	}
	text, err := json.Marshal(e.detail)
	if err == nil {
		_, err = a.DB.ExecContext(ctx, `
			WITH line AS (INSERT INTO audit (account, action, object, detail, session)
				SELECT CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS jsonb), CAST($5 AS text) WHERE NOT $7 OR (SELECT count(*)
					FROM (SELECT action, at FROM audit WHERE account = $1 ORDER BY id DESC LIMIT 2 * $8) newest
					WHERE action = $2 AND at > now() - interval '1 hour') < $8
				RETURNING id)
			INSERT INTO origins (record, address, failed) SELECT id, CAST($6 AS text), CAST($7 AS boolean) FROM line WHERE $6 <> ''`,
			e.account, e.action, e.object, string(text), e.session, e.address, e.failed, maxFailures)
	}
	if err != nil {
		a.Log.Error("admin: putting on record fails", "account", e.account, "action", e.action, "error", err)
	}
}

// record puts on record what an account has done.
func (a *Admin) record(r *http.Request, account, object string, detail map[string]string) {
	a.put(r, recordLine{account: account, action: r.Pattern, object: object, detail: detail, session: a.sessions.GetString(r.Context(), "login")})
}

// recordLogin puts on record that an account's owner has logged in, or out, and from where.
func (a *Admin) recordLogin(r *http.Request, account, object string) {
	a.put(r, recordLine{account: account, action: r.Pattern, object: object, session: a.sessions.GetString(r.Context(), "login"), address: a.addressOf(r)})
}

// recordFailure puts on record that somebody tried to log in as an account and couldn't and, where that has locked it, so much. Of a
// name that no account has there is nothing on record: people write passwords where names belong.
func (a *Admin) recordFailure(r *http.Request, account *Account) {
	if account == nil {
		return
	}
	e := recordLine{account: account.Name, action: r.Pattern + wasWrong, address: a.addressOf(r), failed: true}
	a.put(r, e)
	if account.Locks {
		e.action = r.Pattern + wasLast
		a.put(r, e)
	}
}

// redrawn tells whether an open page asks to be drawn anew, of which this session's look is on record already: somebody has opened it
// once, however often it changes. Who only says so has a look on record; and after an hour it counts as another.
func (a *Admin) redrawn(r *http.Request) bool {
	if r.Header.Get(redrawHeader) == "" || r.Pattern != lookAction {
		return false
	}
	return a.looked(r, recordLine{account: accountOf(r).Name, action: lookAction, object: objectOf(r), session: a.sessions.GetString(r.Context(), "login")})
}

// looked tells whether such a look is on record, of the last hour.
func (a *Admin) looked(r *http.Request, look recordLine) bool {
	if look.session == "" || look.object == "" {
		return false
	}
	var looked bool
	err := a.DB.GetContext(r.Context(), &looked, `SELECT EXISTS (SELECT FROM audit WHERE object = $1 AND object <> '' AND action = $2
		AND account = $3 AND session = $4 AND at > now() - make_interval(secs => $5))`,
		look.object, look.action, look.account, look.session, lookLasts.Seconds())
	return err == nil && looked // else it is put on record once more
}

// lookAction is a look at a request, as it is on record.
const lookAction = "GET /admin/requests/{ref}"

// redrawHeader is what static/live.js sends with what nobody has asked for, and lookLasts how long a look stands for the redraws
// that follow it.
const (
	redrawHeader = "Onedoor-Redraw"
	lookLasts    = time.Hour
)

// ownerOfLink is the account that a link from the bot was for, though it lets nobody in any more; nil where that isn't known.
func (a *Admin) ownerOfLink(ctx context.Context, link string) *Account {
	worker, err := a.Intake.OwnerOfLink(ctx, link)
	if err != nil {
		return nil
	}
	account, err := a.get(ctx, `SELECT `+accountColumns+` FROM accounts WHERE worker = $1`, worker)
	if err != nil {
		return nil
	}
	return account
}
