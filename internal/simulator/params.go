package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	maxUpload = 50 << 20 // bytes of a file that a bot uploads
	maxField  = 1 << 20  // bytes of a parameter that isn't a file
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
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+maxField)
	kind, details, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil { // none, or not one
		return f, drain(r.Body)
	}
	switch kind {
	case "multipart/form-data":
		err = f.readMultipart(multipart.NewReader(r.Body, details["boundary"]))
	case "application/x-www-form-urlencoded":
		err = f.readURLEncoded(r.Body)
	case "application/json":
		err = f.readJSON(r.Body)
	default:
		err = drain(r.Body)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return f, errTooLarge
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
			return asRead(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return asRead(err)
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
		return asRead(err)
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return bad("can't parse the urlencoded request")
	}
	f.add(values)
	return nil
}

func (f form) readJSON(body io.Reader) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil && !errors.Is(err, io.EOF) {
		return bad("can't parse the request's JSON object")
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

// asRead keeps what the reader's limit says and makes everything else the caller's mistake.
func asRead(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return errors.Join(bad("can't parse the multipart request"), errCutShort, err)
}

// kind is a parameter's type in the Bot API.
type kind int

const (
	text    kind = iota
	integer      // 64 bits
	boolean
	float
	chatID // an integer or @username
	object
	array
	file // an upload, a file_id, or attach://name
)

// fits tells whether a parameter's text is of a kind. An empty one counts as not given.
func (k kind) fits(value string) bool {
	switch k {
	case integer:
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case boolean:
		_, err := strconv.ParseBool(value)
		return err == nil
	case float:
		_, err := strconv.ParseFloat(value, 64)
		return err == nil
	case chatID:
		return strings.HasPrefix(value, "@") || integer.fits(value)
	case object:
		var o map[string]json.RawMessage
		return json.Unmarshal([]byte(value), &o) == nil
	case array:
		var a []json.RawMessage
		return json.Unmarshal([]byte(value), &a) == nil
	default:
		return true
	}
}

func isTrue(value string) bool {
	yes, err := strconv.ParseBool(value)
	return err == nil && yes
}
