package prompts

import (
	"regexp"
	"strings"
)

// What people say who were asked whether they are where they were before, and are: these words and no others, so that what else is said
// of a place is none of it. Home may be another place.
const (
	hereHan    = `这里|这边|这儿|呢度|在度|呢边|那里|那边|那儿|嗰度|是|系|係|对|啱|没错|不错|正确|同一个|老地方|原来|没变|没有变|没搬|没走`
	hereAndHan = `我们|我|俺|咱|就|还|仲|都|人|现在|而家|依家|一直|在|地方|位置|的|嘅|㗎|呀|啊|嘛|了|喇|啦|快来|快点来|快点|请|来`
	hereEn     = `yes|yeah|yep|yea|right|correct|here|there|same|still`
	hereAndEn  = `i|i'm|im|am|we|we're|are|it|it's|its|is|that|that's|the|this|at|in|place|address|location|please|come|hurry|quick|quickly|exactly|just`
)

var (
	onlyHereHan = regexp.MustCompile(`^(?:` + hereHan + `|` + hereAndHan + `)+$`)
	namesHere   = regexp.MustCompile(hereHan)
	onlyHereEn  = regexp.MustCompile(`^(?:(?:` + hereEn + `|` + hereAndEn + `)(?: |$))+$`)
	namesHereEn = regexp.MustCompile(`\b(?:` + hereEn + `)\b`)
	noWord      = regexp.MustCompile(`[^\p{L}\p{N}']+`)
	comeHere    = regexp.MustCompile(`\b(?:come|coming) (?:over |right )?(?:here|there)\b|(?:来|到|过)(?:这里|这边|这儿|呢度|呢边|那里|那边|那儿|嗰度)`) // wherever that is
	notThere    = regexp.MustCompile(`不在|不是|不系|不係|不再|不住|没在|没有在|未在|离开|搬走|搬离|\b(?:not|never|no longer|left|leaving|moved)\b|\b(?:is|are|was|were|do|did|ai|wo)n'?t\b`)
)

// SaysHere tells whether an answer says that its writer is where they were before, and nothing else.
func SaysHere(text string) bool {
	words := strings.TrimSpace(noWord.ReplaceAllString(fold(text).text, " "))
	if strings.IndexFunc(words, isHan) < 0 {
		words = strings.TrimSpace(comeHere.ReplaceAllString(words, ""))
		return onlyHereEn.MatchString(words) && namesHereEn.MatchString(words)
	}
	words = comeHere.ReplaceAllString(strings.ReplaceAll(words, " ", ""), "")
	return onlyHereHan.MatchString(words) && namesHere.MatchString(words)
}

// WithoutDenied takes out of an answer to where somebody is the clauses that say where they are not, and tells whether there are any. What
// is left is folded then.
func WithoutDenied(text string) (rest string, denied bool) {
	var kept []string
	for _, clause := range clauseEnds.Split(fold(text).text, -1) {
		if notThere.MatchString(clause) {
			denied = true
		} else {
			kept = append(kept, clause)
		}
	}
	if !denied {
		return text, false
	}
	return strings.TrimSpace(strings.Join(kept, "\n")), true
}
