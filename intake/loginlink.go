package intake

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/jmoiron/sqlx"
)

// loginValid is how long a worker's link into the admin can be used.
const loginValid = 10 * time.Minute

// mayLogIn tells whether a worker, w, has a link into the admin: who has an account there that isn't shut, or is a supervisor
// who has none yet.
const mayLogIn = `w.active AND coalesce(
	(SELECT a.active AND (NOT a.by_worker OR w.role = 'supervisor') FROM accounts a WHERE a.worker = w.code), w.role = 'supervisor')`

// adminLink answers who may use the admin with a link into it, and tells others who may.
func adminLink(s *step, _ string) error {
	var may bool
	if err := s.tx.GetContext(s.ctx, &may, `SELECT `+mayLogIn+` FROM workers w WHERE w.code = $1`, s.worker.Code); err != nil {
		return wrap(err, "look who may use the admin")
	}
	if may {
		s.tell(NoticeLoginLink, nil, nil)
	} else {
		s.tell(NoticeLoginNot, nil, nil)
	}
	return nil
}

// LoginLink makes what is in the one-time link into the admin of a chat's worker; what was made for them before stops working.
// ErrNotFound when the chat is nobody's who may use the admin. Only a hash is kept: it is to be sent, and not to be stored.
func (s *Service) LoginLink(ctx context.Context, bot, chat int64) (string, error) {
	token := rand.Text()
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		var worker string
		err := tx.GetContext(ctx, &worker, `SELECT w.code FROM workers w WHERE w.bot_id = $1 AND w.chat_id = $2 AND `+mayLogIn+` FOR NO KEY UPDATE OF w`, bot, chat)
		if noRows(err) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM login_links WHERE worker = $1 AND used_at IS NULL`, worker); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO login_links (token_hash, worker, expires_at) VALUES ($1, $2, $3)`,
			hashCode(token), worker, s.Now().Add(loginValid))
		return err
	})
	return token, wrap(err, "make a link into the admin")
}

// usableLink is the condition that a link, l, of a worker, w, still lets them in: $1 is its hash, $2 now.
const usableLink = `l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND w.code = l.worker AND ` + mayLogIn

// LoginOf is the worker whom a link into the admin would let in, or ErrNotFound where it lets in nobody any more.
func (s *Service) LoginOf(ctx context.Context, token string) (Worker, error) {
	return s.workerOfLink(ctx, `SELECT `+workerColumns+` FROM login_links l, workers w WHERE `+usableLink, token)
}

// UseLoginLink uses a link into the admin up, and returns the worker whom it lets in; ErrNotFound where it lets in nobody any
// more. Of two who use it at the same time one is let in.
func (s *Service) UseLoginLink(ctx context.Context, token string) (Worker, error) {
	return s.workerOfLink(ctx, `UPDATE login_links l SET used_at = $2 FROM workers w WHERE `+usableLink+` RETURNING `+workerColumns, token)
}

// OwnerOfLink is the code of the worker whom a link into the admin is, or was, for; ErrNotFound where it isn't known any more.
func (s *Service) OwnerOfLink(ctx context.Context, token string) (string, error) {
	var worker string
	err := s.DB.GetContext(ctx, &worker, `SELECT worker FROM login_links WHERE token_hash = $1`, hashCode(token))
	if noRows(err) {
		return "", ErrNotFound
	}
	return worker, wrap(err, "read whose link into the admin it was")
}

func (s *Service) workerOfLink(ctx context.Context, statement, token string) (Worker, error) {
	var w Worker
	err := s.DB.GetContext(ctx, &w, statement, hashCode(token), s.Now())
	if noRows(err) {
		return w, ErrNotFound
	}
	return w, wrap(err, "read a link into the admin")
}
