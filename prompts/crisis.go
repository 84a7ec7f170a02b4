package prompts

import (
	"bytes"
	_ "embed" // crisis.yaml
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Crisis is a kind of danger to life; empty is none.
type Crisis string

// The kinds of danger, in the order in which they count when a message has signs of several.
const (
	Suicide    Crisis = "suicide"
	ChildAbuse Crisis = "child_abuse"
	Violence   Crisis = "violence"
	Fire       Crisis = "fire"
	Medical    Crisis = "medical"
	Missing    Crisis = "missing"
	Disaster   Crisis = "disaster"
)

// Crises are all kinds of danger.
func Crises() []Crisis {
	return []Crisis{Suicide, ChildAbuse, Violence, Fire, Medical, Missing, Disaster}
}

//go:embed crisis.yaml
var crisisFile []byte

// crisisRules are crisis.yaml.
type crisisRules struct {
	Plain    map[Crisis][]string `yaml:"plain"`    // cries that are the whole message
	Urging   []string            `yaml:"urging"`   // words around a plain cry
	Signs    map[Crisis][]string `yaml:"signs"`    // phrases; "…" stands for a few characters
	Words    map[string]string   `yaml:"words"`    // parts of what is certain
	Settled  []string            `yaml:"settled"`  // behind what is certain: it is over
	Things   map[string]string   `yaml:"things"`   // that are lost, as regular expressions: nobody is
	Certain  map[Crisis][]string `yaml:"certain"`  // regular expressions that need no experience to be believed
	Harmless []string            `yaml:"harmless"` // figures of speech and words that only look like a sign
	Calming  []string            `yaml:"calming"`  // a question or report about the subject, not a cry
	Negation []string            `yaml:"negation"` // just before a sign: it isn't one
	Past     []string            `yaml:"past"`     // it was long ago
	Present  []string            `yaml:"present"`  // it is now, whatever else is said
	Told     []string            `yaml:"told"`     // it may be from a story, a dream, a joke or another time
}

// detector finds signs of danger in folded text.
type detector struct {
	rules  crisisRules
	plain  map[string]Crisis // by the letters and digits of the message
	urging *strings.Replacer
	signs  map[rune][]sign // by their first character
	sure   []certainty
	hints  *hints
	lost   lostThings
	*danger
}

// sign is a phrase in parts, with a gap of a few characters between them.
type sign struct {
	crisis Crisis
	parts  []string
}

const (
	gap        = 14 // bytes at most between the parts of a sign: four characters of Han, two English words
	gapLatin   = 24
	nearBefore = 18 // bytes before a sign in which a negation counts
	beforeSign = 9  // bytes before a sign and after it by which it is judged: three and eight characters of Han. What else
	afterSign  = 24 // somebody asks for stands before it more often than behind
)

// newDetector reads the rules.
func newDetector(file []byte) (*detector, error) {
	d := &detector{plain: map[string]Crisis{}, signs: map[rune][]sign{}}
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&d.rules); err != nil {
		return nil, fmt.Errorf("read the crisis rules: %w", err)
	}
	d.urging = urgingOut(d.rules.Urging)
	for _, crisis := range Crises() {
		for _, cry := range d.rules.Plain[crisis] {
			d.plain[fold(cry).letters()] = crisis
		}
		for _, phrase := range d.rules.Signs[crisis] {
			s := sign{crisis: crisis}
			for part := range strings.SplitSeq(phrase, "…") { // before folding, which would turn it into three dots
				s.parts = append(s.parts, fold(part).text)
			}
			first, _ := utf8.DecodeRuneInString(s.parts[0])
			d.signs[first] = append(d.signs[first], s)
		}
	}
	return d, d.compile()
}

// detect finds the danger that a text speaks of, if any: by experience, and by its signs where an ordinary need in the same
// message hides a cry for help. It prefers a false alarm to a miss, but not at any price.
func (d *detector) detect(f *folded) Crisis {
	if crisis := d.hear(f); crisis != "" {
		return crisis
	}
	if bare := f.withoutCourtesy(); bare != nil {
		return d.hear(bare)
	}
	return ""
}

// hear is detect for a text as it stands.
func (d *detector) hear(f *folded) Crisis {
	if crisis := d.plainly(f); crisis != "" {
		return crisis
	}
	kind, score, sure := d.feel(f)
	if signed := d.read(f); signed != "" && (signed != Missing || !d.onlyThings(f)) && (score > signTold || !f.hasWord(d.rules.Told)) {
		return signed
	}
	if sure && !onlyNowhere(f) && !d.onlyThings(f) {
		return kind
	}
	return ""
}

