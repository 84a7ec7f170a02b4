package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
)

const (
	maxUpload = 50 << 20 // bytes of a file that a bot uploads
	maxFields = 1 << 20  // bytes of all that isn't a file
)

// form is a call's parameters, whichever of Telegram's four ways they came: query, urlencoded, multipart, JSON.
type form struct {
	values map[string]string
	files  map[string]upload
}

// upload is a file within a multipart form.
type upload struct {
	name    string
	content []byte
}

// readForm reads a request's parameters. A request without any is as good as an empty one, whatever its
// content type says.
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	f := form{values: map[string]string{}, files: map[string]upload{}}
	f.add(r.URL.Query())
	body := http.MaxBytesReader(w, r.Body, maxUpload+maxFields)
	kind, details, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // none, or none that can be read: there is nothing to read in the body either
	}
	switch kind {
	case "multipart/form-data":
		err = f.readMultipart(multipart.NewReader(body, details["boundary"]))
	case "application/x-www-form-urlencoded":
		err = f.readURLEncoded(body)
	case "application/json":
		err = f.readJSON(body)
	default:
		_, err = io.Copy(io.Discard, body)
	}
	var tooLarge *http.MaxBytesError
	var refused *Error
	switch {
	case errors.As(err, &tooLarge):
		return f, errTooLarge
	case err != nil && !errors.As(err, &refused):
		return f, bad("can't read the request")
	}
	return f, err
}

func (f form) add(values url.Values) {
	for name := range values {
		f.values[name] = values.Get(name)
	}
}

func (f form) readMultipart(r *multipart.Reader) error {
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() != "" {
			f.files[part.FormName()] = upload{part.FileName(), content}
		} else {
			f.values[part.FormName()] = string(content)
		}
	}
}

func (f form) readURLEncoded(body io.Reader) error {
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return err
	}
	f.add(values)
	return nil
}

func (f form) readJSON(body io.Reader) error {
	content, err := io.ReadAll(body)
	if err != nil || len(content) == 0 {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(content, &fields); err != nil {
		return bad("can't parse request: expected an Object")
	}
	for name, raw := range fields {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			f.values[name] = text
		default:
			f.values[name] = string(raw)
		}
	}
	return nil
}
