package prompts

import "regexp"

// What people say around what they have to say, of which nothing tells whether somebody is in danger. Text is compared folded.
const (
	courtesyHan = `(?:真的?|实在|很|好)?(?:不好意思|对不起|抱歉)(?:(?:要|又)?(?:打扰|打搅|麻烦)(?:到)?(?:你们?|您|大家)?(?:了|一下|晒|下)?|[，,。！!\s]|$)|(?:打扰|打搅)(?:你们?|您|大家)?(?:了|一下|晒|下)|` +
		`(?:麻烦|辛苦)(?:你们?|您|大家)?(?:了|晒)|(?:你|您|大家)们?好(?:啊|呀)?|早晨|喂+|呜+|请问(?:一下|下)?|(?:十分|非常|太)?(?:谢谢|多谢|感谢|拜托)(?:你们?|您|大家|晒|了|啦)*|不该(?:晒|你|各位|了)|` +
		`(?:社工|工作人员|政府|领导|大姐|大哥|姑娘|同志|老师|先生|小姐)(?:大姐|大哥|姑娘|同志|老师|先生|小姐|们|你好|您好)*[，,：:]|` +
		`(?:也)?(?:不知道?|不晓得)(?:该|应该|要)?找(?:谁|哪个|边个|哪里)(?:好|帮忙)?`
	courtesyEnglish = `\b(?:(?:i'm |i am |so |very )?sorry (?:to|for) (?:bother|trouble|disturb|bothering|troubling|disturbing)(?: you)?|excuse me|hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|` +
		`(?:many )?thank(?:s| you)(?: so much| very much| a lot| in advance)?|(?:sir|madam|ma'am|miss|mister)\b|i (?:don't|dont|do not) know (?:who|whom|where) (?:to|i should|can i) ask)\b`
)

var (
	courtesies = []*regexp.Regexp{
		regexp.MustCompile(courtesyHan),
		regexp.MustCompile(courtesyEnglish),
		regexp.MustCompile(`^我(?:是|系)[^，。,.]{0,6}(?:村|镇|县|街|巷|队|组|伯|叔|婆|姨|姐|哥|婶|大爷|大娘)(?:的|人|里的)?[，。,.]`), // behind a greeting
	}
	polite = newHints(courtesies) // expressions of so many words take their time
	edges  = regexp.MustCompile(`^[\s,，。.!！、~～]+|[\s,，、~～]+$|[\s,，、]+([,，。.!！])`)
)

// withoutCourtesy is a text without greetings, excuses and thanks, or nil where it has none, or nothing else. Who is polite in danger
// says no less than who isn't.
func (f *folded) withoutCourtesy() *folded {
	text := f.text
	for _, i := range polite.in(text) {
		text = edges.ReplaceAllString(courtesies[i].ReplaceAllString(text, ""), "$1")
	}
	if text == f.text || !hasLetters(text) {
		return nil
	}
	return &folded{text, []rune(text)}
}
