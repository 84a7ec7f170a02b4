package simulator

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	voiceSeconds = 4         // of the microphone's voice note
	maxPicked    = 20 << 20  // bytes of a file from the disk: what a bot can fetch
	maxDeed      = 21 << 20  // bytes of a request
	inMemory     = maxPicked // nothing is put into temporary files
)

// deed is something done on a phone. Its error is shown there.
type deed func(*phones, *User, *http.Request) error

// deeds are what the page's scripts ask for, by the last part of the path.
var deeds = map[string]deed{
	"send": send, "start": start, "edit": edit, "press": press, "location": location, "contact": contact,
	"voice": voice, "file": pickedFile, "language": language, "block": block,
}

// does carries out a deed: nothing to say when done, a sentence for the phone when not.
func (p *phones) does(d deed) func(http.ResponseWriter, *http.Request, *User) {
	return func(w http.ResponseWriter, r *http.Request, u *User) {
		r.Body = http.MaxBytesReader(w, r.Body, maxDeed)
		err := r.ParseMultipartForm(inMemory)
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(w, "The file is larger than 20 MB.", http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			http.Error(w, "The request can't be read.", http.StatusBadRequest)
			return
		}
		if err := d(p, u, r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// message is the one that a field names, as the user sees it.
func (p *phones) message(u *User, r *http.Request, field string) (Message, error) {
	id, err := strconv.Atoi(r.FormValue(field))
	if err != nil {
		return Message{}, errors.New("no message is named")
	}
	chat := u.Chat(p.Bot)
	if i := slices.IndexFunc(chat, func(m Message) bool { return m.ID == id }); i >= 0 {
		return chat[i], nil
	}
	return Message{}, errors.New("the message is gone")
}

func send(p *phones, u *User, r *http.Request) error {
	text := strings.TrimSpace(r.FormValue("text"))
	switch {
	case text == "":
		return errors.New("there is nothing to send")
	case r.FormValue("reply_to") == "":
		u.Send(p.Bot, text)
		return nil
	}
	to, err := p.message(u, r, "reply_to")
	if err != nil {
		return err
	}
	u.Reply(to, text)
	return nil
}

func start(p *phones, u *User, r *http.Request) error {
	u.Start(p.Bot, r.FormValue("param"))
	return nil
}

func edit(p *phones, u *User, r *http.Request) error {
	m, err := p.message(u, r, "message_id")
	if err != nil {
		return err
	}
	_, err = u.Edit(p.Bot, m.ID, strings.TrimSpace(r.FormValue("text")))
	return err
}

func press(p *phones, u *User, r *http.Request) error {
	m, err := p.message(u, r, "message_id")
	if err != nil {
		return err
	}
	_, err = u.Press(m, r.FormValue("data"))
	return err
}

func location(p *phones, u *User, r *http.Request) error {
	lat, latErr := strconv.ParseFloat(r.FormValue("lat"), 64)
	lon, lonErr := strconv.ParseFloat(r.FormValue("lon"), 64)
	if latErr != nil || lonErr != nil || !onEarth(lat, lon) {
		return errors.New("a latitude is between -90 and 90, a longitude between -180 and 180")
	}
	u.Location(p.Bot, lat, lon)
	return nil
}

func contact(p *phones, u *User, _ *http.Request) error {
	u.Contact(p.Bot)
	return nil
}

func voice(p *phones, u *User, _ *http.Request) error {
	u.Voice(p.Bot, p.voice, voiceSeconds)
	return nil
}

// pickedFile sends a file from the disk: a picture as a photo, anything else as a document.
func pickedFile(p *phones, u *User, r *http.Request) error {
	content, header, err := readPicked(r)
	if err != nil {
		return err
	}
	caption := strings.TrimSpace(r.FormValue("text"))
	switch kind := http.DetectContentType(content); {
	case len(content) <= maxPhoto && (kind == "image/jpeg" || kind == "image/png" || kind == "image/webp"):
		u.Photo(p.Bot, content, caption)
	default:
		u.Document(p.Bot, header.Filename, content, caption)
	}
	return nil
}

func readPicked(r *http.Request) ([]byte, *multipart.FileHeader, error) {
	f, header, err := r.FormFile("file")
	if err != nil {
		return nil, nil, errors.New("no file is chosen")
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("read the chosen file: %w", err)
	case len(content) == 0:
		return nil, nil, errors.New("the file is empty")
	case len(content) > maxPicked:
		return nil, nil, errors.New("the file is larger than 20 MB")
	}
	return content, header, nil
}

func language(_ *phones, u *User, r *http.Request) error {
	u.SetLanguage(r.FormValue("code"))
	return nil
}

func block(p *phones, u *User, r *http.Request) error {
	u.setBlocked(p.Bot, r.FormValue("blocked") == "true")
	return nil
}
