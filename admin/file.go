package admin

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"onedoor/intake"
)

// maxFile is the largest attachment that is handed on, in bytes: the largest that Telegram gives to a bot.
const maxFile = 20 << 20

// shown are the kinds of content that a browser shows or plays by itself, and that can't carry scripts. All else is
// saved as a file. What a file is called or said to be counts for nothing: its content does.
func shown() []string {
	return []string{"image/jpeg", "image/png", "image/gif", "image/webp", "application/ogg", "audio/mpeg", "audio/wave", "video/mp4", "video/webm"}
}

// file hands on what a resident or a worker sent otherwise than in words, for a request that the account may see.
func (a *Admin) file(w http.ResponseWriter, r *http.Request) error {
	v, err := a.visible(r)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return intake.ErrNotFound
	}
	m, err := a.Intake.Message(r.Context(), id)
	if err != nil {
		return err
	}
	if m.Request == nil || *m.Request != v.ID || m.FileID == "" || a.File == nil {
		return intake.ErrNotFound
	}
	content, err := a.File(r.Context(), m.Bot, m.FileID)
	if errors.Is(err, intake.ErrNotFound) {
		return badRequest{"error_file"}
	}
	if err != nil {
		return err
	}
	defer content.Close()
	body := bufio.NewReader(io.LimitReader(content, maxFile))
	head, err := body.Peek(512) // what DetectContentType looks at
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	fileHeaders(w.Header(), http.DetectContentType(head), v.Ref+"-"+strconv.FormatInt(id, 10))
	if _, err := io.Copy(w, body); err != nil {
		a.Log.Debug("send a file", "error", err)
	}
	return nil
}

// fileHeaders keep a file from doing anything but being looked at, listened to or saved.
func fileHeaders(h http.Header, content, name string) {
	how := "inline"
	if !slices.Contains(shown(), content) {
		how, content = "attachment", "application/octet-stream"
	}
	h.Set("Content-Type", content)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'")
}
