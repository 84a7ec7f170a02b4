package admin

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf16"

	"onedoor/intake"
)

const (
	answerPath    = "/answer"       // the end of the path of the form that may have a file
	receiveWithin = 5 * time.Minute // what receiving it may take
	drained       = 2 * maxFile     // bytes that are read of a file that is too large, so that a browser that is still sending reads the answer
)

// sendsFile tells whether a form is one that may have a file for a resident, in parts.
func sendsFile(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data" && strings.HasPrefix(r.URL.Path, "/admin/requests/") && strings.HasSuffix(r.URL.Path, answerPath)
}

// answers brings a resident what a supervisor writes, and the file that the form may have. Nothing of it is read of who may not answer.
func (a *Admin) answers(w http.ResponseWriter, r *http.Request) error {
	if !sendsFile(r) {
		return a.decides(a.answer)(w, r)
	}
	if _, err := a.visible(r); err != nil {
		return err
	}
	file, wrong := receive(w, r)
	if file.there() {
		defer file.Close() // and it is gone
	}
	return a.decides(func(r *http.Request, by intake.Supervisor, ref string) error {
		if wrong != nil {
			return wrong
		}
		return a.answerWith(r, by, ref, file)
	})(w, r)
}

// answerWith answers with a file, or without one where none was chosen.
func (a *Admin) answerWith(r *http.Request, by intake.Supervisor, ref string, file *received) error {
	if !file.there() {
		return a.answer(r, by, ref)
	}
	text, err := someWords(r, "text", maxAnswer)
	if err != nil {
		return err
	}
	if len(utf16.Encode([]rune(text))) > intake.MaxBeside {
		return badRequest{"error_beside"}
	}
	free, err := a.readSlot(r)
	if err != nil {
		return err
	}
	defer free()
	enclosed, err := file.enclosed()
	if err != nil {
		return err
	}
	switch enclosed.Fault() {
	case intake.EnclosedEmpty:
		return badRequest{"error_enclosed_empty"}
	case intake.EnclosedLarge:
		return badRequest{"error_enclosed_large"}
	}
	return a.Intake.AnswerWithFile(r.Context(), by, ref, text, enclosed, r.PostFormValue("translate") != "")
}

// received is a file that came with a form, on disk under no name: nothing is left of it however this ends. nil: there is none.
type received struct {
	*os.File
	name string
}

func (f *received) there() bool { return f != nil && f.File != nil }

func (f *received) enclosed() (intake.Enclosed, error) {
	content, err := io.ReadAll(io.NewSectionReader(f.File, 0, maxFile+1))
	if err != nil {
		return intake.Enclosed{}, fmt.Errorf("read what was received: %w", err)
	}
	return intake.Enclosed{Name: f.name, Content: content}, nil
}

// receive reads a form that comes in parts into r.PostForm, and the file that may be its last. Fields that came before a file that can't
// be taken are there all the same. On record is that there was a file, and no more.
func receive(w http.ResponseWriter, r *http.Request) (*received, error) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(receiveWithin)) // as long as the server allows, where it can't be set
	r.Body = http.MaxBytesReader(w, r.Body, maxFile+maxForm+drained)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, badRequest{"error_form"}
	}
	for left, n := int64(maxForm), 0; ; n++ {
		part, err := parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, nil
		case err != nil || n == maxFields:
			return nil, badRequest{"error_form"}
		case part.FormName() == "file" && part.FileName() != "":
			r.PostForm.Set("file", "yes")
			return store(r, part)
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(value)); err != nil || left < 0 {
			return nil, badRequest{"error_form"}
		}
		if part.FormName() != "file" { // which is empty where nothing was chosen
			r.PostForm.Add(part.FormName(), string(value))
		}
	}
}

// store writes a file that is being received to disk.
func store(r *http.Request, part *multipart.Part) (*received, error) {
	file, err := os.CreateTemp("", "onedoor-*")
	if err != nil {
		return nil, fmt.Errorf("make room for a file: %w", err)
	}
	f := &received{file, part.FileName()}
	if err := os.Remove(file.Name()); err != nil {
		return f, fmt.Errorf("make room for a file: %w", err)
	}
	size, err := io.Copy(file, io.LimitReader(part, maxFile+1))
	switch {
	case size > maxFile:
		_, _ = io.Copy(io.Discard, r.Body)
		return f, badRequest{"error_enclosed_large"}
	case errors.Is(err, io.ErrUnexpectedEOF): // it broke off
		return f, badRequest{"error_form"}
	case err != nil:
		return f, fmt.Errorf("receive a file: %w", err)
	}
	return f, nil
}
