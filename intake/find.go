package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onedoor/prompts"
)

// maxFound is how many requests a search finds, the latest: whoever has that many says more words.
const maxFound = 100

// findCommand tells whether a command looks for requests, and what for. In Chinese there is often no space behind its name.
func (a Command) findCommand() (words string, ok bool) {
	rest, ok := strings.CutPrefix(a.Name, "find")
	if !ok || isCode(rest) && rest != "" {
		return "", false
	}
	return rest + " " + a.Arg, true
}

// find looks for requests that the worker may read. What is found is kept with the list, by number, and the words that were
// looked for are kept nowhere: they may name somebody. Those that speak of danger are searched for all the same; it is the
// worker who says whether they are a cry for help of their own.
func (s *step) find(a Command, looked string) error {
	if what := (said{kind: KindText, text: clean(a.Text)}); s.Offline.Crisis(what.text) != "" {
		if _, err := s.keep(nil, ByWorker, what); err != nil {
			return err
		}
		s.heedWorker(what)
	}
	sought := newSearch(clean(looked))
	if len(sought.words) == 0 {
		s.tell(NoticeFindHelp, nil, nil)
		return nil
	}
	ids, err := s.search(sought)
	if err == nil {
		s.tell(NoticeFound, nil, Args{"found": ids})
	}
	return err
}

// findSQL are the requests of the station $1 and of the worker $2, and what is offered to the station: the latest first.
const findSQL = `
	SELECT r.id, r.ref, r.text, r.summary, r.place_code FROM requests r
	WHERE r.station = $1 AND r.erased_at IS NULL AND r.state <> 'draft'
	UNION ALL
	SELECT r.id, r.ref, r.text, r.summary, r.place_code FROM requests r
	WHERE r.id = ANY (ARRAY (SELECT h.id FROM requests h WHERE h.worker = $2 AND h.state IN ('claimed', 'referred')
			UNION SELECT o.request_id FROM offers o WHERE o.active AND o.station = $1))
		AND r.station IS DISTINCT FROM $1 AND r.erased_at IS NULL
		AND (r.worker = $2 OR r.state = 'open' OR r.urgency = 'emergency' AND r.state IN ('claimed', 'referred'))
	ORDER BY id DESC`

// search reads all that a station has had, which is some thousands: words in Chinese have no ends that an index could know of,
// and are written in two scripts.
func (s *step) search(sought search) ([]int64, error) {
	rows, err := s.tx.QueryxContext(s.ctx, findSQL, s.worker.Station, s.worker.Code)
	if err != nil {
		return nil, wrap(err, "look for requests")
	}
	defer rows.Close()
	found, places := []int64{}, map[string]string{}
	for len(found) < maxFound && rows.Next() {
		var r Request
		if err := rows.Scan(&r.ID, &r.Ref, &r.Text, &r.Summary, &r.Place); err != nil {
			return nil, wrap(err, "look for requests")
		}
		if sought.finds(&r, s.called(value(r.Place), places)) {
			found = append(found, r.ID)
		}
	}
	return found, wrap(rows.Err(), "look for requests")
}

// called is what people may call a place and what it lies in, folded. It keeps what it has looked up.
func (s *step) called(code string, known map[string]string) string {
	if code == "" {
		return ""
	}
	name, ok := known[code]
	if !ok {
		g := s.Router.Gazetteer()
		name = prompts.Fold(g.Describe(code, "zh-CN") + "\n" + g.Describe(code, "en"))
		known[code] = name
	}
	return name
}

// search is what somebody looks for: a reference, or words all of which must be in a request or name its place.
type search struct {
	ref   string
	words []string // folded
}

func newSearch(text string) search {
	return search{NormalRef(text), strings.FieldsFunc(prompts.Fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})}
}

// finds tells whether the request is one that is looked for; place is what its place is called, folded.
func (s search) finds(r *Request, place string) bool {
	if r.Ref == s.ref {
		return true
	}
	said := prompts.Fold(r.Ref + "\n" + r.Text + "\n" + r.Summary)
	return !slices.ContainsFunc(s.words, func(word string) bool { return !says(said+"\n"+place, word) })
}

// says tells whether a word is in a text. What is written in Chinese without spaces may be several: of two characters or more.
func says(text, word string) bool {
	if strings.Contains(text, word) {
		return true
	}
	if !han(word) {
		return false
	}
	for i := range word {
		head, tail := word[:i], word[i:]
		if utf8.RuneCountInString(head) >= 2 && utf8.RuneCountInString(tail) >= 2 && strings.Contains(text, head) && says(text, tail) {
			return true
		}
	}
	return false
}

// longestRun bounds the characters that are taken for several words.
const longestRun = 16

func han(word string) bool {
	return utf8.RuneCountInString(word) <= longestRun && strings.IndexFunc(word, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}
