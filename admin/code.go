package admin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pquerna/otp/totp"
	"rsc.io/qr"

	"onedoor/intake"
)

// errCode is a one-time code that is wrong, was used before, or may not be tried now.
var errCode = errors.New("wrong code")

// codeStep is how long a one-time code lasts (RFC 6238).
const codeStep = 30 * time.Second

// NeedsCode tells whether a session of the account must show a one-time code.
func (a *Account) NeedsCode() bool { return a.CodeRequired || a.HasCode() }

// HasCode tells whether the account's owner has proved to have the secret that codes are made from.
func (a *Account) HasCode() bool { return a.CodeSince != nil }

// codePage asks for a code, and shows the secret to who has none yet.
type codePage struct {
	formPage
	Secret string
	QR     drawing
}

func (a *Admin) codePage(w http.ResponseWriter, r *http.Request) error {
	return a.showCode(w, r, http.StatusOK, "")
}

func (a *Admin) showCode(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	account := accountOf(r)
	p := &codePage{formPage: formPage{page: a.page(r, "one_time_code"), Problem: problem}}
	if !account.HasCode() {
		key, err := a.newSecret(r.Context(), account)
		if err != nil {
			return err
		}
		p.Secret = key
		code, err := qr.Encode("otpauth://totp/OneDoor:"+account.Name+"?issuer=OneDoor&secret="+key, qr.M)
		if err != nil {
			return fmt.Errorf("draw the QR code of a secret: %w", err)
		}
		p.QR = draw(code)
	}
	return a.render(w, "code", status, p)
}

// newSecret is the secret that was shown to the account's owner, or a new one.
func (a *Admin) newSecret(ctx context.Context, account *Account) (string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "OneDoor", AccountName: account.Name})
	if err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	var secret string
	err = a.DB.GetContext(ctx, &secret, `UPDATE accounts SET code_secret = coalesce(code_secret, $2) WHERE name = $1 RETURNING code_secret`,
		account.Name, key.Secret())
	if err != nil {
		return "", fmt.Errorf("keep a secret: %w", err)
	}
	return secret, nil
}

// enterCode lets a session in that shows a right code; for who had none yet, codes are asked for from then on.
func (a *Admin) enterCode(w http.ResponseWriter, r *http.Request) error {
	began, account := time.Now(), accountOf(r)
	tried, err := a.checkCode(r.Context(), account.Name, r.PostFormValue("code"), a.addressOf(r))
	if errors.Is(err, errCode) {
		a.recordFailure(r, tried)
		evenly(r.Context(), began)
		return a.showCode(w, r, http.StatusUnauthorized, "code_wrong")
	}
	if err != nil {
		return err
	}
	if err := a.sessions.RenewToken(r.Context()); err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	a.sessions.Put(r.Context(), "code", true)
	http.Redirect(w, r, "/admin/", http.StatusSeeOther)
	a.recordLogin(r, account.Name, "")
	return nil
}

// checkCode takes a code that is of now, or of the moment before or after, once. Tries count like those at a password, and
// lock like them; it gives the account that was tried, if it may be.
func (a *Admin) checkCode(ctx context.Context, name, code, address string) (*Account, error) {
	account, err := a.countTry(ctx, name, address)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, errCode
	}
	if err != nil {
		return nil, err
	}
	var secret *string
	if err := a.DB.GetContext(ctx, &secret, `SELECT code_secret FROM accounts WHERE name = $1`, name); err != nil {
		return nil, fmt.Errorf("load a secret: %w", err)
	}
	if secret == nil {
		return account, errCode
	}
	step, err := stepOf(*secret, code, a.Intake.Now())
	if err != nil {
		return account, err
	}
	return account, a.useCode(ctx, name, address, step)
}

// useCode uses up the code of a time step, and forgets the failed tries; it is errCode where one as late was used before.
func (a *Admin) useCode(ctx context.Context, name, address string, step int64) error {
	result, err := a.DB.ExecContext(ctx, `UPDATE accounts SET code_last = $2, code_since = coalesce(code_since, now()) WHERE name = $1 AND code_last < $2`, name, step)
	if err != nil {
		return fmt.Errorf("use a code: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(errCode, err)
	}
	_, err = a.DB.ExecContext(ctx, `DELETE FROM login_tries WHERE account = $1 AND address = $2`, name, address)
	if err != nil {
		return fmt.Errorf("forget the failed codes: %w", err)
	}
	return nil
}

// stepOf is the number of the time step around now that a code is of, or errCode.
func stepOf(secret, code string, now time.Time) (int64, error) {
	for _, skew := range []time.Duration{0, -codeStep, codeStep} {
		at := now.Add(skew)
		want, err := totp.GenerateCode(secret, at)
		if err != nil {
			return 0, fmt.Errorf("make a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return at.Unix() / int64(codeStep.Seconds()), nil
		}
	}
	return 0, errCode
}
