package open311

import (
	"encoding/xml"
	"net/http"
	"strings"

	"onedoor/intake"
	"onedoor/prompts"
)

// A service is what can be asked for.
type service struct {
	Code        text `json:"service_code" xml:"service_code"`
	Name        text `json:"service_name" xml:"service_name"`
	Description text `json:"description" xml:"description"`
	Metadata    bool `json:"metadata" xml:"metadata"`
	Type        text `json:"type" xml:"type"`
	Keywords    text `json:"keywords" xml:"keywords"`
	Group       text `json:"group" xml:"group"`
}

// A definition says what else is asked of a service: nothing.
type definition struct {
	XMLName    xml.Name        `json:"-" xml:"service_definition"`
	Code       text            `json:"service_code" xml:"service_code"`
	Attributes list[attribute] `json:"attributes" xml:"attributes"`
}

// attribute is a field of a service's own; no service has any.
type attribute struct{}

// realtime is the type of a service whose requests have their number at once.
const realtime = "realtime"

// services lists the services, with one for who doesn't know which is meant. They are the same for everybody.
func (a *API) services(r *http.Request) (any, error) {
	lang := language(r)
	all := list[service]{root: "services", item: "service"}
	for _, c := range a.Intake.Taxonomy.Categories() {
		all.all = append(all.all, service{Code: text(c.Key), Name: text(c.Name[lang]), Description: text(c.Description(lang)), Type: realtime,
			Keywords: text(strings.Join(strings.Fields(c.Words), ", ")), Group: text(a.group(c, lang))})
	}
	all.all = append(all.all, service{Code: intake.Unclear, Name: text(a.texts.Say(lang, "unclear", nil)),
		Description: text(a.texts.Say(lang, "unclear_description", nil)), Type: realtime})
	return all, nil
}

// group is the name of the group in which a service is offered.
func (a *API) group(c prompts.Category, lang string) string {
	for _, g := range a.Intake.Taxonomy.ServiceGroups() {
		if g.Key == c.Group {
			return g.Name[lang]
		}
	}
	return ""
}

// definition is that of one service.
func (a *API) definition(r *http.Request) (any, error) {
	code := id(r)
	if !a.known(code) {
		return nil, problem{http.StatusNotFound, "service_code was not found."}
	}
	return definition{Code: text(code), Attributes: list[attribute]{root: "attributes", item: "attribute"}}, nil
}

// known tells whether there is a service with this code.
func (a *API) known(code string) bool {
	_, ok := a.Intake.Taxonomy.Category(code)
	return ok || code == intake.Unclear
}

// serviceName is what a service is called.
func (a *API) serviceName(code, lang string) string {
	if c, ok := a.Intake.Taxonomy.Category(code); ok {
		return c.Name[lang]
	}
	return a.texts.Say(lang, "unclear", nil)
}
