package open311

import (
	_ "embed" // openapi.json
	"encoding/xml"
	"net/http"
)

// changeset is since when the services are as they are: who keeps a copy of them looks here. A test tells when it must change.
const changeset = "2026-11-26T19:00:00Z"

// A discovery document says where the API is, and in which formats it answers
// (https://wiki.open311.org/Service_Discovery).
type discovery struct {
	XMLName    xml.Name       `json:"-" xml:"discovery"`
	Changeset  text           `json:"changeset" xml:"changeset"`
	Contact    text           `json:"contact" xml:"contact"`
	KeyService text           `json:"key_service" xml:"key_service"`
	Endpoints  list[endpoint] `json:"endpoints" xml:"endpoints"`
}

// endpoint is one API.
type endpoint struct {
	Specification text       `json:"specification" xml:"specification"`
	URL           text       `json:"url" xml:"url"`
	Changeset     text       `json:"changeset" xml:"changeset"`
	Type          text       `json:"type" xml:"type"`
	Formats       list[text] `json:"formats" xml:"formats"`
}

func (a *API) discovery(r *http.Request) (any, error) {
	base := a.URL
	if base == "" {
		base = "http://" + r.Host
	}
	return discovery{Changeset: changeset, Contact: text(a.texts.Say(language(r), "contact", nil)), KeyService: text(base + "/admin/keys"),
		Endpoints: list[endpoint]{"endpoints", "endpoint", []endpoint{{Specification: "http://wiki.open311.org/GeoReport_v2",
			URL: text(base + "/open311/v2"), Changeset: changeset, Type: "production",
			Formats: list[text]{"formats", "format", []text{formatXML, formatJSON}}}}}}, nil
}

//go:embed openapi.json
var openAPIDocument []byte

// openAPI is the description of all this for programs.
func openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", formatJSON+"; charset=utf-8")
	_, _ = w.Write(openAPIDocument) // whoever asked may have left
}
