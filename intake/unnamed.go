package intake

import (
	"encoding/json"
	"strings"

	"onedoor/prompts"
)

// ArgOff takes a choice back.
const ArgOff = "off"

// Discreet tells whether what the resident reads in a danger must not say what it is about, nor who helps: in violence
// and abuse, whoever does it may hold the phone.
func Discreet(c prompts.Crisis) bool { return c == prompts.Violence || c == prompts.ChildAbuse }

// Discreet tells whether the request is about such a danger, or its words tell of one that another request is about.
func (r *Request) Discreet() bool {
	var u struct {
		Crisis prompts.Crisis `json:"crisis"`
	}
	return Discreet(r.Crisis) || json.Unmarshal(r.Understanding, &u) == nil && Discreet(u.Crisis)
}

// Hides tells whether a message is the resident's to keep: nobody else is shown it.
func (r *Request) Hides(m Message) bool {
	return r.Unnamed && m.Author == ByResident && m.Kind == KindContact
}

// stayUnnamed keeps the resident's name and number out of sight: contacts that they share are shown to nobody, and
// whoever helps is told not to ask. Before the request is made it can be taken back; after that, somebody may rely on it.
func stayUnnamed(s *step, r *Request, arg string) error {
	on := arg != ArgOff
	if r.State != Draft && (!r.State.Active() || !on) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if r.Unnamed != on {
		if err := s.setUnnamed(r, on); err != nil {
			return err
		}
	}
	return s.redrawPressed(r, "")
}

func (s *step) setUnnamed(r *Request, on bool) error {
	r.Unnamed = on
	if err := s.regather(r); err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE requests SET unnamed = $2, text = $3 WHERE id = $1`, r.ID, on, r.Text); err != nil {
		return wrap(err, "keep whether the resident stays unnamed")
	}
	s.log(r, "unnamed", ByResident, "", Args{"on": on})
	if !on {
		return nil
	}
	s.tell(NoticeUnnamed, r, nil)
	if _, err := s.tellWorker(r, NoticeStaysUnnamed, nil); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// regather takes the contacts out of a request's gathered words where its resident is to stay unnamed, and else puts
// them back.
func (s *step) regather(r *Request) error {
	var contacts []string
	err := s.tx.SelectContext(s.ctx, &contacts, `SELECT text FROM messages WHERE request_id = $1 AND author = 'resident'
		AND kind = 'contact' AND NOT own AND text <> '' ORDER BY id`, r.ID)
	for _, words := range contacts {
		if r.Unnamed {
			r.Text = strings.Trim(strings.Replace("\n"+r.Text+"\n", "\n"+words+"\n", "\n", 1), "\n")
		} else {
			r.Text = joinWords(r.Text, words)
		}
	}
	return wrap(err, "load the contacts")
}

// shown are the words of what is said that others may read.
func (r *Request) shown(what said) string {
	if r.Unnamed && what.kind == KindContact {
		return ""
	}
	return what.text
}

// gather adds what is said to the request's words.
func (r *Request) gather(what said) { r.Text = joinWords(r.Text, r.shown(what)) }
