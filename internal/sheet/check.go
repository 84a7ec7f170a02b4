package sheet

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is what is wrong with one line.
type Problem struct {
	Line int
	Fault
}

// Problems are what is wrong with a table, by line; their text has a line for each.
type Problems []Problem

func (p Problems) Error() string {
	var text []string
	for _, problem := range p {
		text = append(text, fmt.Sprintf("line %d: %s", problem.Line, problem.What))
	}
	return strings.Join(text, "\n")
}

// Checker reads the cells of one table and collects what is wrong with them. The zero value is ready.
type Checker struct {
	problems Problems
	warnings Problems
	lines    map[string]int // of the codes seen
}

// Add notes what is wrong with a row.
func (c *Checker) Add(r Row, format string, args ...any) {
	c.problems = append(c.problems, Problem{r.Line, fault(format, args...)})
}

// Warn notes what may be wrong with a row, and keeps it from nothing.
func (c *Checker) Warn(r Row, format string, args ...any) {
	c.warnings = append(c.warnings, Problem{r.Line, fault(format, args...)})
}

// Warnings are what may be wrong, by line.
func (c *Checker) Warnings() Problems { return byLine(c.warnings) }

// Err is Problems, or nil when there are none.
func (c *Checker) Err() error {
	if len(c.problems) == 0 {
		return nil
	}
	return c.Problems()
}

// Problems are what is wrong, by line.
func (c *Checker) Problems() Problems { return byLine(c.problems) }

func byLine(all Problems) Problems {
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return all
}

var code = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)

// Code reads the row's code, which no other row may have.
func (c *Checker) Code(r Row) string {
	text := r.Get("code")
	switch first, doubled := c.lines[text]; {
	case !code.MatchString(text):
		c.Add(r, "code %q is not 1 to 32 letters, digits, - or _", text)
	case doubled:
		c.Add(r, "code %q stands in line %d already", text, first)
	default:
		if c.lines == nil {
			c.lines = map[string]int{}
		}
		c.lines[text] = r.Line
	}
	return text
}

// maxName is how many characters a name may have.
const maxName = 100

// Name reads the row's name, which must not be empty.
func (c *Checker) Name(r Row) string {
	name := r.Get("name")
	switch {
	case name == "":
		c.Add(r, "the name is missing")
	case utf8.RuneCountInString(name) > maxName:
		c.Add(r, "%s has more than %d characters", "name", maxName)
	}
	return name
}

// phone is how numbers are written: at least three digits (short numbers such as 110 are numbers too), in
// groups or not, with an extension (转 801) or not.
var phone = regexp.MustCompile(`^\+?\(?[0-9][0-9 ()/.-]{1,30}[0-9]( ?(转|ext\.?|x|#) ?[0-9]{1,6})?$`)

// Phone reads the row's telephone number, which may be empty and is kept as it is written.
func (c *Checker) Phone(r Row) string {
	text := r.Get("phone")
	if !IsPhone(text) {
		c.Add(r, "phone %q is not a telephone number", text)
	}
	return text
}

// IsPhone tells whether a text is a telephone number as people write one, or empty.
func IsPhone(text string) bool { return text == "" || phone.MatchString(text) }

// Keys reads a cell of keys parted by semicolons, each once. known tells which there are.
func (c *Checker) Keys(r Row, column string, known func(string) bool) []string {
	keys := []string{}
	for key := range strings.SplitSeq(strings.ReplaceAll(r.Get(column), "；", ";"), ";") {
		key = strings.TrimSpace(key)
		switch {
		case key == "" || slices.Contains(keys, key):
		case !known(key):
			c.Add(r, "%s: %q is no category", column, key)
		default:
			keys = append(keys, key)
		}
	}
	return keys
}
