package sheet

import (
	"fmt"
	"regexp"
	"strings"
)

// Fault is what is wrong with a file or a line of it: in English, and in the parts from which other languages say the same.
type Fault struct {
	What string
	Key  string   // the words of its sentence, without what was put in
	Args []string // what was put in
}

func (f Fault) Error() string { return f.What }

var (
	verb    = regexp.MustCompile(`%[a-z]`)
	notWord = regexp.MustCompile(`[^a-z0-9]+`)
)

// fault is a Fault by its sentence as fmt takes it.
func fault(format string, args ...any) Fault {
	f := Fault{What: fmt.Sprintf(format, args...), Key: keyOf(format)}
	for _, arg := range args {
		f.Args = append(f.Args, fmt.Sprint(arg))
	}
	return f
}

// NewFault is a Fault by its sentence as fmt takes it.
func NewFault(format string, args ...any) Fault { return fault(format, args...) }

// keyOf is the Key of a sentence as fmt takes it: "the title must have 1 to %d characters" is
// "the_title_must_have_1_to_characters".
func keyOf(format string) string {
	return strings.Trim(notWord.ReplaceAllString(strings.ToLower(verb.ReplaceAllString(format, "")), "_"), "_")
}
