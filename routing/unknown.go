package routing

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What looks like a place's name in a sentence: characters before the kind of place; capitalised words before it or behind a word such as
// "in", or any word before it.
var (
	namedHan = regexp.MustCompile(`\p{Han}{1,8}?(?:村|镇|鎮|乡|鄉|县|縣|庄|莊|寨|屯|街道|社区|社區)+`)
	namedIn  = regexp.MustCompile(`\b(?:in|at|near|from|In|At|Near|From) ((?:[A-Z][\p{L}'’-]+ ?){1,4})`)
	namedEn  = regexp.MustCompile(`(?i)\b((?:[\p{L}'’-]+ ){1,2})(village|town|township|county|district)\b`)
)

// before is what stands before a name in a sentence, and noNames what is none though a kind of place follows.
const before = "在喺係系是到住去从從来嚟的嘅我你佢他她们們咗了有啲哋俾畀被和跟同于於过過回返，"

var (
	noNames = []string{"这", "這", "那", "呢", "嗰", "哪", "边", "邊", "全", "本", "隔壁", "邻", "鄰", "农", "農", "乡", "城", "城市", "山", "新农", "一条", "条", "條", "个", "個",
		"该", "這個", "这个", "那个", "呢个", "呢個", "嗰个", "嗰個", "整个", "整個", "成个", "成個", "哪个", "邊個", "隔离", "隔籬", "别的", "旁边", "附近", "小", "大", "老家", "老", "各位", "一个", "一個", "几个", "下"}
	noWords = []string{"the", "our", "my", "this", "a", "an", "in", "at", "near", "of", "next", "whole", "to", "from", "that", "your", "his", "her", "their", "every", "another",
		"which", "is", "and", "home", "same", "old", "small", "little", "for", "by", "i", "we"}
)

// Unknown is the last of what a text calls places that nobody here knows, as it is written; "" where it names none, or only places
// that are known.
func (g *Gazetteer) Unknown(text string) (name string) {
	for _, candidate := range append(latinNames(text), hanNames(text)...) {
		if len(g.Find(candidate, nil, 1)) == 0 {
			name = candidate
		}
	}
	return name
}

func hanNames(text string) (all []string) {
	for _, match := range namedHan.FindAllString(text, -1) {
		if i := strings.LastIndexAny(match, before); i >= 0 {
			match = strings.TrimLeft(match[i:], before)
		}
		if utf8.RuneCountInString(match) > 1 && !slices.Contains(noNames, stemOf(fold(match))) {
			all = append(all, match)
		}
	}
	return all
}

func latinNames(text string) (all []string) {
	for _, match := range namedEn.FindAllStringSubmatch(text, -1) {
		words := strings.Fields(match[1])
		for len(words) > 0 && slices.Contains(noWords, strings.ToLower(words[0])) {
			words = words[1:]
		}
		if len(words) > 0 && !slices.Contains(noWords, strings.ToLower(words[len(words)-1])) {
			all = append(all, strings.Join(append(words, match[2]), " "))
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, match := range namedIn.FindAllStringSubmatch(text, -1) {
		all = append(all, strings.TrimSpace(match[1]))
	}
	return all
}
