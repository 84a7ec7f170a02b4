package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/jpeg" // sizes of photos
	_ "image/png"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/go-telegram/bot/models"
)

const (
	maxPhoto    = 10 << 20 // bytes of an uploaded photo
	maxSides    = 10_000   // pixels of a photo's width and height together
	maxRatio    = 20       // of the longer to the shorter
	maxDownload = 20 << 20 // bytes of a file that a bot can fetch
	thumbnail   = 320      // pixels of a photo's smaller version
)

// storedFile is a file as one bot knows it: other bots can't use its id.
type storedFile struct {
	id, unique string
	path       string // below /file/bot<token>/
	kind       string // photo, voice, document
	content    []byte
	Content
}

// store keeps a file that came from a user or from the bot. name and mime type may be empty.
func (b *Bot) store(kind, name string, content []byte, seconds int) *storedFile {
	serial, sum := b.sim.next(), sha256.Sum256(content)
	f := &storedFile{kind: kind, content: content, unique: base64.RawURLEncoding.EncodeToString(sum[:9])}
	f.id = fmt.Sprintf("%s%d-%d-%s", kind[:1], b.id, serial, f.unique)
	switch kind {
	case "photo":
		f.path = fmt.Sprintf("photos/file_%d.jpg", serial)
		f.Photo = b.photoSizes(f)
	case "voice":
		f.path = fmt.Sprintf("voice/file_%d.oga", serial)
		f.Voice = &models.Voice{FileID: f.id, FileUniqueID: f.unique, Duration: seconds, MimeType: "audio/ogg", FileSize: int64(len(content))}
	default:
		f.path = fmt.Sprintf("documents/file_%d%s", serial, path.Ext(name))
		f.Document = &models.Document{FileID: f.id, FileUniqueID: f.unique, FileName: name, MimeType: mimeType(name, content), FileSize: int64(len(content))}
	}
	b.files[f.id] = f
	return f
}

// photoSizes gives a small and the full version. The small one has an id of its own and the same bytes.
func (b *Bot) photoSizes(f *storedFile) []models.PhotoSize {
	width, height := 1280, 960 // for what isn't a picture, which a test may well send
	if picture, _, err := image.DecodeConfig(bytes.NewReader(f.content)); err == nil {
		width, height = picture.Width, picture.Height
	}
	full := models.PhotoSize{FileID: f.id, FileUniqueID: f.unique, Width: width, Height: height, FileSize: len(f.content)}
	small := full
	small.FileID, small.FileUniqueID = f.id+"s", f.unique+"s"
	if longer := max(width, height); longer > thumbnail {
		small.Width, small.Height = max(1, width*thumbnail/longer), max(1, height*thumbnail/longer)
	}
	b.files[small.FileID] = f
	return []models.PhotoSize{small, full}
}

// misshapen tells whether a picture is larger, or longer and thinner, than Telegram takes as a photo
// (https://core.telegram.org/bots/api#sendphoto).
func misshapen(content []byte) bool {
	picture, _, err := image.DecodeConfig(bytes.NewReader(content))
	longer, shorter := max(picture.Width, picture.Height), min(picture.Width, picture.Height)
	return err == nil && (longer+shorter > maxSides || longer > maxRatio*shorter)
}

func mimeType(name string, content []byte) string {
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return http.DetectContentType(content)
}

// file is what a parameter (or a media group's item) names: an upload, attach://name of one, or a file_id.
func (c *call) file(kind, name, value string) (*storedFile, error) {
	if attached, ok := strings.CutPrefix(value, "attach://"); ok {
		name = attached
	}
	if sent, uploaded := c.form.files[name]; uploaded {
		switch {
		case len(sent.content) == 0:
			return nil, bad("file must be non-empty")
		case kind == "photo" && len(sent.content) > maxPhoto:
			return nil, bad("file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(sent.content), maxPhoto)
		case kind == "photo" && !strings.HasPrefix(http.DetectContentType(sent.content), "image/"):
			return nil, bad("IMAGE_PROCESS_FAILED")
		case kind == "photo" && misshapen(sent.content):
			return nil, bad("PHOTO_INVALID_DIMENSIONS")
		case len(sent.content) > maxUpload:
			return nil, errTooLarge
		}
		return c.bot.store(kind, sent.name, sent.content, int(c.num("duration"))), nil
	}
	f, known := c.bot.files[value]
	switch {
	case !known:
		return nil, bad("wrong file identifier/HTTP URL specified")
	case f.kind != kind:
		return nil, bad("can't use file of type %s as %s", title(f.kind), title(kind))
	}
	return f, nil
}

func title(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }

func getFile(c *call) (any, error) {
	f, known := c.bot.files[c.str("file_id")]
	switch {
	case !known:
		return nil, bad("invalid file_id")
	case len(f.content) > maxDownload:
		return nil, bad("file is too big")
	}
	return models.File{FileID: c.str("file_id"), FileUniqueID: f.unique, FileSize: int64(len(f.content)), FilePath: f.path}, nil
}

// serveFile answers /file/bot<token>/<path>.
func (s *Simulator) serveFile(w http.ResponseWriter, b *Bot, at string) {
	s.mu.Lock()
	var found *storedFile
	for _, f := range b.files {
		if f.path == at && len(f.content) <= maxDownload {
			found = f
		}
	}
	s.mu.Unlock()
	if found == nil {
		reply(w, nil, errNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(found.content)
}
