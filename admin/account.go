package admin

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"onedoor/intake"
	"onedoor/internal/database"
)

// Account is somebody who may use the admin.
type Account struct {
	Name    string  `db:"name"`
	Role    string  `db:"role"`
	Station *string `db:"station"` // the one station whose records a supervisor sees
	County  *string `db:"county"`  // the county or wider place whose stations' records a supervisor sees; nil both: all
	Hash    string  `db:"password_hash"`
	OneTime bool    `db:"one_time"`
	Active  bool    `db:"active"`

	Worker *string `db:"worker"` // whose it is: they have links that log them in

	CodeRequired bool       `db:"code_required"` // one-time codes, which an administrator asks for
	CodeSince    *time.Time `db:"code_since"`    // nil: its owner has none yet

	Locks bool `db:"locks"` // a try to log in that was counted just now locks it, unless it is right

	Sight intake.Sight `db:"-"` // what it may see, as of the request that is served
}

// MayChange tells whether the account may change requests, and not only look.
func (a *Account) MayChange() bool { return a.Role != "auditor" }

// SeesAll tells whether the account may see what every station has, and what none has.
func (a *Account) SeesAll() bool { return a.Station == nil && a.County == nil }

const (
	freeTries  = 5                // failed logins from an address before the account is locked for it for a while
	lockFor    = time.Minute      // at first; twice as long after each further failure
	maxLock    = 60 * time.Minute // and at most
	wrongEvery = time.Second / 2  // a wrong password is answered at a multiple of it
	minPassLen = 10               // characters of a password that a person chooses
)

var accountName = regexp.MustCompile(`^[0-9A-Za-z._@-]{1,64}$`)

// CreateAccount makes an account, or gives the one of that name a new password, and returns the password. It
// can be used once: the first login asks for another. A station limits a supervisor to its records, a county to those of its stations.
func CreateAccount(ctx context.Context, db *database.DB, name, role, station, county string) (string, error) {
	if !accountName.MatchString(name) {
		return "", fmt.Errorf("%q can't be an account's name: use 1 to 64 letters, digits and ._@-", name)
	}
	if (station != "" || county != "") && role != "supervisor" {
		return "", fmt.Errorf("a %s sees every station; only a supervisor can be limited to one, or to a county", role)
	}
	if station != "" && county != "" {
		return "", fmt.Errorf("an account is limited to a station or to a county, not to both")
	}
	password := rand.Text()[:16]
	hash, err := argon2id.CreateHash(password, argon2id.DefaultParams)
	if err != nil {
		return "", fmt.Errorf("make the account %s: %w", name, err)
	}
	_, err = db.ExecContext(ctx, `
		INSERT INTO accounts (name, role, station, county, password_hash, created_at) VALUES ($1, $2, nullif($3, ''), nullif($5, ''), $4, now())
		ON CONFLICT (name) DO UPDATE SET role = EXCLUDED.role, station = EXCLUDED.station, county = EXCLUDED.county,
			password_hash = EXCLUDED.password_hash, one_time = true, active = true, by_worker = false, code_secret = NULL, code_since = NULL, code_last = 0`, name, role, station, hash, county)
	if database.ConstraintOf(err) == "accounts_station_fkey" {
		return "", fmt.Errorf("there is no station %q; import stations first", station)
	}
	if err != nil {
		return "", fmt.Errorf("make the account %s: %w", name, err)
	}
	return password, nil
}

const accountColumns = `name, role, station, county, password_hash, one_time, active, code_required, code_since, worker`

// usable is the condition that an account may be used: switched on, and not of a worker who has been dismissed, or who was a
// supervisor when it was made of that.
const usable = `active AND (worker IS NULL
	OR EXISTS (SELECT FROM workers w WHERE w.code = accounts.worker AND w.active AND (NOT by_worker OR w.role = 'supervisor')))`

// load reads an account; intake.ErrNotFound when there is none.
func (a *Admin) load(ctx context.Context, name string) (*Account, error) {
	return a.get(ctx, `SELECT `+accountColumns+` FROM accounts WHERE name = $1 AND `+usable, name)
}

