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
	voiceSeconds = 4                          // of the microphone's voice note
	maxPicked    = 20 << 20                   // bytes of a file from the disk: what a bot can fetch
	maxAlbum     = 10                         // pictures
	maxDeed      = maxAlbum*maxPicked + 1<<20 // bytes of a request
	inMemory     = maxDeed                    // nothing is put into temporary files
	liveSeconds  = 15 * 60                    // for which a live location is shared
)

// deed is something done on a phone. Its error is shown there.
type deed func(*phones, *User, *http.Request) error

// deeds are what the page's scripts ask for, by the last part of the path.
var deeds = map[string]deed{
	"send": send, "start": start, "edit": edit, "press": press, "location": location, "live": live, "move": move, "stop": stop, "contact": contact,
	"voice": voice, "file": pickedFiles, "language": language, "block": block,
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
	lat, lon, err := whereabouts(r)
	if err == nil {
		u.Location(p.Bot, lat, lon)
	}
	return err
}

// live begins to share where the user is.
func live(p *phones, u *User, r *http.Request) error {
	lat, lon, err := whereabouts(r)
	if err == nil {
		u.LiveLocation(p.Bot, lat, lon, liveSeconds)
	}
	return err
}

// move goes on to where the user is now.
func move(p *phones, u *User, r *http.Request) error {
	lat, lon, err := whereabouts(r)
	if err != nil {
		return err
	}
	m, err := p.message(u, r, "message_id")
	if err != nil {
		return err
	}
	return u.Move(p.Bot, m.ID, lat, lon)
}

func stop(p *phones, u *User, r *http.Request) error {
	m, err := p.message(u, r, "message_id")
	if err != nil {
		return err
	}
	return u.Stop(p.Bot, m.ID)
}

func whereabouts(r *http.Request) (lat, lon float64, err error) {
	lat, latErr := strconv.ParseFloat(r.FormValue("lat"), 64)
	lon, lonErr := strconv.ParseFloat(r.FormValue("lon"), 64)
	if latErr != nil || lonErr != nil || !onEarth(lat, lon) {
		return 0, 0, errors.New("a latitude is between -90 and 90, a longitude between -180 and 180")
	}
	return lat, lon, nil
}

func contact(p *phones, u *User, _ *http.Request) error {
	u.Contact(p.Bot)
	return nil
}

func voice(p *phones, u *User, _ *http.Request) error {
	u.Voice(p.Bot, p.voice, voiceSeconds)
	return nil
}

// picked is a file from the disk.
type picked struct {
	name    string
	content []byte
}

// picture tells what is sent as a photo; anything else is a document.
func (f picked) picture() bool {
	kind := http.DetectContentType(f.content)
	return len(f.content) <= maxPhoto && (kind == "image/jpeg" || kind == "image/png" || kind == "image/webp")
}

// pickedFiles sends files from the disk: several pictures as an album, and the caption with the first.
func pickedFiles(p *phones, u *User, r *http.Request) error {
	files, err := readPicked(r)
	if err != nil {
		return err
	}
	caption := strings.TrimSpace(r.FormValue("text"))
	var album [][]byte
	for _, f := range files {
		if len(files) > 1 && f.picture() {
			album = append(album, f.content)
		}
	}
	if len(album) == len(files) {
		u.Album(p.Bot, caption, album...)
		return nil
	}
	for _, f := range files {
		if f.picture() {
			u.Photo(p.Bot, f.content, caption)
		} else {
			u.Document(p.Bot, f.name, f.content, caption)
		}
		caption = ""
	}
	return nil
}

func readPicked(r *http.Request) (files []picked, err error) {
	headers := r.MultipartForm.File["file"]
	switch {
	case len(headers) == 0:
		return nil, errors.New("no file is chosen")
	case len(headers) > maxAlbum:
		return nil, errors.New("ten files at most go at once")
	}
	for _, header := range headers {
		content, err := readFile(header)
		if err != nil {
			return nil, err
		}
		files = append(files, picked{header.Filename, content})
	}
	return files, nil
}

func readFile(header *multipart.FileHeader) ([]byte, error) {
	f, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open the chosen file: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the chosen file: %w", err)
	case len(content) == 0:
		return nil, errors.New("the file is empty")
	case len(content) > maxPicked:
		return nil, errors.New("the file is larger than 20 MB")
	}
	return content, nil
}

func language(_ *phones, u *User, r *http.Request) error {
	u.SetLanguage(r.FormValue("code"))
	return nil
}

func block(p *phones, u *User, r *http.Request) error {
	u.setBlocked(p.Bot, r.FormValue("blocked") == "true")
	return nil
}
