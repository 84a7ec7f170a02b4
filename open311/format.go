package open311

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// The formats in which all is answered, as the standard names them.
const (
	formatJSON = "application/json"
	formatXML  = "text/xml"
)

// formatOf is the format that the ending of the path names or, without one, the first that is accepted.
func formatOf(r *http.Request) string {
	switch path.Ext(r.URL.Path) {
	case ".xml":
		return formatXML
	case ".json":
		return formatJSON
	}
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		switch kind, _, _ := mime.ParseMediaType(accepted); kind {
		case formatXML, "application/xml":
			return formatXML
		case formatJSON:
			return formatJSON
		}
	}
	return formatJSON
}

// id is the last word of the path, without the ending that names a format.
func id(r *http.Request) string {
	name := r.PathValue("id")
	return strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".xml")
}

// firstTag is the language that the caller asks for first.
func firstTag(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	return strings.TrimSpace(tag)
}

// write sends a document. It is made in a buffer, so that a failure half-way is not sent.
func (a *API) write(w http.ResponseWriter, r *http.Request, status int, document any) {
	format := formatOf(r)
	body, err := encode(format, document)
	if err != nil {
		a.Log.Error("open311: write an answer", "path", r.URL.Path, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", format+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept, Accept-Language")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		a.Log.Debug("open311: send an answer", "error", err)
	}
}

// encode writes a document in a format. Both are made of the same values, and so say the same.
func encode(format string, document any) ([]byte, error) {
	if format == formatJSON {
		return json.Marshal(document)
	}
	body := bytes.NewBufferString(`<?xml version="1.0" encoding="utf-8"?>` + "\n")
	if err := xml.NewEncoder(body).Encode(document); err != nil {
		return nil, fmt.Errorf("write XML: %w", err)
	}
	return body.Bytes(), nil
}

// list is several of a kind: in XML an element with one for each of them, in JSON an array without names.
type list[T any] struct {
	root, item string
	all        []T
}

// MarshalJSON writes the array.
func (l list[T]) MarshalJSON() ([]byte, error) { return json.Marshal(append([]T{}, l.all...)) }

// MarshalXML writes the elements.
func (l list[T]) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Name.Local = l.root
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, v := range l.all {
		if err := e.EncodeElement(v, xml.StartElement{Name: xml.Name{Local: l.item}}); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// text is words that both formats can carry. None are null in JSON, and an empty element in XML.
type text string

// plain replaces what XML has no way to say.
func (t text) plain() string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF {
			return r
		}
		return '\uFFFD'
	}, string(t))
}

// MarshalJSON writes a string or null.
func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(t.plain())
}

// MarshalXML writes an element.
func (t text) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(t.plain(), start)
}

// moment is a point in time, to the second; the zero one is like no text.
func moment(at time.Time) text {
	if at.IsZero() {
		return ""
	}
	return text(at.UTC().Format(time.RFC3339))
}

// degrees are a part of a position, or nil where that isn't known.
type degrees struct{ *float64 }

// MarshalJSON writes a number or null.
func (d degrees) MarshalJSON() ([]byte, error) {
	if d.float64 == nil {
		return []byte("null"), nil
	}
	return []byte(d.String()), nil
}

// MarshalXML writes an element, which is empty where nothing is known.
func (d degrees) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(d.String(), start)
}

// String is the number, or nothing. Both formats write it so, without an exponent.
func (d degrees) String() string {
	if d.float64 == nil {
		return ""
	}
	return strconv.FormatFloat(*d.float64, 'f', -1, 64)
}
