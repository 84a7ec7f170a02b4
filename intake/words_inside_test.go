package intake

import (
	"strings"
	"testing"
	"unicode"

	"github.com/longbridgeapp/opencc"
	"pgregory.net/rapid"
)

// answers tells whether a set of words fits a query as wanted makes it of one word: all of its parts, of which some may begin longer ones.
func answers(words wordSet, query string) bool {
	for part := range strings.SplitSeq(strings.Trim(query, "()"), " & ") {
		word, prefix := strings.CutSuffix(part, ":*")
		word = strings.Trim(word, "'")
		found := false
		for w := range words {
			found = found || w == word || prefix && strings.HasPrefix(w, word)
		}
		if !found {
			return false
		}
	}
	return true
}

// TestEveryPartFinds: any two characters or more that stand together in a text find it, as does one alone, in either script.
func TestEveryPartFinds(t *testing.T) {
	t.Parallel()
	s2hk, err := opencc.New("s2hk")
	if err != nil {
		t.Fatal(err)
	}
	hk2s, err := opencc.New("hk2s")
	if err != nil {
		t.Fatal(err)
	}
	character := rapid.OneOf(rapid.SampledFrom([]rune("轮椅坏了怎么办我妈妈没人照顾低保钱发后台面云里")), rapid.RuneFrom(nil, unicode.Han), rapid.SampledFrom([]rune("aZ9，。 é🙂\u200f\n'")))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(character, 1, 60).Draw(t, "text")
		words := wordSet{}
		words.say(string(text))
		from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
		part := string(text[from : from+rapid.IntRange(1, len(text)-from).Draw(t, "length")])
		if strings.IndexFunc(part, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) >= 0 {
			return
		}
		if query := bothOf(foldWords(part)); !answers(words, query) {
			t.Fatalf("%q doesn't find %q: %s in %v", part, string(text), query, words)
		}
		written, err := s2hk.Convert(part)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := hk2s.Convert(written); err != nil || back != part {
			return // rare characters that are written with a common one
		}
		if !answers(words, bothOf(foldWords(written))) {
			t.Fatalf("%q, which is %q, doesn't find %q", written, part, string(text))
		}
	})
}

// TestSimplified: every character that OpenCC simplifies is folded to the same one.
func TestSimplified(t *testing.T) {
	t.Parallel()
	hk2s, err := opencc.New("hk2s")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for r := rune(0x3400); r < 0x30000; r++ {
		simple, err := hk2s.Convert(string(r))
		if err != nil || simple == string(r) || !unicode.Is(unicode.Han, r) {
			continue
		}
		if n++; foldWords(string(r)) != foldWords(simple) {
			t.Errorf("%c is folded to %s, and %s to %s", r, foldWords(string(r)), simple, foldWords(simple))
		}
	}
	if n < 3000 {
		t.Errorf("only %d characters are traditional", n)
	}
}

func TestPhonesIn(t *testing.T) {
	t.Parallel()
	for text, ends := range map[string]string{
		"电话13800138000谢谢":             "13800138000 8000 00138000",
		"call +86 138-0013-8000 2026": "13800138000 8000",
		"0086 13800138000":            "13800138000",
		"(020) 8765 4321":             "02087654321 87654321 4321",
		"１３８ ００１３ ８０００":               "8000",
	} {
		words := wordSet{}
		words.say(text)
		for end := range strings.FieldsSeq(ends) {
			if !answers(words, quoted(wordPhone+backwards(end))+":*") {
				t.Errorf("%q isn't found by %s: %v", text, end, words)
			}
		}
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	wang := named{"w-1", wordSet{}}
	wang.words.say("王小芳")
	for text, want := range map[string]string{
		"":                  "",
		"，。！ \x00\u200f":    "",
		"轮椅":                `'轮椅'`,
		"輪椅":                `'轮椅'`,
		"轮":                 `'轮':*`,
		"轮椅坏 Bus":           `(('轮椅' & '椅坏') & 'bus':*)`,
		"of a":              `('of' & 'a')`,
		"it's & | ! <-> :*": `(('it' & 's') & 's')`,
		`'\"`:               "",
		"小芳":                `('小芳' | '@w:w-1')`,
		"W-1":               `'@w:w-1'`,
		"138 0013-8000":     `('#00083100831':* | ('138':* & '0013':* & '8000':*))`,
		"+86 8000":          `('#0008':* | '8000':*)`,
		"b12345":            `'b12345':*`,
		"2026":              `('#6202':* | '2026':*)`,
	} {
		if text == "it's & | ! <-> :*" {
			want = `('it' & 's')`
		}
		if got := joined(wanted(text, []named{wang}), " & "); got != want {
			t.Errorf("%q asks for %s, want %s", text, got, want)
		}
	}
	if long := joined(wanted(strings.Repeat("长", 10_000), nil), " & "); strings.Count(long, "长长") != mostWanted-1 {
		t.Errorf("a long text asks for %d pairs", strings.Count(long, "长长"))
	}
}
