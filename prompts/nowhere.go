package prompts

import (
	"regexp"
	"strings"
	"unicode"
)

// What people say who were asked where it is and can't tell: a clause of these words and no others, so that what is asked
// about a place (我不知道医保在哪里办) is none. Text is compared folded: 唔 is 不, 喺 is 在, 邊 is 边. Longer words stand first.
const (
	nowhereHan = `不知道|不知|不晓得|不晓|晓不得|不(?:太|大|是很|怎么)?(?:清楚|确定|肯定|认得|认识|识得|识|记得|懂)|(?:搞|弄|闹|说|讲|分|记|摸|看|整|认)不(?:太|大)?(?:清楚|清|明白|出来|出|上来|到|准|好|了|得|懂)|` +
		`不(?:会|识|懂|能|太会|方便|便|想|愿|肯)(?:说|讲|告诉|透露)|没(?:法子?|办法|法儿)(?:说|讲)|忘记了?|忘了|(?:迷|荡失|蕩失|走错)了?路|跳过|没(?:有)?(?:具体|详细)?(?:的)?(?:地址|门牌号?|地名|名字|名)|无(?:地址|门牌)`
	whereHan = `哪里|哪儿|哪个|哪块|哪点|哪凼|哪|边度|边处|边个|何处|地方|地名|地点|地址|位置|方位|门牌号?|路名|村名|村子?|镇|乡|县|街|路|迷路|荡失路|蕩失路`
	emptyHan = `我|俺|咱|们|自己|自个|个|本人|老人家|也|都|真的|真系|真係|真|实在|确实|现在|而家|依家|一时|一下|还|又|完全|根本|有点|好像|就|老|其实|只|可|是|系|係|在|到|来|到底|究竟|具体|详细|` +
		`这里|这边|这儿|这|呢度|呢边|呢|那里|那边|那儿|它|该|属于|属|算|叫做?|什么|什|啥子?|咩|咋|怎么|怎样|点样|点|说|讲|写|填|形容|描述|给你们?|听|你|您|名字?|东南西北|方向|的|了|啊|呀|啦|喇|嘅|㗎|噢|哦|喔|嘛|吧|咧|哎|唉|嗯|呃|诶|额|哈|唔|哩|嘞|咯|` +
		`呐|嚟|先|对不起|对不住|不好意思|抱歉|同志|大姐|谢谢|多谢|不该|反正|可能`
	nowhereEnglish = `(?:do not|don't|dont|didn't|didnt|did not|really don't) (?:really |even |actually )?(?:know|remember|recall)|dunno|no idea|no clue|not (?:really |quite |very |so )?(?:sure|certain)|unsure|uncertain|` +
		`(?:can't|cant|cannot|can not|couldn't|couldnt|could not|unable to|won't|wouldn't|would not|rather not|prefer not to|don't want to|dont want to|don't know how to) (?:really |even )?(?:say|tell|explain|describe|remember|give|name)|hard to (?:say|tell|explain|describe)|` +
		`forgot|forgotten|lost|skip|(?:have|has|got|there is|there's|there are) no (?:address|name|location|number|signs?)|no address`
	whereEnglish = `where|wherever|address|location|place|village|street|town|county|spot|area|lost|road`
	emptyEnglish = `i|i'd|i'm|im|am|i've|we|we're|are|is|it|it's|its|this|that|that's|here|the|a|of|or|my|our|name|named|called|what|which|how|to|you|exactly|exact|precisely|right|now|at|in|on|all|myself|ourselves|` +
		`sorry|please|sir|madam|miss|well|oh|um|uh|er|really|honestly|just|still|even|do|be|have|got|would|us|me|currently|moment|the moment|thanks|thank|because|so|actually|afraid|completely|totally|bit|for|sure`
)

var (
	nowhere      = regexp.MustCompile(`(?:` + nowhereHan + `)`)
	onlyWords    = regexp.MustCompile(`^(?:` + nowhereHan + `|` + whereHan + `|` + emptyHan + `)+$`)
	namesWhere   = regexp.MustCompile(whereHan)
	nowhereEn    = regexp.MustCompile(`\b(?:` + nowhereEnglish + `)\b`)
	onlyEnglish  = regexp.MustCompile(`^(?:(?:` + nowhereEnglish + `|` + whereEnglish + `|` + emptyEnglish + `)(?: |$))+$`)
	namesWhereEn = regexp.MustCompile(`\b(?:` + whereEnglish + `)\b`)
	clauseEnds   = regexp.MustCompile(`[,，。.!！?？;；、…~～:：\n()（）"“”]+| but | because | and |但是|不过|因为`)
)

// WithoutNowhere takes out of an answer to where somebody is what says that they can't tell, and returns what else they
// say; said is whether they say it. A mere "don't know" says it only where nothing else is said, for it may be of that.
func WithoutNowhere(text string) (rest string, said bool) {
	var kept []string
	where := false
	for _, clause := range clauseEnds.Split(fold(text).text, -1) {
		if clause = strings.TrimSpace(clause); strings.IndexFunc(clause, isHan) >= 0 {
			clause = strings.ReplaceAll(clause, " ", "")
		}
		switch {
		case !hasLetters(clause):
		case isNowhere(clause):
			said = true
			where = where || namesWhere.MatchString(clause) || namesWhereEn.MatchString(clause)
		case !isEmpty(clause):
			kept = append(kept, clause)
		}
	}
	if !said || len(kept) > 0 && !where {
		return text, false
	}
	return strings.Join(kept, "\n"), true
}

// onlyNowhere tells whether a text says nothing but that a place can't be told. Who is lost may be in danger.
func onlyNowhere(f *folded) bool {
	if f.hasAny([]string{"迷", "荡失", "蕩失", "走错", "lost"}) {
		return false
	}
	rest, said := WithoutNowhere(f.text)
	return said && rest == ""
}

// isNowhere tells whether a clause says nothing but that its writer can't tell.
func isNowhere(clause string) bool {
	if strings.IndexFunc(clause, isHan) < 0 {
		return nowhereEn.MatchString(clause) && onlyEnglish.MatchString(clause)
	}
	return nowhere.MatchString(clause) && isEmpty(clause)
}

// isEmpty tells whether a clause has only words that go along with those: 哎呀, sorry.
func isEmpty(clause string) bool {
	if strings.IndexFunc(clause, isHan) < 0 {
		return onlyEnglish.MatchString(clause)
	}
	return onlyWords.MatchString(clause)
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func hasLetters(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
