package intake

import (
	"errors"
	"slices"
	"strings"

	"onedoor/prompts"
	"onedoor/routing"
)

// said is one thing said, in words or otherwise.
type said struct {
	kind, text, fileID string

	fileName string         // as its sender calls it
	album    string         // what it is a part of
	own      bool           // a contact that is the sender's own
	live     *routing.Point // where a live location begins
	content  []byte         // of a file that isn't at Telegram yet

	edits *int64 // the first version of it
}

// sent is an attachment as something said, with what stands beside it as the words. A file's name is words too where it
// speaks of danger, as is what a sticker stands for.
func (s *step) sent(a Sent) said {
	what := said{kind: a.Kind, text: clean(a.Text), fileID: a.FileID, fileName: a.FileName, album: a.Album, own: a.Own}
	for _, words := range []string{strings.ReplaceAll(a.FileName, "_", " "), a.Emoji} {
		if words = clean(words); s.Offline.Crisis(words) != "" {
			what.text = joinWords(what.text, words)
		}
	}
	return what
}

// spoken tells a voice message without any words beside it.
func (w said) spoken() bool { return w.kind == KindVoice && w.text == "" }

// asNote is the same for colleagues only.
func (w said) asNote() said {
	w.kind, w.own = KindNote, false
	return w
}

// albumPart takes a further picture of an album: it goes where the first one went, and nobody is told of it
// otherwise than by seeing it. It is false for the first.
func (s *step) albumPart(what said) (bool, error) {
	first, err := s.said(`m.album = $3`, what.album)
	if noRows(err) || err == nil && first.Request == nil {
		return false, nil
	}
	if err != nil {
		return true, wrap(err, "find the album")
	}
	if first.Author == ByWorker {
		return true, s.workersPart(first, what)
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, *first.Request)
	if err != nil {
		return true, err
	}
	id, err := s.keep(r, first.Author, what)
	switch {
	case err != nil:
		return true, err
	case r.Worker != nil:
		_, err := s.tellWorker(r, NoticeAlbumPart, Args{"message": id})
		return true, err
	case r.State == Open:
		return true, s.redrawCards(r)
	}
	return true, nil
}

// workersPart takes a further picture of a worker's album: with the first one to the resident or into the file, as far as
// the worker still may.
func (s *step) workersPart(first Message, what said) error {
	s.heedWorker(what)
	r, err := s.deskRequest(`r.id = $1`, *first.Request)
	switch {
	case errors.Is(err, ErrNotFound):
		return s.keepUnsent(nil, what)
	case err != nil:
		return err
	case first.Kind != KindNote && (!s.mine(r) || first.TakenBackAt != nil):
		return s.keepUnsent(r, what)
	case first.Kind == KindNote:
		what = what.asNote()
	}
	id, err := s.keep(r, ByWorker, what)
	if err != nil || what.kind == KindNote {
		return err
	}
	if s.chat.Mode == modeReply {
		s.setMode(modeReply, s.chat.Request)
	}
	s.tellResident(r, NoticeAlbumPart, Args{"message": id})
	return nil
}

// said is the first of the messages of this chat that the condition picks, by whoever it is who speaks here now.
func (s *step) said(condition string, arg any) (Message, error) {
	var m Message
	author := ByResident
	if s.worker != nil {
		author = ByWorker
	}
	err := s.tx.GetContext(s.ctx, &m, `SELECT `+messageColumns+` FROM messages m WHERE m.bot_id = $1 AND m.chat_id = $2
		AND `+condition+` AND m.author IN ('resident', $4) ORDER BY m.id LIMIT 1`, s.chat.Bot, s.chat.ID, arg, author)
	return m, err
}

// says tells whether the message has the words and the file of what is said now.
func (m Message) says(what said) bool { return m.Text == what.text && m.FileID == what.fileID }

// edited keeps the new version of a message, and shows it where the old one is shown. Danger that the new words
// tell of is danger all the same.
func (s *step) edited(what said) error {
	crisis, err := s.danger(what)
	if err != nil {
		return err
	}
	if done, err := s.partnerEdited(what, crisis); done || err != nil {
		return err
	}
	first, err := s.said(`m.message_id = $3`, s.update.MessageID)
	if noRows(err) && crisis == "" {
		if atWork, err := s.saidAtWork(); atWork || err != nil {
			return err
		}
	}
	switch {
	case what.text+what.fileID == "", err == nil && first.says(what) && first.Request == nil:
		return nil
	case noRows(err) && crisis == "" && (s.worker != nil || strings.HasPrefix(what.text, "/")):
		return nil // of what was no words before
	case noRows(err), err == nil && first.Request == nil && crisis != "":
		return s.residentSaid(what) // as if it were said now
	case err != nil:
		return wrap(err, "find the edited message")
	}
	what.edits = &first.ID
	if first.Kind == KindNote {
		what = what.asNote()
	}
	if first.Request == nil {
		if s.worker == nil && smallTalk(what) == "" {
			return s.residentSaid(what) // a greeting that has become a need
		}
		_, err := s.keep(nil, first.Author, what)
		return err
	}
	if first.Author == ByWorker {
		return s.workerEdited(first, what)
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, *first.Request)
	if err != nil {
		return err
	}
	if crisis != "" && (r.Urgency != prompts.Emergency || !r.State.Active()) {
		return s.emergency(what, crisis)
	}
	return s.newVersion(r, first, what)
}

