package intake

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// mostWanted is how many characters of what somebody looks for count.
const mostWanted = 200

// mostNamed is how many workers a word may name; one that names more is a word like any other.
const mostNamed = 50

// named is a worker as a search knows them: by their code, and the words of their name.
type named struct {
	code  string
	words wordSet
}

// workersNamed are all workers, for what is looked for to name them.
func (s *Service) workersNamed(ctx context.Context) ([]named, error) {
	var rows []struct {
		Code string `db:"code"`
		Name string `db:"name"`
	}
	if err := s.DB.SelectContext(ctx, &rows, `SELECT code, name FROM workers ORDER BY code`); err != nil {
		return nil, wrap(err, "load the workers")
	}
	all := make([]named, len(rows))
	for i, row := range rows {
		all[i] = named{row.Code, wordSet{}}
		all[i].words.say(row.Name)
	}
	return all, nil
}

// wanted is what somebody looks for, as tsqueries over the words of requests that all must fit: each word must be there, or be the
// name or the code of a worker, or the end of a telephone number. There are none where there is nothing to look for. No sign of
// the text is an operator: only letters and digits get in, and those quoted.
func wanted(text string, workers []named) (all []string) {
	var rest []string
	for _, word := range strings.Fields(countryCode.ReplaceAllString(foldWords(firstRunes(text, mostWanted)), " ")) {
		if i := slices.IndexFunc(workers, func(w named) bool { return strings.EqualFold(w.code, word) }); i >= 0 {
			all = append(all, quoted(wordWorker+workers[i].code))
		} else {
			rest = append(rest, word)
		}
	}
	for text := strings.Join(rest, " "); text != ""; {
		at := ends.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		for word := range strings.FieldsSeq(text[:at[0]]) {
			all = append(all, either(bothOf(word), workersOf(word, workers)))
		}
		if number := text[at[0]:at[1]]; number != "" {
			all = append(all, either(quoted(wordPhone+backwards(onlyDigits(number)))+":*", bothOf(number)))
		}
		text = text[at[1]:]
	}
	return slices.DeleteFunc(all, func(query string) bool { return query == "" })
}

// isBroad tells whether a tsquery of wanted's asks for words by their beginning.
func isBroad(query string) bool { return strings.Contains(query, ":*") }

// ends are what may be the end of a telephone number: four digits or more that are no part of a word.
var ends = regexp.MustCompile(`\b[0-9](?:[ ()/.-]{0,2}[0-9]){3,19}\b`)

// bothOf asks for all that a text can be found by.
func bothOf(text string) string {
	var all []string
	for _, r := range runsOf(text) {
		switch {
		case r.han && len(r.letters) > 1:
			for _, pair := range r.pairs() {
				all = append(all, quoted(pair))
			}
		case r.han, len(r.letters) >= leastBegin:
			all = append(all, quoted(r.clipped())+":*")
		default:
			all = append(all, quoted(r.clipped()))
		}
	}
	return joined(all, " & ")
}

// workersOf asks for the workers whose name has a word in it.
func workersOf(word string, workers []named) string {
	var all []string
	for _, w := range workers {
		if w.isCalled(word) {
			all = append(all, quoted(wordWorker+w.code))
		}
	}
	if len(all) > mostNamed {
		return ""
	}
	return joined(all, " | ")
}

// isCalled tells whether a word is of the worker's name: of a Chinese one two characters, or the last.
func (n named) isCalled(word string) bool {
	runs := runsOf(word)
	for _, r := range runs {
		parts := []string{r.clipped()}
		if r.han && len(r.letters) > 1 {
			parts = r.pairs()
		}
		for _, part := range parts {
			if _, ok := n.words[part]; !ok {
				return false
			}
		}
	}
	return len(runs) > 0
}

// atStations asks for what one of some stations has or, with none among them, no station.
func atStations(stations []string, none bool) string {
	var all []string
	for _, station := range stations {
		all = append(all, quoted(wordStation+station))
	}
	if none {
		all = append(all, quoted(wordStation))
	}
	return joined(all, " | ")
}

// quoted is a word as a tsquery has it, whatever is in it.
func quoted(word string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(word) + "'"
}

func either(a, b string) string { return joined([]string{a, b}, " | ") }

// joined puts an operator between the parts that there are, in brackets; "" where there is none.
func joined(parts []string, operator string) string {
	parts = slices.Clone(parts)
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	return "(" + strings.Join(parts, operator) + ")"
}

// firstRunes is the beginning of a text.
func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
