package intake

import (
	"errors"
	"strings"
	"unicode"
)

// What people say that is no need.
const (
	talkGreeting = "greeting"
	talkThanks   = "thanks"
	talkCancel   = "cancel"
	talkHelp     = "help" // how this works
)

// smallTalks are whole messages, without what isn't a letter and in lower case.
func smallTalks() map[string]string {
	return map[string]string{
		talkGreeting: "hello hi hey hallo goodmorning goodafternoon goodevening test 你好 您好 你好啊 您好啊 喂 在吗 有人吗 在不在 早 早上好 下午好 晚上好 早晨 哈喽 嗨 测试 喺度吗 有冇人 有人喺度吗",
		talkThanks:   "thanks thankyou thankyouverymuch thanksalot manythanks thx ok okay good great 谢谢 谢谢你 谢谢您 谢谢你们 多谢 多谢晒 唔该 唔该晒 感谢 非常感谢 好的 好 好的谢谢 好谢谢 知道了 明白了 收到 嗯 哦 辛苦了 謝謝 多謝 多謝晒 唔該 唔該晒 好嘅",
		talkHelp:     "help menu howdoesthiswork whatcanyoudo 帮助 怎么用 怎么用啊 使用说明 说明 菜单 点用 點用 你能做什么 你可以做什么",
		talkCancel:   "cancel nevermind nothanks forgetit 取消 取消吧 帮我取消 帮我取消吧 不用了 没事了 没事了不用了 不需要了 算了 唔使了 唔使喇 唔使啦 冇事了 冇事喇 撤销 撤回",
	}
}

// smallTalk is the kind of small talk that words are, or "": words that may be a need.
func smallTalk(what said) string {
	if what.kind == "other" && what.text == "" {
		return talkGreeting // a sticker, a dice: nothing that is said in words
	}
	if what.kind != KindText {
		return ""
	}
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, what.text)
	if letters == "" && what.text != "" {
		return talkGreeting
	}
	for kind, words := range smallTalks() {
		for word := range strings.FieldsSeq(words) {
			if word == letters {
				return kind
			}
		}
	}
	return ""
}

// answerTalk answers small talk: it is kept, and starts nothing. It is false where the words belong to a request
// that a station has, whose worker may want to read them.
func (s *step) answerTalk(kind string, what said) (bool, error) {
	r, err := s.draft()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return true, err
	}
	if r == nil {
		return s.talkOutside(kind, what)
	}
	if _, err := s.keep(r, ByResident, what); err != nil {
		return true, err
	}
	switch {
	case kind == talkCancel:
		return true, cancel(s, r, "")
	case s.chat.Mode == modePlace:
		return true, s.askPlace(r, "")
	}
	return true, s.proceed(r)
}

func (s *step) talkOutside(kind string, what said) (bool, error) {
	active, err := s.active()
	switch {
	case err == nil && s.chat.Mode == modePlace:
		return false, nil
	case err == nil && s.chat.Mode == modeNone:
		switch {
		case kind == talkCancel:
			s.tell(NoticeStatus, nil, nil) // with the buttons that cancel
		case kind == talkThanks && active.Worker == nil: // for us
			s.tell(NoticeNotAtAll, nil, nil)
			_, err := s.keep(active, ByResident, what)
			return true, err
		}
		return true, s.addToRequest(active, what)
	case err != nil && !errors.Is(err, ErrNotFound):
		return true, err
	}
	if _, err := s.keep(nil, ByResident, what); err != nil {
		return true, err
	}
	switch kind {
	case talkThanks:
		s.tell(NoticeNotAtAll, nil, nil)
	case talkHelp:
		s.tell(NoticeHelp, nil, nil)
	default:
		s.tell(NoticeAskNeed, nil, nil)
	}
	return true, nil
}
