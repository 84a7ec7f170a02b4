package routing

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names finds places by what people call them.
type names struct {
	strong  map[string][]*Place // what names a place in any sentence: its name with the ending, a county's without
	weak    map[string][]*Place // what is an ordinary word too (太平, 新村), and names a place only in its context
	longest map[rune]int        // bytes of the longest name that begins with a character
}

func newNames() names {
	return names{strong: map[string][]*Place{}, weak: map[string][]*Place{}, longest: map[rune]int{}}
}

func (n *names) add(p *Place) {
	name := fold(p.Name)
	n.addForms(p, everyday(name))
	if name != everyday(name) {
		n.put(n.strong, name, p)
	}
	n.addForms(p, fold(p.NameEN))
}

// addForms adds the name and, if it has an ending, its stem of two or more characters.
func (n *names) addForms(p *Place, name string) {
	if name == "" {
		return
	}
	stem, ending := cutEnding(name)
	length := utf8.RuneCountInString(stem)
	below := p.depth() > slices.Index(levels, "county")
	switch {
	case ending == "":
		n.put(n.kind(words[name] || below && (length <= 2 || latin(name[0]))), name, p)
	case length == 1:
		n.put(n.kind(slices.Contains(small, ending)), name, p)
	default:
		n.put(n.strong, name, p)
		n.put(n.kind(below || words[stem]), stem, p)
	}
}

func (n *names) kind(weak bool) map[string][]*Place {
	if weak {
		return n.weak
	}
	return n.strong
}

func (n *names) put(m map[string][]*Place, name string, p *Place) {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 || slices.Contains(m[name], p) {
		return
	}
	m[name] = append(m[name], p)
	n.longest[first] = max(n.longest[first], len(name))
}

// called are the places of exactly this name, with its ending or without, or else with another one.
func (n *names) called(name string) []*Place {
	for _, name := range []string{name, everyday(name), stemOf(everyday(name))} {
		if found := slices.Concat(n.strong[name], n.weak[name]); name != "" && len(found) > 0 {
			return found
		}
	}
	return nil
}

// endings are what says of which kind a place is, longer ones first. In Latin script they are words.
var endings = []string{"街道", "社区", "省", "市", "区", "县", "旗", "镇", "乡", "村",
	" subdistrict", " community", " province", " township", " district", " village", " county", " street", " city", " town",
	" jiedao", " zhen", " xiang", " cun", " shi", " xian", " qu"}

// small are endings that make an ordinary word of a single character: 新村, 城区.
var small = []string{"街道", "社区", "区", "村"}

// words are names of counties and of more that are ordinary words without their ending.
var words = map[string]bool{"和平": true, "新兴": true, "光明": true, "清新": true, "高明": true, "平安": true, "盐田": true, "白云": true,
	"中国": true, "china": true}

// cutEnding splits a name into its stem and its ending, either of which may be empty.
func cutEnding(name string) (stem, ending string) {
	for _, ending := range endings {
		if stem, ok := strings.CutSuffix(name, ending); ok && stem != "" {
			return stem, ending
		}
	}
	return name, ""
}

func stemOf(name string) string {
	stem, _ := cutEnding(name)
	return stem
}

// official are endings of names on paper, and what people say instead.
var official = [][2]string{
	{"村村民委员会", "村"}, {"村民委员会", "村"}, {"村村委会", "村"}, {"村委会", "村"},
	{"社区居民委员会", "社区"}, {"居民委员会", "社区"}, {"社区居委会", "社区"}, {"居委会", "社区"},
	{"街道办事处", "街道"}, {"特别行政区", ""}, {"自治区", ""}, {"自治县", "县"}, {"自治旗", "旗"}, {"自治州", ""},
}

// peoples are the ethnic groups that autonomous areas are named after: 连山壮族瑶族自治县 is 连山县 in speech.
var peoples = regexp.MustCompile(`^(\p{Han}{2,}?)(?:(?:各|壮|回|满|苗|瑶|畲|侗|彝|藏|黎|傣|白|水|土|京|怒|羌|维吾尔|土家|蒙古|布依|哈尼|哈萨克|傈僳|佤|拉祜|` +
	`纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|东乡|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|朝鲜|高山)族)+(县|旗|乡|镇|村|社区|)$`)

// everyday is what people say for a folded name: 太平村 for 太平村委会.
func everyday(name string) string {
	for _, o := range official {
		if stem, ok := strings.CutSuffix(name, o[0]); ok && stem != "" {
			name = stem + o[1]
			break
		}
	}
	return peoples.ReplaceAllString(name, "$1$2")
}

// mention is a stretch of a sentence that can name places.
type mention struct {
	from, to int // bytes
	places   []*Place
	weak     bool // it counts only beside the name of what the place lies in
}

// scan finds names in folded text, the longest at each position; in Latin script only whole words.
func (n *names) scan(text string) []mention {
	var found []mention
	for i := 0; i < len(text); {
		m, ok := n.at(text, i)
		if ok {
			found = append(found, m)
			i = m.to
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return found
}

// at is the longest name that begins at byte i.
func (n *names) at(text string, i int) (mention, bool) {
	first, size := utf8.DecodeRuneInString(text[i:])
	if insideWord(text, i) {
		return mention{}, false
	}
	for to := min(i+n.longest[first], len(text)); to > i+size; to-- {
		if to < len(text) && !utf8.RuneStart(text[to]) || insideWord(text, to) {
			continue
		}
		name := text[i:to]
		if places := n.strong[name]; len(places) > 0 && !road(text[to:]) {
			return mention{from: i, to: to, places: places}, true
		}
		if places := n.weak[name]; len(places) > 0 {
			return mention{from: i, to: to, places: places, weak: true}, true
		}
	}
	return mention{}, false
}

// road tells whether what follows a name makes it a road's: every town has a 中山路.
func road(rest string) bool {
	return strings.HasPrefix(rest, "路") || strings.HasPrefix(rest, "大道") ||
		strings.HasPrefix(rest, "街") && !strings.HasPrefix(rest, "街道")
}

// insideWord tells whether byte i stands between two letters of Latin script.
func insideWord(text string, i int) bool {
	return i > 0 && i < len(text) && latin(text[i-1]) && latin(text[i])
}

func latin(b byte) bool { return b < utf8.RuneSelf && unicode.IsLetter(rune(b)) }
