package admin

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
)

const (
	maxFile   = intake.MaxFile  // bytes of the largest attachment that is handed on
	fileLimit = 2 * time.Minute // what handing one on may take
)

// errTelegram is Telegram not answering.
var errTelegram = errors.New("Telegram does not answer")

// shown are the kinds of content that a browser shows or plays by itself, and that can't carry scripts. All else is
// saved as a file. What a file is called or said to be counts for nothing: its content does.
func shown() []string {
	return []string{"image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/wave", "video/mp4", "video/webm"}
}

// endings are those that a file may have on a supervisor's disk. What would run when it is opened has none.
func endings() []string {
	return []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".oga", ".ogg", ".mp3", ".m4a", ".wav", ".mp4", ".pdf", ".txt", ".csv",
		".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".wps", ".zip"}
}

// file hands on what a resident or a worker sent otherwise than in words, for a request that the account may see.
func (a *Admin) file(w http.ResponseWriter, r *http.Request) error {
	m, v, err := a.attachment(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), fileLimit)
	defer cancel()
	content, called, err := a.content(ctx, m)
	if errors.Is(err, intake.ErrNotFound) {
		return badRequest{"error_file"}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errTelegram, err)
	}
	defer content.Close()
	body := bufio.NewReader(content)
	head, err := body.Peek(512) // what DetectContentType looks at
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", errTelegram, err)
	}
	name := v.Ref + "-" + strconv.FormatInt(m.ID, 10)
	if ending := strings.ToLower(path.Ext(called)); slices.Contains(endings(), ending) {
		name += ending
	}
	fileHeaders(w.Header(), http.DetectContentType(head), name)
	if !whole(w, body) {
		panic(http.ErrAbortHandler) // so that what was cut off doesn't look complete
	}
	return nil
}

// attachment is the message of the path and its request, if the account may see them and the message has a file.
func (a *Admin) attachment(r *http.Request) (intake.Message, *intake.View, error) {
	v, err := a.visible(r)
	if err != nil {
		return intake.Message{}, nil, err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return intake.Message{}, nil, intake.ErrNotFound
	}
	m, err := a.Intake.Message(r.Context(), id)
	if err != nil {
		return intake.Message{}, nil, err
	}
	if m.Request == nil || *m.Request != v.ID || !m.Carries() {
		return intake.Message{}, nil, intake.ErrNotFound
	}
	return m, v, nil
}

// content opens a message's file, and says what it is called: our copy or, where there is none on this machine, Telegram's.
func (a *Admin) content(ctx context.Context, m intake.Message) (io.ReadCloser, string, error) {
	kept, called, err := a.Intake.Content(ctx, m.ID)
	if err == nil {
		return kept, called, nil
	}
	if !errors.Is(err, intake.ErrNotFound) {
		a.Log.Warn("admin: opening the copy of a file fails; asking Telegram for it", "message", m.ID, "error", err)
	}
	if a.File == nil || m.FileID == "" {
		return nil, "", intake.ErrNotFound
	}
	return a.File(ctx, m.Bot, m.FileID)
}

// whole copies a file, and tells whether all of it went through and was no larger than it may be.
func whole(w io.Writer, body *bufio.Reader) bool {
	if _, err := io.Copy(w, io.LimitReader(body, maxFile)); err != nil {
		return false
	}
	_, err := body.ReadByte()
	return errors.Is(err, io.EOF)
}

// fileHeaders keep a file from doing anything but being looked at, listened to or saved.
func fileHeaders(h http.Header, content, name string) {
	if content == "application/ogg" { // as voice messages are recognised
		content = "audio/ogg"
	}
	how := "inline"
	if !slices.Contains(shown(), content) {
		how, content = "attachment", "application/octet-stream"
	}
	h.Set("Content-Type", content)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'")
}
