package admin

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// detail is one thing that a form said.
type detail struct{ Label, Value string }

// Details are what a line of the record says that a form said, in the reader's words as far as its fields and values are known to us;
// whatever else somebody sent stays as it is. Where a map was looked at is left out.
func (p *auditPage) Details(row auditRow) (all []detail) {
	var said map[string]string
	if json.Unmarshal([]byte(row.Detail), &said) != nil {
		return []detail{{p.T("audit_detail"), row.Detail}}
	}
	for _, field := range slices.SortedFunc(maps.Keys(said), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	}) {
		value := said[field]
		if value == "" || strings.HasPrefix(field, "map_") || slices.Contains(unsaid(), field) {
			continue
		}
		words := p.fieldValue(row.Action, field, value)
		if unit := said[field+"_unit"]; unit != "" {
			words += " " + p.worded("unit_", unit)
		}
		all = append(all, detail{p.fieldLabel(field), words})
	}
	return all
}

// place is where a field stands among others: what is named first, times in the order in which they pass, all others behind.
func place(field string) int {
	if at := slices.Index([]string{"code", "name", "category", "urgency", "claim", "answer", "resolve"}, field); at >= 0 {
		return at
	}
	return maxFields
}

// unsaid are fields that say nothing of what was done: where to go on, what was looked at before, and units, which their numbers have.
func unsaid() []string {
	return []string{"back", "seen", "sure", "claim_unit", "answer_unit", "resolve_unit"}
}

// fieldLabel is what a field is called on the form that has it, or the field.
func (p page) fieldLabel(field string) string {
	if key, known := fieldTexts()[field]; known {
		return p.T(key)
	}
	return p.worded("column_", field)
}

// fieldTexts are the keys of what fields are called that are no columns of a register.
func fieldTexts() map[string]string {
	return map[string]string{
		"worker": "worker", "organisation": "organisation", "agreed": "refer_agreed", "outcome": "outcome", "same_as": "same_as_ref",
		"ref": "link_ref", "reason": "reason", "sees": "account_sees", "county": "county", "more": "key_more", "change": "audit_change",
		"day": "day", "clock": "clock", "where": "meeting", "task": "task", "referral": "audit_referral", "message": "audit_message",
		"translate": "translate_send", "from": "from", "to": "to", "stand_in": "stand_in", "specialty": "specialties", "off": "switched_off",
		"file": "enclose", "restore": "wording_restore", "reset": "standard_reset", "shared": "view_shared", "filters": "audit_filters",
		"since": "audit_since",
	}
}

// fieldValue is a field's value in the reader's words, or as it is. The record joins several values by a space.
func (p page) fieldValue(action, field, value string) string {
	switch field {
	case "outcome":
		return p.outcomeWords(value)
	case "sees":
		return p.seesWords(value)
	case "county":
		field = "county_code"
	case "filters":
		return p.filterWords(value)
	case "since":
		return p.sinceWords(value)
	case "stand_in", "name", "title", "text":
		return value
	case "change":
		if key, known := changeTexts(action)[value]; known {
			return p.T(key)
		}
		return value
	}
	if !slices.Contains([]string{"specialty", "specialties", "categories", "tasks", "fields"}, field) {
		return p.valueWords(field, value)
	}
	var parts []string
	for part := range strings.FieldsSeq(strings.ReplaceAll(value, ";", " ")) {
		parts = append(parts, p.valueWords(field, part))
	}
	return strings.Join(parts, " · ")
}

// filterWords are the filters of a search, by what they are called on its form.
func (p page) filterWords(value string) string {
	var parts []string
	for name := range strings.FieldsSeq(value) {
		if name == "q" {
			parts = append(parts, p.T("search_words"))
		} else {
			parts = append(parts, p.worded("filter_", name))
		}
	}
	return strings.Join(parts, " · ")
}

// sinceWords is a moment that a line of the record names, as all moments are shown.
func (p page) sinceWords(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	return p.MomentOf(at)
}

// valueWords is one value in the reader's words, or as it is where no list of ours has it.
func (p page) valueWords(field, value string) string {
	prefix, known := map[string]string{"urgency": "urgency_", "role": "role_", "level": "level_", "qualification": "qualification_", "task": "task_",
		"tasks": "task_", "fields": "field_", "where": "meeting_", "language": "chat_language_", "datum": "datum_", "active": "answer_"}[field]
	switch {
	case known:
		return p.worded(prefix, value)
	case slices.Contains([]string{"category", "categories", "specialty", "specialties"}, field):
		return p.CategoryName(value)
	case slices.Contains([]string{"station", "county_code", "place_code", "parent", "hours"}, field):
		return p.FileValue(field, value)
	case slices.Contains([]string{"agreed", "translate", "file", "more", "off", "restore", "reset", "shared"}, field) && slices.Contains([]string{"yes", "1", "on"}, value):
		return p.T("answer_yes")
	}
	return value
}

// worded is a value of a list of ours in words, or the value where it isn't one.
func (p page) worded(prefix, value string) string {
	if words := p.T(prefix + value); words != prefix+value {
		return words
	}
	return value
}

// outcomeWords are how a request ended and, behind a dot, why.
func (p page) outcomeWords(value string) string {
	outcome, reason, _ := strings.Cut(value, ".")
	words := p.worded("outcome_", outcome)
	if reason != "" {
		words += ": " + p.worded("reason_", reason)
	}
	return words
}

// seesWords are what an account was given to see.
func (p page) seesWords(value string) string {
	kind, code, _ := strings.Cut(value, ":")
	switch kind {
	case "all":
		return p.T("account_all")
	case "county":
		return p.FileValue("county_code", code)
	case "station":
		return p.FileValue("station", code)
	}
	return value
}

// changeTexts are what the values of a form's field "change" are called on its buttons.
func changeTexts(action string) map[string]string {
	switch {
	case strings.HasSuffix(action, "/wait"):
		return map[string]string{"nudge": "wait_nudge", "off": "wait_off"}
	case strings.HasPrefix(action, "POST /admin/keys"):
		return map[string]string{"key": "key_new", "on": "switch_on", "off": "switch_off"}
	}
	return map[string]string{"code": "code_require", "no_code": "code_not_required", "new_code": "code_anew", "on": "switch_on", "off": "switch_off"}
}
