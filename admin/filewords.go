package admin

import (
	"slices"
	"strconv"
	"strings"

	"onedoor/intake"
	"onedoor/internal/sheet"
	"onedoor/prompts"
	"onedoor/routing"
)

// FileValue is a value of a file in the reader's words, with the code beside it by which the file names a place or a station.
func (p page) FileValue(column, value string) string {
	switch column {
	case "name", "name_en", "":
		return value
	case "county_code", "place_code", "parent":
		if _, known := p.Intake.Router.Gazetteer().Lookup(value); known {
			return p.Described(value) + " (" + value + ")"
		}
		return value
	case "station":
		if s := p.Station(&value); value != "" && s != value {
			return s + " (" + value + ")"
		}
		return value
	case "urgency":
		return p.T("urgency_" + value)
	case "lat", "lon":
		if d, err := strconv.ParseFloat(value, 64); err == nil {
			return degrees(d)
		}
		return value
	case "claim", "answer", "resolve":
		return p.timeWords(value)
	}
	if value == "" {
		return ""
	}
	return p.Value(column, routing.Cells{column: value})
}

// Words are those that a column takes, where it takes no others, as a file has them and in the reader's words.
func (p *importPage) Words(column string) (all []option) {
	var keys []string
	switch column {
	case "role":
		keys = []string{"worker", "supervisor"}
	case "urgency":
		for _, u := range intake.Urgencies() {
			keys = append(keys, string(u))
		}
	case "language":
		keys = intake.Languages()
	case "level":
		keys = levels()
	case "tasks":
		keys = intake.Tasks()
	case "qualification":
		keys = prompts.Qualifications()
	case "fields":
		keys = prompts.Fields()
	case "active":
		keys = []string{"yes", "no"}
	case "categories", "specialties", "category":
		return p.categoryOptions()
	}
	for _, key := range keys {
		all = append(all, option{key, p.FileValue(column, key)})
	}
	return all
}

// RecordName is what a line of a file is about, in the reader's words: of what has a name, the name and the code.
func (p *previewPage) RecordName(c intake.Change) string {
	key := strings.Split(c.Key, "|")
	switch {
	case p.Register.Name == "standards" && len(key) == 2:
		return p.CategoryName(key[0]) + " · " + p.FileValue("urgency", key[1])
	case p.Register.Name == "texts" && len(key) == 2:
		return p.FileValue("language", key[0]) + " · " + key[1]
	case p.Register.Name == "replies" && len(key) == 4:
		cells := routing.Cells{"station": key[0], "category": key[1], "language": key[2]}
		return strings.Join([]string{key[3], p.Value("language", cells), p.Value("category", cells), p.Value("station", cells)}, " · ")
	case c.Name == "":
		return c.Key
	}
	return c.Name + " · " + c.Key
}

// FileFault is Fault for who has the file before them: a column by its label, and by its name in the file.
func (p page) FileFault(f sheet.Fault) string {
	f.Args = slices.Clone(f.Args)
	for i, arg := range f.Args {
		switch {
		case i == 0 && slices.Contains(faultsOfColumn(), f.Key) && !slices.Contains(intake.StandardTimes(), arg):
			f.Args[i] = p.fileColumn(arg)
		case i > 0 && slices.Contains(faultsOfLevel(), f.Key) && slices.Contains(levels(), arg):
			f.Args[i] = p.T("level_" + arg)
		}
	}
	return p.Fault(f)
}

// fileColumn is a column by its label, and by its name in the file.
func (p page) fileColumn(column string) string {
	if label := p.worded("column_", column); label != column {
		return label + " (" + column + ")"
	}
	return column
}

// faultsOfColumn are those whose first argument is a column, and faultsOfLevel those of which others are levels of places.
func faultsOfColumn() []string {
	return []string{"is_no_category", "has_a_line_break_or_another_control_character_in_it", "has_more_than_characters", "is_not_in_the_list_of_places"}
}

func faultsOfLevel() []string {
	return []string{"parent_is_a_in_which_no_can_lie", "is_known_already_and_lies_in_it_which_no_allows"}
}

func levels() []string {
	return []string{"country", "province", "city", "county", "township", "village"}
}
