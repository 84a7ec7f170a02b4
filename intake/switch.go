package intake

import "context"

// turning is the switching of a record off, or on again.
type turning struct {
	id      string
	on      bool
	account string // whose wish it is
}

// Switch switches a record off, or on again, and sees to what follows: nobody is deleted who may be in a log. What is so already
// is ErrRefused, and so is what is switched by other ways; what is out of sight, or not to be kept by somebody of that sight,
// ErrNotFound.
func (s *Service) Switch(ctx context.Context, sight Sight, reg *Register, id string, on bool, account string) error {
	if reg.turned == nil {
		return ErrRefused
	}
	err := s.transact(ctx, func(st *step) error {
		known, err := reg.lockRecords(ctx, st.tx, `t.id = $1`, id)
		switch {
		case err != nil:
			return err
		case len(known) == 0 || !reg.keeps(sight, known[0].Cells):
			return ErrNotFound
		case known[0].Active == on:
			return ErrRefused
		}
		return reg.turned(st, turning{id, on, account})
	})
	if err != nil {
		return wrap(err, "switch one of "+reg.Name)
	}
	return s.refresh(ctx, reg, id)
}

func (s *step) turnPlace(t turning) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE places SET active = $2 WHERE code = $1`, t.id, t.on)
	return err
}

func (s *step) turnReply(t turning) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE canned_replies SET active = $2 WHERE id = CAST($1 AS bigint)`, t.id, t.on)
	return err
}

// turnOrganisation switches an organisation, and whoever answers for it. What it was asked or had accepted ends, and the workers
// hear of it.
func (s *step) turnOrganisation(t turning) error {
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE organisations SET active = $2 WHERE code = $1`, t.id, t.on); err != nil {
		return wrap(err, "switch an organisation")
	}
	return s.turnVolunteer(t)
}

// turnVolunteer switches who helps beside the workers. What they had accepted ends; their chat is a resident's until they are
// switched on.
func (s *step) turnVolunteer(t turning) error {
	if _, err := s.tx.ExecContext(s.ctx, `WITH uninvited AS (DELETE FROM invites WHERE partner = $1 AND used_at IS NULL)
		UPDATE partners SET active = $2 WHERE code = $1`, t.id, t.on); err != nil || t.on {
		return wrap(err, "switch a partner")
	}
	var ids []int64
	if err := s.tx.SelectContext(s.ctx, &ids, `SELECT id FROM referrals WHERE `+withPartner+` ORDER BY id`, t.id); err != nil {
		return wrap(err, "find what a partner has")
	}
	for _, id := range ids {
		r, f, err := s.lockReferral(id)
		if err != nil {
			return err
		}
		if f.State == referralOffered || f.State == referralAccepted {
			if err := s.endReferral(r, f, whyGone); err != nil {
				return err
			}
		}
	}
	var chat struct {
		Bot  *int64 `db:"bot_id"`
		Chat *int64 `db:"chat_id"`
	}
	err := s.tx.GetContext(s.ctx, &chat, `SELECT bot_id, chat_id FROM partners WHERE code = $1`, t.id)
	if noRows(err) || err == nil && chat.Chat == nil {
		return nil
	}
	if err != nil {
		return wrap(err, "find a partner's chat")
	}
	return s.redrawDesk(*chat.Bot, *chat.Chat)
}

// withPartner is the condition that a referral runs with the organisation or the volunteer $1.
const withPartner = `(state = 'accepted' AND partner = $1 OR state IN ('offered', 'accepted') AND organisation = $1)`

// Affected is what hangs on a record that is to be switched off.
type Affected struct {
	Waiting   int `db:"waiting"`   // requests
	InHand    int `db:"in_hand"`   // requests that somebody has
	Workers   int `db:"workers"`   // active ones
	Referrals int `db:"referrals"` // that run
}

// Affected is what hangs on the record of an id.
func (s *Service) Affected(ctx context.Context, reg *Register, id string) (Affected, error) {
	if reg.affects == nil {
		return Affected{}, nil
	}
	return reg.affects(s, ctx, id)
}

func (s *Service) atStation(ctx context.Context, code string) (a Affected, err error) {
	err = s.DB.GetContext(ctx, &a, `SELECT count(*) FILTER (WHERE state = 'open') AS waiting, count(*) FILTER (WHERE state <> 'open') AS in_hand,
		(SELECT count(*) FROM workers WHERE station = $1 AND active) AS workers
		FROM requests WHERE station = $1 AND state IN ('open', 'claimed', 'referred')`, code)
	return a, wrap(err, "count what a station has")
}

func (s *Service) withPartner(ctx context.Context, code string) (a Affected, err error) {
	err = s.DB.GetContext(ctx, &a, `SELECT count(*) AS referrals FROM referrals WHERE `+withPartner, code)
	return a, wrap(err, "count what a partner has")
}
