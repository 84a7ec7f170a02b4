package botapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// maxBody bounds a request: a file of 50 MB, as bots may send, and its form.
const maxBody = 51 << 20

// params are a call's parameters, by name, as text; objects are JSON.
type params map[string]string

// kind is a parameter's type; required ones are written in capitals in the tables of methods.
type kind int

const (
	text kind = iota
	number
	boolean
	object
)

// readParams reads a call's parameters in any of the forms that the API takes, and checks them against the
// method's table: "name" optional, "name!" required. Unknown ones are errors here, so that a slip is seen.
func readParams(r *http.Request, table map[string]kind) (params, *apiError) {
	p := params{}
	for name, values := range r.URL.Query() {
		p[name] = values[0]
	}
	if err := readBody(r, p); err != nil {
		return nil, bad("can't parse the request: " + err.Error())
	}
	for name, value := range p {
		k, optional := table[name]
		if !optional {
			if k, optional = table[name+"!"]; !optional {
				return nil, bad("unknown parameter " + name)
			}
		}
		if !k.fits(value) {
			return nil, bad(fmt.Sprintf("parameter %s has a wrong type", name))
		}
	}
	for name := range table {
		if bare, required := strings.CutSuffix(name, "!"); required && p[bare] == "" {
			return nil, missing(bare)
		}
	}
	return p, nil
}

// missing is what Telegram says when a parameter isn't there.
func missing(name string) *apiError {
	switch name {
	case "chat_id":
		return bad("chat_id is empty")
	case "text":
		return bad("message text is empty")
	}
	return bad(name + " is empty")
}

func (k kind) fits(value string) bool {
	var err error
	switch k {
	case number:
		_, err = strconv.ParseFloat(value, 64)
	case boolean:
		_, err = strconv.ParseBool(value)
	case object:
		if !json.Valid([]byte(value)) {
			return false
		}
	}
	return err == nil
}

func readBody(r *http.Request, p params) error {
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	contentType, options, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch contentType {
	case "multipart/form-data":
		return readForm(multipart.NewReader(r.Body, options["boundary"]), p)
	case "application/json":
		return readJSON(r.Body, p)
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return err
		}
		for name, values := range r.PostForm {
			p[name] = values[0]
		}
	}
	return nil
}

// readForm reads a multipart form; an empty body is one without fields.
func readForm(form *multipart.Reader, p params) error {
	for first := true; ; first = false {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) || first && err != nil {
			return nil
		}
		if err != nil {
			return err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		p[part.FormName()] = string(value)
	}
}

func readJSON(body io.Reader, p params) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for name, value := range fields {
		var s string
		if json.Unmarshal(value, &s) == nil {
			p[name] = s
		} else {
			p[name] = string(value)
		}
	}
	return nil
}

func (p params) int(name string) int64 {
	n, _ := strconv.ParseInt(p[name], 10, 64)
	return n
}

func (p params) bool(name string) bool {
	b, _ := strconv.ParseBool(p[name])
	return b
}