// get is the account of this name that a statement gives; intake.ErrNotFound when it gives none.
func (a *Admin) get(ctx context.Context, statement, name string, args ...any) (*Account, error) {
	if !accountName.MatchString(name) {
		return nil, intake.ErrNotFound
	}
	var account Account
	err := a.DB.GetContext(ctx, &account, statement, append([]any{name}, args...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, intake.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("load an account: %w", err)
	}
	account.Sight = a.Intake.SightOf(text(account.Station), text(account.County))
	return &account, nil
}

// text is a text that may be missing, or "".
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// errLogin is a wrong name or password, or an account that is locked: which, nobody is told.
var errLogin = errors.New("wrong name or password")

// check compares a password that came from an address; a wrong one gives the account, too, if there is one that may be tried. After some failures the account is locked for that address,
// each time for longer; its owner elsewhere isn't kept out.
func (a *Admin) check(ctx context.Context, name, password, address string) (*Account, error) {
	account, err := a.countTry(ctx, name, address)
	select { // each hash takes 64 MiB
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if errors.Is(err, intake.ErrNotFound) {
		_, _ = argon2id.CreateHash(password, argon2id.DefaultParams) // takes as long as for an account that exists
		return nil, errLogin
	}
	if err != nil {
		return nil, err
	}
	match, err := argon2id.ComparePasswordAndHash(password, account.Hash)
	if err != nil {
		return nil, fmt.Errorf("check a password: %w", err)
	}
	if !match {
		return account, errLogin
	}
	return account, a.forgive(ctx, account, address)
}

// forgive forgets the failed tries of an account that came from an address, as its password is right. Where a code must
// follow, only that the last try was one: else whoever knows the password could try codes for ever.
func (a *Admin) forgive(ctx context.Context, account *Account, address string) error {
	_, err := a.DB.ExecContext(ctx, `
		WITH once AS (UPDATE login_tries SET failed = failed - 1, locked_until = NULL WHERE $3 AND account = $1 AND address = $2 AND failed > 1)
		DELETE FROM login_tries WHERE account = $1 AND address = $2 AND NOT ($3 AND failed > 1) OR last_at < now() - interval '1 day'`,
		account.Name, address, account.NeedsCode())
	if err != nil {
		return fmt.Errorf("forget the failed logins: %w", err)
	}
	return nil
}

// countTry loads an account for one try at its password; intake.ErrNotFound when there is none or it is locked.
// The try counts as failed before it is made, so that many at the same time are no more than the lock allows.
func (a *Admin) countTry(ctx context.Context, name, address string) (*Account, error) {
	return a.get(ctx, `
		WITH try AS (
			INSERT INTO login_tries AS t (account, address, failed, last_at)
			SELECT name, $2, 1, now() FROM accounts WHERE name = $1 AND `+usable+`
			ON CONFLICT (account, address) DO UPDATE SET failed = t.failed + 1, last_at = now(),
				locked_until = CASE WHEN t.failed + 1 >= $3
					THEN now() + make_interval(secs => least($4 * power(2, least(t.failed + 1 - $3, 10)), $5)) END
			WHERE t.locked_until IS NULL OR t.locked_until <= now() RETURNING account, locked_until IS NOT NULL AS locks)
		SELECT `+accountColumns+`, locks FROM accounts JOIN try ON account = name`,
		name, address, freeTries, lockFor.Seconds(), maxLock.Seconds())
}

// addressOf is where a request comes from: an IPv4 address, or the network of an IPv6 one. Of a proxy it is what that
// says last: of one on this machine and, where https tells that there must be one, on a network of one's own.
func (a *Admin) addressOf(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	address, err := netip.ParseAddr(host)
	if err == nil && (address.IsLoopback() || a.Secure && address.IsPrivate()) {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",") // some proxies add a line of their own
		if told, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			address = told
		}
	}
	address = address.Unmap().WithZone("")
	if network, err := address.Prefix(64); err == nil && address.Is6() {
		return network.Addr().String()
	}
	return address.String()
}

// evenly waits until a whole number of wrongEvery has passed since began, so that how long an answer took tells
// nothing: not whether there is such an account, nor whether it is locked.
func evenly(ctx context.Context, began time.Time) {
	select {
	case <-ctx.Done():
	case <-time.After(wrongEvery - time.Since(began)%wrongEvery):
	}
}

// setPassword replaces the password by one that the person chose. Sessions begun with the old one end.
func (a *Admin) setPassword(ctx context.Context, account *Account, password string) error {
	hash, err := argon2id.CreateHash(password, argon2id.DefaultParams)
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	_, err = a.DB.ExecContext(ctx, `UPDATE accounts SET password_hash = $2, one_time = false WHERE name = $1`, account.Name, hash)
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	account.Hash, account.OneTime = hash, false
	return nil
}