// read finds the danger that a text has signs of, if any: what is denied, said of long ago, asked about or only a figure
// of speech is none. Each sign is judged by what stands around it, so that an ordinary need in the same message hides no
// cry for help.
func (d *detector) read(f *folded) Crisis {
	text := d.withoutHarmless(f.text)
	present := f.hasAny(d.rules.Present)
	worst := Crisis("")
	for offset, r := range text {
		for _, s := range d.signs[r] {
			if !before(s.crisis, worst) {
				continue
			}
			if end := s.matches(text, offset); end > 0 && !d.denied(text, offset) && d.believed(around(text, offset, end), present) {
				worst = s.crisis
			}
		}
	}
	if certain := d.certain(text, present); before(certain, worst) {
		return certain
	}
	return worst
}

// believed tells whether a sign means what it says, by the words around it.
func (d *detector) believed(f *folded, present bool) bool {
	_, score, known := d.one(f)
	if known == 0 {
		return true
	}
	if !present && (f.hasAny(d.rules.Past) || f.hasAny(d.rules.Calming)) {
		return score > signPast
	}
	return score > signTrust
}

// around is the part of a text in which a sign stands: its clause, as far as that reaches.
func around(text string, begin, end int) *folded {
	from, to := max(0, begin-beforeSign), min(len(text), end+afterSign)
	for from < begin && !utf8.RuneStart(text[from]) {
		from++
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	if i := strings.LastIndexAny(text[from:begin], partsEnd); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[from+i:])
		from += i + size
	}
	if i := strings.IndexAny(text[end:max(end, to)], partsEnd); i >= 0 {
		to = end + i
	}
	part := text[from:max(end, to)]
	return &folded{part, []rune(part)}
}

// before tells whether a crisis counts before another.
func before(a, b Crisis) bool {
	if b == "" {
		return true
	}
	for _, crisis := range Crises() {
		if crisis == a || crisis == b {
			return crisis == a && a != b
		}
	}
	return false
}

// withoutHarmless blots out what only looks like a sign, and the marks that are put between characters to
// get words past filters.
func (d *detector) withoutHarmless(text string) string {
	text = joinHan(text)
	for _, phrase := range d.rules.Harmless {
		if strings.Contains(text, phrase) {
			text = strings.ReplaceAll(text, phrase, "□")
		}
	}
	return text
}

// joinHan drops single spaces, dots, stars and the like between two characters of Han: 自 杀, 自*杀.
func joinHan(text string) string {
	if !strings.ContainsAny(text, " .*-_·/|+") {
		return text
	}
	runes := []rune(text)
	out := make([]rune, 0, len(runes))
	for i, r := range runes {
		if strings.ContainsRune(" .*-_·/|+", r) && i > 0 && i+1 < len(runes) &&
			unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1]) {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// matches is where the sign that begins at an offset ends, or 0 where it isn't one; in Latin script it is of whole words.
func (s sign) matches(text string, offset int) int {
	rest := text[offset:]
	if !strings.HasPrefix(rest, s.parts[0]) {
		return 0
	}
	latin := rest[0] < utf8.RuneSelf
	if latin && offset > 0 && isWord(text[offset-1]) {
		return 0
	}
	rest = rest[len(s.parts[0]):]
	for _, part := range s.parts[1:] {
		reach := gap
		if latin {
			reach = gapLatin
		}
		i := strings.Index(rest[:min(len(rest), reach+len(part))], part)
		if i < 0 || strings.ContainsAny(rest[:i], ",，。.!！?？;；") {
			return 0
		}
		rest = rest[i+len(part):]
	}
	if latin && rest != "" && isWord(rest[0]) {
		return 0
	}
	return len(text) - len(rest)
}

func isWord(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// denied tells whether a negation stands just before.
func (d *detector) denied(text string, offset int) bool {
	begin := max(0, offset-nearBefore)
	for begin < offset && !utf8.RuneStart(text[begin]) {
		begin++
	}
	near := text[begin:offset]
	if i := strings.LastIndexAny(near, ",，。.!！?？;；"); i >= 0 {
		near = near[i:]
	}
	for _, word := range d.rules.Negation {
		if strings.Contains(near, word) {
			return true
		}
	}
	return false
}
