package admin

import (
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/prompts"
)

// field is a column of a register in its form.
type field struct {
	P        *entryPage
	Column   string
	Kind     string   // text, long, choice, boxes or fixed
	Value    string   // of the form
	Options  []option // of a choice, and of boxes; for a text, what may be meant
	Required bool
	Most     int // characters
}

// Fields are those of the form; the position has its own place in it.
func (p *entryPage) Fields() []field {
	var all []field
	for _, column := range p.Register.All() {
		if column != "lat" && column != "lon" && column != "datum" {
			all = append(all, p.field(column))
		}
	}
	return all
}

// Placed tells whether records of the register have a position.
func (p *entryPage) Placed() bool { return slices.Contains(p.Register.Columns, "lat") }

func (p *entryPage) field(column string) field {
	f := field{P: p, Column: column, Kind: "text", Value: p.Cells[column], Most: 200}
	f.Required = slices.Contains([]string{"code", "name", "level", "tasks", "title", "text", "language", "role"}, column) || column == "station" && p.Register.Name == "workers"
	if options := p.options(column); options != nil {
		f.Kind, f.Options = "choice", options
	} else {
		f.Options = p.suggested(column)
	}
	switch column {
	case "categories", "specialties", "tasks", "fields":
		f.Kind = "boxes"
	case "text":
		f.Kind, f.Most = "long", 400
	case "code":
		f.Most = 32
		if p.ID != "" {
			f.Kind = "fixed"
		}
	}
	return f
}

// options are those of a column that has a closed list; nil: any text.
func (p *entryPage) options(column string) []option {
	var all []option
	add := func(values ...string) []option {
		for _, value := range values {
			all = append(all, option{value, p.word(column, value)})
		}
		return all
	}
	none := func(key string) { all = append(all, option{"", p.T(key)}) }
	switch column {
	case "level":
		return add(levels()...)
	case "role":
		return add("worker", "supervisor")
	case "language":
		return add(intake.Languages()...)
	case "active":
		return add("yes", "no")
	case "qualification":
		none("none")
		return add(prompts.Qualifications()...)
	case "station":
		if p.Register.Name == "replies" && p.Account.Sight.All {
			none("every")
		}
		return append(all, p.StationsInSight()...)
	case "category":
		none("every")
		return append(all, p.categoryOptions()...)
	case "categories", "specialties":
		return p.categoryOptions()
	case "tasks":
		for _, task := range intake.Tasks() {
			all = append(all, option{task, p.T("task_" + task)})
		}
	case "fields":
		for _, key := range prompts.Fields() {
			all = append(all, option{key, p.T("field_" + key)})
		}
	}
	return all
}

// maxSuggested is how many codes a field suggests.
const maxSuggested = 60

// suggested are the codes that may be meant in a column, by what is near.
func (p *entryPage) suggested(column string) []option {
	var all []option
	g := p.Intake.Router.Gazetteer()
	switch column {
	case "county_code":
		for _, place := range g.OfLevel("county") {
			if p.Account.Sight.All || slices.Contains(p.Account.Sight.Places, place.Code) {
				all = append(all, option{place.Code, p.Described(place.Code)})
			}
		}
	case "place_code", "parent":
		for _, place := range g.Around(p.Picker.Centre, suggestedKM, maxSuggested) {
			all = append(all, option{place.Code, p.Described(place.Code)})
		}
	}
	return all
}

// suggestedKM is how far away places are suggested.
const suggestedKM = 50

// StationsInSight are those to choose from.
func (p page) StationsInSight() []option {
	return slices.DeleteFunc(p.stationOptions(), func(o option) bool { return !p.Account.Sight.SeesStation(o.Value) })
}

func (p page) categoryOptions() []option {
	var all []option
	for _, c := range p.Categories() {
		all = append(all, option{c.Key, c.Name[p.Lang]})
	}
	return all
}

// Chosen tells whether an option is the value, or one of the values.
func (f field) Chosen(value string) bool {
	if f.Kind == "boxes" {
		return slices.Contains(strings.Split(f.Value, ";"), value)
	}
	return f.Value == value
}

// Means is what the value of a code names, for who reads codes badly.
func (f field) Means() string {
	switch f.Column {
	case "county_code", "place_code", "parent":
		if _, known := f.P.Intake.Router.Gazetteer().Lookup(f.Value); known {
			return f.P.Described(f.Value)
		}
	case "hours":
		if words := f.P.HoursWords(f.Value); words != f.Value {
			return words
		}
	}
	return ""
}

// Hint is how a column is to be filled in, where that isn't plain; else empty.
func (p page) Hint(column string) string {
	if !slices.Contains(hinted(), column) {
		return ""
	}
	return p.T("hint_" + column)
}

// hinted are the columns with a Hint.
func hinted() []string {
	return []string{"code", "county_code", "datum", "hours", "place_code", "parent", "capacity", "reach_km", "title", "text"}
}