// workerEdited takes a worker's new words only where they could still say them: to the resident of a request that they
// have, in a note on one of their station's. Elsewhere they are kept, and go to nobody.
func (s *step) workerEdited(first Message, what said) error {
	last, err := s.lastOf(first)
	if err != nil || last.says(what) {
		return err
	}
	s.heedWorker(what)
	r, err := s.deskRequest(`r.id = $1`, *first.Request)
	switch {
	case errors.Is(err, ErrNotFound):
		return s.keepUnsent(nil, what)
	case err != nil:
		return err
	case first.Kind != KindNote && (first.TakenBackAt != nil || !s.mine(r)):
		return s.keepUnsent(r, what)
	}
	return s.newVersion(r, first, what)
}

// newVersion puts a message's new words in the place of its old ones.
func (s *step) newVersion(r *Request, first Message, what said) error {
	last, err := s.lastOf(first)
	if err != nil || last.says(what) { // Telegram tells of other changes too
		return err
	}
	inPlace := first.Kind == what.kind && last.FileID == what.fileID // else it can't be shown in the place of the old one
	id, err := s.keep(r, first.Author, what)
	if err != nil {
		return err
	}
	if first.Kind == KindNote {
		return s.redrawCards(r)
	}
	s.log(r, "said", first.Author, value(first.Worker), Args{"message": id, "edits": first.ID})
	switch {
	case first.Author == ByResident:
		r.Text = replaceWords(r.Text, last.Text, what.text)
		return s.wordsChanged(r, first, id, what.text, inPlace)
	case inPlace:
		if _, err := s.redrawSaid(r, first.ID, id); err != nil {
			return err
		}
	default:
		s.tellResident(r, NoticeWorkerSaid, Args{"message": id, "worker": s.worker.Name, "edited": true})
	}
	return s.dropTranslations(r, first)
}

// lastOf is the last version of a message: its words and its file.
func (s *step) lastOf(first Message) (Message, error) {
	var last Message
	err := s.tx.GetContext(s.ctx, &last, `
		SELECT text, file_id FROM messages WHERE id = $1 OR edits = $1 ORDER BY id DESC LIMIT 1`, first.ID)
	return last, wrap(err, "load the message's last version")
}

// wordsChanged has those read the new version of what a resident said who have read the old one, on the card or by itself.
func (s *step) wordsChanged(r *Request, first Message, version int64, text string, inPlace bool) error {
	if r.State == Draft {
		return s.think(r)
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if r.Worker == nil {
		if err := s.redrawCards(r); err != nil {
			return err
		}
	} else if err := s.changedForHolder(r, first, version, inPlace); err != nil {
		return err
	}
	if r.Urgency != prompts.Emergency {
		return nil
	}
	crisis := s.Offline.Crisis(text)
	if r.State.Active() && (crisis != "" || !r.Supposed() || s.answersSupposed(r)) {
		if placed, err := s.placedAtLast(r, text); placed || err != nil {
			return err
		}
	}
	if crisis == "" {
		return nil
	}
	return s.cryAgain(r)
}

// changedForHolder shows the worker who has a request the new version of a message in the place of the old one. Where
// that was on the card, and in an emergency, for an edit makes no sound, it is passed on as a message of its own.
func (s *step) changedForHolder(r *Request, first Message, version int64, inPlace bool) error {
	if inPlace {
		shown, err := s.redrawSaid(r, first.ID, version)
		if err != nil {
			return err
		}
		holder, err := s.holder(r)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		read := func(p posted) bool { return err == nil && p.Chat == *holder.Chat }
		if r.Urgency != prompts.Emergency && slices.ContainsFunc(shown, read) {
			return nil
		}
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	return s.tellHolder(r, NoticeResidentSaid, Args{"message": version, "edited": true})
}

// redrawSaid shows a message's new version wherever it was passed on, which it returns.
func (s *step) redrawSaid(r *Request, first, version int64) ([]posted, error) {
	var all []posted
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.request_id = $1 AND n.kind IN ('resident_said', 'worker_said') AND n.edits IS NULL
		  AND n.state IN ('waiting', 'sent')
		  AND CAST(n.args ->> 'message' AS bigint) IN (SELECT m.id FROM messages m WHERE m.id = $2 OR m.edits = $2)
		ORDER BY n.id`, r.ID, first)
	for _, p := range all {
		s.redraw(p, r, Args{"message": version, "worker": workerName(s.worker), "edited": true})
	}
	return all, wrap(err, "find where the message was passed on")
}

// replaceWords puts new words in the place of old ones, or adds them where the old ones are not there. Where there are no
// new ones, the old ones stay.
func replaceWords(text, old, words string) string {
	if old == "" || words == "" || !strings.Contains(text, old) || len(text)-len(old)+len(words) > maxWords {
		return joinWords(text, words)
	}
	return strings.Replace(text, old, words, 1)
}

func workerName(w *Worker) string {
	if w == nil {
		return ""
	}
	return w.Name
}
