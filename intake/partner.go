package intake

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// A Partner helps beside the workers and answers in chat: a volunteer, or whoever answers for an organisation. They see
// what they are asked to do, and nothing else; they can ask for help like any resident.
type Partner struct {
	Code         string         `db:"code"`
	Kind         string         `db:"kind"` // ToOrganisation or ToVolunteers
	Name         string         `db:"name"`
	Organisation *string        `db:"organisation"`
	Tasks        pq.StringArray `db:"tasks"`
	Bot          *int64         `db:"bot_id"`
	Chat         *int64         `db:"chat_id"`

	OrganisationName string `db:"organisation_name"`
}

const partnerColumns = `p.code, p.kind, p.name, p.organisation, p.tasks, p.bot_id, p.chat_id,
	coalesce((SELECT o.name FROM organisations o WHERE o.code = p.organisation), '') AS organisation_name`

// loadPartner loads a partner by code.
func loadPartner(ctx context.Context, db sqlx.QueryerContext, code string) (*Partner, error) {
	var p Partner
	err := sqlx.GetContext(ctx, db, &p, `SELECT `+partnerColumns+` FROM partners p WHERE p.code = $1`, code)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &p, wrap(err, "load a partner")
}

// partnerOfChat is the active partner whose chat it is, or ErrNotFound.
func partnerOfChat(ctx context.Context, db sqlx.QueryerContext, bot, chat int64) (*Partner, error) {
	var p Partner
	err := sqlx.GetContext(ctx, db, &p, `SELECT `+partnerColumns+` FROM partners p
		WHERE p.bot_id = $1 AND p.chat_id = $2 AND p.active`, bot, chat)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &p, wrap(err, "load a chat's partner")
}

// PartnerOfChat is the active partner bound to a chat, or ErrNotFound.
func (s *Service) PartnerOfChat(ctx context.Context, bot, chat int64) (*Partner, error) {
	return partnerOfChat(ctx, s.DB, bot, chat)
}

// partnerPrefix tells a partner's one-time code from a worker's and a village's in /start.
const partnerPrefix = "p_"

// invitePartner makes a one-time code for a volunteer, or for whoever is to answer for an organisation. Codes made before
// for the same one stop working.
func (s *Service) invitePartner(ctx context.Context, who string) (string, error) {
	code := partnerPrefix + rand.Text()
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO partners AS p (code, kind, name, organisation, phone)
			SELECT o.code, 'organisation', coalesce(nullif(o.contact, ''), o.name), o.code, o.phone
			FROM organisations o WHERE o.code = $1 AND o.active
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name WHERE p.organisation = EXCLUDED.code`, who); err != nil {
			return err
		}
		var known bool
		if err := tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT FROM partners WHERE code = $1 AND active)`, who); err != nil {
			return err
		}
		if !known {
			return ErrNotFound
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM invites WHERE partner = $1 AND used_at IS NULL`, who); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO invites (code_hash, partner, expires_at) VALUES ($1, $2, $3)`,
			hashCode(code), who, s.Now().Add(inviteValid))
		return err
	})
	return code, wrap(err, "invite "+who)
}

// joinAsPartner binds the chat to the partner whose one-time code it brings. A worker's chat stays a worker's: one chat is
// one person's.
func (s *step) joinAsPartner(code string) error {
	if s.worker != nil {
		s.tell(NoticePartnerWorker, nil, nil)
		return nil
	}
	var partner string
	err := s.tx.GetContext(s.ctx, &partner, `
		UPDATE invites i SET used_at = $2 FROM partners p
		WHERE i.code_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND p.code = i.partner AND p.active
		RETURNING i.partner`, hashCode(code), s.now)
	switch {
	case noRows(err) && s.partner != nil:
		s.tell(NoticePartnerJoined, nil, nil)
		return nil
	case noRows(err):
		s.tell(NoticeInviteBad, nil, nil)
		return nil
	case err != nil:
		return wrap(err, "use the invitation")
	}
	if s.partner == nil || s.partner.Code != partner {
		if err := s.unbindPartner(); err != nil {
			return err
		}
	}
	if err := s.unbindInactive(); err != nil {
		return err
	}
	former, err := loadPartner(s.ctx, s.tx, partner)
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE partners SET bot_id = $1, chat_id = $2, joined_at = $4 WHERE code = $3`,
		s.chat.Bot, s.chat.ID, partner, s.now); err != nil {
		return wrap(err, "bind the chat")
	}
	s.tell(NoticePartnerJoined, nil, nil)
	if former.Chat == nil || *former.Chat == s.chat.ID && *former.Bot == s.chat.Bot {
		return nil
	}
	return s.redrawDesk(*former.Bot, *former.Chat) // which is nobody's who helps any more
}

// unbindInactive frees the chat of a worker who was dismissed: what they had is with others.
func (s *step) unbindInactive() error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE workers SET bot_id = NULL, chat_id = NULL, joined_at = NULL
		WHERE bot_id = $1 AND chat_id = $2 AND NOT active`, s.chat.Bot, s.chat.ID)
	return wrap(err, "free the chat")
}

// unbindPartner makes the chat nobody's who helps beside the workers. What they had accepted is ended, and the workers hear
// of it.
func (s *step) unbindPartner() error {
	var before string
	err := s.tx.GetContext(s.ctx, &before, `
		UPDATE partners SET bot_id = NULL, chat_id = NULL, joined_at = NULL WHERE bot_id = $1 AND chat_id = $2 RETURNING code`,
		s.chat.Bot, s.chat.ID)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return wrap(err, "unbind the partner")
	}
	s.partner = nil
	return s.eachAccepted(before, func(r *Request, f *Referral) error { return s.endReferral(r, f, whyGone) })
}

// partnerGone tells the workers whose requests somebody helps with that their chat is out of reach.
func (s *step) partnerGone(bot, chat int64) error {
	p, err := partnerOfChat(s.ctx, s.tx, bot, chat)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.eachAccepted(p.Code, func(r *Request, f *Referral) error { return s.endReferral(r, f, whyGone) })
}

// eachAccepted does something to all that a partner has accepted and not done yet.
func (s *step) eachAccepted(partner string, do func(*Request, *Referral) error) error {
	var ids []int64
	if err := s.tx.SelectContext(s.ctx, &ids, `SELECT id FROM referrals WHERE partner = $1 AND state = 'accepted' ORDER BY id`, partner); err != nil {
		return wrap(err, "find what the partner has")
	}
	for _, id := range ids {
		r, f, err := s.lockReferral(id)
		if err != nil {
			return err
		}
		if f.State == referralAccepted {
			if err := do(r, f); err != nil {
				return err
			}
		}
	}
	return nil
}
