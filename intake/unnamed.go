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
	if err := s.hideContacts(r); err != nil {
		return err
	}
	return s.redrawGroups(r)
}

// hideContacts takes the resident's number, and contacts that they have shared, out of all messages that show them: every card, and what
// was passed on, by itself or in the request's history.
func (s *step) hideContacts(r *Request) error {
	var all []struct {
		posted
		Args document `db:"args"`
	}
	err := s.tx.SelectContext(s.ctx, &all, `
		WITH contacts AS (SELECT CAST(m.id AS text) AS id FROM messages m WHERE m.request_id = $1 AND m.author = 'resident' AND m.kind = 'contact')
		SELECT n.id, n.bot_id, n.chat_id, n.kind, CASE n.kind WHEN 'card' THEN '{}' ELSE n.args END AS args FROM notices n
		WHERE n.request_id = $1 AND n.edits IS NULL AND n.state IN ('waiting', 'sent') AND NOT `+isGone+`
		  AND (n.kind IN ('card', 'unreachable', 'undelivered') OR n.kind = 'resident_said' AND n.args ->> 'message' IN (SELECT id FROM contacts)
			OR n.kind = 'history' AND EXISTS (SELECT FROM contacts)) ORDER BY n.id`, r.ID)
	for _, p := range all {
		var args Args
		if err := json.Unmarshal(p.Args, &args); err != nil {
			return wrap(err, "read what shows a contact")
		}
		s.redraw(p.posted, r, args)
	}
	return wrap(err, "find what shows a contact")
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

// shown are the words of what is said that others may read on the card, where the resident's own number stands by itself.
func (r *Request) shown(what said) string {
	if what.kind == KindContact && (r.Unnamed || what.own) {
		return ""
	}
	return what.text
}

// gather adds what is said to the request's words.
func (r *Request) gather(what said) { r.Text = joinWords(r.Text, r.shown(what)) }
