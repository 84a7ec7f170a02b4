package intake

import (
	"errors"
	"strings"
)

// contact takes a contact that a resident shares. Their own is the number to call them back. Anybody else's is passed on as
// that, and the resident is told so.
func (s *step) contact(what said, phone string) error {
	if !what.own {
		if err := s.residentSaid(what); err != nil {
			return err
		}
		return s.tellSeldom(NoticeContact)
	}
	if err := s.keepPhone(phone); err != nil {
		return err
	}
	r, err := s.callBack()
	if errors.Is(err, ErrNotFound) {
		_, err := s.keep(nil, ByResident, what)
		s.tell(NoticePhoneKept, nil, nil)
		return err
	}
	if err != nil {
		return err
	}
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	if r.Unnamed {
		s.tell(NoticeUnnamed, r, nil)
	} else if err := s.tellSeldom(NoticePhoneTold); err != nil {
		return err
	}
	if r.State == Draft {
		return s.attached(r)
	}
	s.log(r, "said", ByResident, "", Args{"message": id})
	if err := s.redrawAll(); err != nil || r.Worker == nil {
		return err
	}
	return s.tellHolder(r, NoticeResidentSaid, Args{"message": id})
}

// keepPhone keeps the number to call the resident back.
func (s *step) keepPhone(phone string) error {
	if phone = phoneNumber(phone); phone == "" {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET phone = $3 WHERE bot_id = $1 AND id = $2`, s.chat.Bot, s.chat.ID, phone)
	return wrap(err, "keep the telephone number")
}

// callBack is the request about which the resident wants to be called back: the one that they answer, an emergency, the one
// that they are about to make, or the one that a station has.
func (s *step) callBack() (*Request, error) {
	r, err := s.repliedToOwn()
	if errors.Is(err, ErrNotFound) {
		r, err = s.running()
	}
	if errors.Is(err, ErrNotFound) {
		r, err = s.draft()
	}
	if errors.Is(err, ErrNotFound) && s.chat.Mode != modeNeed {
		r, err = s.active()
	}
	return r, err
}

// phoneNumber is a number as it is dialled, or "" where it is none.
func phoneNumber(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	switch {
	case len(digits) < 3 || len(digits) > 20:
		return ""
	case strings.HasPrefix(strings.TrimSpace(text), "+"):
		return "+" + digits
	}
	return digits
}
