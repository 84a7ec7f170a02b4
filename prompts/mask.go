package prompts

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// surnames are the commonest ones in China, in both scripts, but those that are as often another word.
const surnames = `(?:欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|[王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮邓鄧董萧蕭曹袁许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾鐘汪田任姜范范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎贺賀赖賴龚龔文莫邝鄺])`

// masks are what identifies a person, in the order in which they are looked for: longer numbers first. Marks of any kind
// may stand between digits.
var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[\p{L}\p{N}_.+-]+ ?@ ?[\w-]+(\.[\w-]+)+`), "[email]"},
	{regexp.MustCompile(`\b\d{6}[ .–—-]?(19|20)\d{2}[ .–—-]?(0[1-9]|1[0-2])[ .–—-]?([0-2]\d|3[01])[ .–—-]?\d{3}[\dXx]`), "[id]"},
	{regexp.MustCompile(`\d{17}[\dXx]`), "[id]"},
	{regexp.MustCompile(`\b\d{6}\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}\b`), "[id]"},
	{regexp.MustCompile(`\b[A-Z]{1,2}\d{6}\([0-9A]\)`), "[id]"},
	{regexp.MustCompile(`\b[CEGHM]\d{8}\b`), "[id]"},
	{regexp.MustCompile(`\d{4}[ .–—-]?\d{4}[ .–—-]?\d{4}[ .–—-]?\d{4}([ .–—-]?\d{1,3})?`), "[card]"},
	{regexp.MustCompile(`(\+?86[ .–—-]?)?1[3-9]\d([ .·–—-]?\d){8}`), "[phone]"},
	{regexp.MustCompile(`[一幺][三四五六七八九]([零〇一二三四五六七八九幺两]){9}`), "[phone]"},
	{regexp.MustCompile(`(\+?852[ -]?)?\b[2-9]\d{3}[ -]?\d{4}\b`), "[phone]"},
	{regexp.MustCompile(`\b0\d{2,3}[ -]?\d{7,8}\b`), "[phone]"},
	{regexp.MustCompile(`(我叫|我是叫|名叫|名字是|名字叫|名字|姓名|联系人|聯絡人|我嘅名係|我个名叫|我個名叫|我個名係|我个名系|本人叫|妈叫|爸叫|儿子叫|女儿叫|老公叫|老婆叫)(\s*[:：]?\s*["“「]?)(\p{Han}{2,4}(·\p{Han}{1,4})?|\p{Lu}[\p{L}'-]+(\s+\p{Lu}[\p{L}'-]+){0,2})`), "$1$2[name]"},
	{regexp.MustCompile(surnames + `\p{Han}{0,2}(先生|女士|小姐|太太)`), "[name]$1"},
	{regexp.MustCompile(surnames + `(阿姨|大爷|大爺|大妈|大媽|大娘|师傅|師傅|老师|老師|医生|醫生|伯伯|婆婆)`), "[name]$1"},
	{regexp.MustCompile(`(?i)(my name is|my name's|i am called|name)(\s*[:：]?\s*)([\p{L}'-]+(\s+(?-i:\p{Lu})[\p{L}'-]+){0,2})`), "$1$2[name]"},
}

// introduced is a name behind words that as often come before something else: "我是李强，", "I'm John Smith".
var introduced = []*regexp.Regexp{
	regexp.MustCompile(`((?:我是|我系|我係|本人|这是|這是)\s*)(` + surnames + `\p{Han}{1,2})([\s，,。.！!；;、]|$)`),
	regexp.MustCompile(`((?i:\bI am|\bI['’]m|\bthis is)\s+)(\p{Lu}\p{Ll}[\p{L}'-]*(?:\s+\p{Lu}\p{Ll}[\p{L}'-]*){1,2})()`),
}

// noName are last letters of what somebody is, lives in or belongs to: 高中生, 江西人, 陈村.
const noName = "人生工师師员員户戶民者家妈媽爸奶爷爺女子长長村镇鎮县縣市区區队隊组組店厂廠学學年月日号號"

// maskIntroduced replaces the names with which people say who they are.
func maskIntroduced(text string) string {
	for _, pattern := range introduced {
		text = pattern.ReplaceAllStringFunc(text, func(found string) string {
			part := pattern.FindStringSubmatch(found)
			last, _ := utf8.DecodeLastRuneInString(part[2])
			if strings.ContainsRune(noName, last) {
				return found
			}
			return part[1] + "[name]" + part[3]
		})
	}
	return text
}

// Mask replaces telephone, identity-card and bank-card numbers, e-mail addresses, and names after the usual markers, so
// that text can leave the machine. Full-width digits and letters are written in their common form.
func Mask(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case r > '！' && r <= '～' && (unicode.IsDigit(r) || unicode.IsLetter(r) || strings.ContainsRune("＠＋．－", r)):
			return r - ('！' - '!')
		}
		return r
	}, text)
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.by)
	}
	return maskIntroduced(text)
}
