package prompts

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Names of places say nothing of a service, though they are made of words that do: 医院路, 长寿镇, School Road. What kind
// of place it is goes with it, for alone that would say too much. In Chinese a name is told from other words by what stands on
// both sides of it.
var (
	placeHan     = regexp.MustCompile(`(^|[\s,，。.!！?？;；:：、]|[在住是係到去来从县市区镇乡])(\p{Han}{2,3})([村镇乡庄屯寨路街巷]|社区|大道)`)
	placeEnglish = regexp.MustCompile(`(^|[,.!?;:]\s*|\b(?:in|at|on|from|near|of|to|live|behind|is) )([\p{Latin}']+(?: [\p{Latin}']+)?) (?:road|street|avenue|lane|village|town|township)\b`)
)

const (
	// besidePlace are characters of which one follows a place where none stands before it that says that it is one.
	besidePlace = "的有号0123456789,，。.!！?？;；:：、 "
	// notPlace are characters that make another word with the kind of place before them: 路灯, 村委, 街上.
	notPlace = "灯上里边口面旁过途线委民干支长官头子小卫医政"
	// noPlaceName are last characters of what is no name before the kind of place: 公路, 农村, 我们村.
	noPlaceName = "公马铁道水走小山土泥修铺电线一半带问迷门出套思的条段这那我们全本各外每整个老新农城进赶逛上下家回返同他隔邻村镇乡呢细跑销耕放学"
)

// withoutPlaces is text without the names of places in it.
func (f *folded) withoutPlaces() *folded {
	text := f.text
	if strings.ContainsAny(text, "村镇乡庄屯寨路街巷区道") {
		text = withoutHanPlaces(text)
	}
	if strings.ContainsAny(text, "aeo") {
		text = withoutEnglishPlaces(text)
	}
	if len(text) == len(f.text) {
		return f
	}
	return &folded{text, []rune(text)}
}

func withoutHanPlaces(text string) string {
	var out strings.Builder
	for {
		at := placeHan.FindStringSubmatchIndex(text)
		if at == nil {
			out.WriteString(text)
			return out.String()
		}
		if isPlace(text, at) {
			out.WriteString(text[:at[4]] + " ")
		} else {
			out.WriteString(text[:at[1]])
		}
		text = text[at[1]:]
	}
}

// isPlace tells whether what placeHan has found is the name of a place.
func isPlace(text string, at []int) bool {
	last, _ := utf8.DecodeLastRuneInString(text[at[4]:at[5]])
	if strings.ContainsRune(noPlaceName, last) {
		return false
	}
	next, size := utf8.DecodeRuneInString(text[at[1]:])
	if before := text[at[2]:at[3]]; len(before) == utf8.RuneLen('在') && !strings.ContainsAny(before, "，。！？；：、") {
		return !strings.ContainsRune(notPlace, next)
	}
	return size == 0 || strings.ContainsRune(besidePlace, next)
}

func withoutEnglishPlaces(text string) string {
	var out strings.Builder
	from := 0
	for _, at := range placeEnglish.FindAllStringSubmatchIndex(text, -1) {
		words := strings.Fields(text[at[4]:at[5]])
		named := len(words)
		for named > 0 && !emptyWords[words[named-1]] && !plainWords[words[named-1]] {
			named--
		}
		if named < len(words) {
			out.WriteString(text[from:at[4]] + strings.Join(words[:named], " ") + " ")
			from = at[1]
		}
	}
	return out.String() + text[from:]
}

// plainWords stand before a kind of place without being its name.
var plainWords = map[string]bool{"main": true, "dirt": true, "new": true, "old": true, "small": true, "whole": true, "mountain": true, "village": true, "town": true, "country": true, "broken": true, "bad": true, "muddy": true, "next": true, "nearest": true, "paved": true, "no": true,
	"lower": true, "upper": true, "wrong": true, "other": true, "fire": true, "near": true, "behind": true, "live": true}
