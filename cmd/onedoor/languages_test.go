package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// tongue is what a resident says and reads in one of the bot's languages, in the tests that are told in each.
type tongue struct {
	tag, name string // of the resident's Telegram

	// the story: what the resident says, what they read, and what they press
	need, where, confirm, service, station string
	number, claimed, thanks, resolved      string
	// an alarm, taken back
	fire, alarmed, mistake, takenBack string

	// dangers are cries for help, and the numbers that the answer gives.
	dangers map[string]string
}

var mandarin = tongue{tag: "zh-hans", name: "陈婆婆",
	need: "我妈妈今年九十岁了，走不动了，家里没人照顾她", where: "在哪里", confirm: "确认", service: "养老助残", station: "从化区太平镇社会工作服务站",
	number: "您的求助编号是", claimed: "已接下您的求助", thanks: "好的，谢谢，我在家等您", resolved: "有结果了：已解决",
	fire: "着火了！从化太平镇家里着火了", alarmed: "从化区太平镇社会工作服务站已收到警报", mistake: "是误会，没事", takenBack: "已取消",
	dangers: map[string]string{"我不想活了": "12356（心理热线）", "老公在打我": "110、12338", "孩子被后爸打得浑身是伤": "110、12355",
		"家里着火了": "119（火警）", "爷爷晕倒了没有呼吸": "120（救护车）", "我家孩子走丢了，找了一晚上": "110（报警）", "山体滑坡了，村子被淹了": "110（报警）"}}

var cantonese = tongue{tag: "zh-hk", name: "陳婆婆",
	need: "我阿媽今年九十歲，行唔郁，屋企冇人照顧佢", where: "你喺邊度", confirm: "確認", service: "安老助殘", station: "從化區太平鎮社會工作服務站",
	number: "你嘅求助編號係", claimed: "已經接咗你嘅求助", thanks: "好呀，唔該晒，我喺屋企等你", resolved: "有結果喇：已經解決",
	fire: "火燭呀！從化太平鎮屋企燒緊", alarmed: "從化區太平鎮社會工作服務站已經收到警報", mistake: "搞錯咗，冇事", takenBack: "已經取消",
	dangers: map[string]string{"我唔想做人喇": "12356（心理熱線）", "老公打我": "110、12338", "老豆成日打個仔，打到周身傷": "110、12355",
		"屋企着火喇": "119（火警）", "阿爺暈低咗，冇晒呼吸": "120（救護車）", "我個仔唔見咗，搵咗成晚都搵唔到": "110（報警）", "山泥傾瀉，條村浸晒": "110（報警）"}}

var english = tongue{tag: "en", name: "May",
	need: "My mother is ninety, she can't walk any more and nobody is at home to care for her", where: "Where is it", confirm: "Confirm",
	service: "Care for old and disabled", station: "Taiping Town Social Work Station, Conghua District",
	number: "Your request has number", claimed: "has taken on your request", thanks: "thank you, I wait for you at home", resolved: "has been closed: Solved",
	fire: "There is a fire in Taiping Town, Conghua, hurry", alarmed: "Taiping Town Social Work Station, Conghua District is alarmed", mistake: "It was a mistake", takenBack: "Taken back",
	dangers: map[string]string{"I want to kill myself": "12356 (to talk)", "my husband is beating me": "110, 12338",
		"my stepfather beats my little sister, she is bruised all over": "110, 12355", "my house is on fire": "119 (fire brigade)",
		"my grandfather has collapsed and is not breathing": "120 (ambulance)", "my son is missing since last night": "110 (police)",
		"landslide, the village is flooded": "110 (police)"}}

var tongues = []tongue{mandarin, cantonese, english}

// readsWithoutScrolling checks that no message to a resident is longer than a small screen.
func (p *person) readsWithoutScrolling() {
	p.w.Helper()
	for _, m := range p.Chat(p.w.bot) {
		if n := strings.Count(m.Text, "\n") + 1; n > 6 {
			p.w.Errorf("%s reads %d lines: %s", p.name, n, m.Text)
		}
	}
}

// TestDangerInEveryLanguage: whatever the danger, and whatever it is called, the first answer has the number to call.
func TestDangerInEveryLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	id := int64(10)
	for _, c := range tongues {
		for words, number := range c.dangers {
			id++
			p := w.person(id, c.name, c.tag)
			p.send(words)
			first := p.see("")
			if !strings.Contains(first.Text, number) {
				t.Errorf("%q is answered with %q", words, first.Text)
			}
			p.seeButton(c.mistake)
			p.readsWithoutScrolling()
		}
	}
}

// TestLanguageIsChosen: the first words fit the person's Telegram; what they choose then stays, in what they read and in
// what a button answers.
func TestLanguageIsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(1, "陳婆婆", "zh-hk")
	p.send("/start")
	p.see("有咩幫到你")
	p.send("/language")
	offer := p.see("Choose a language")
	if got := offer.Labels(); !slices.Equal(got, []string{"中文（普通话）", "中文（廣東話）", "English"}) || offer.Text != "请选择语言 / 請揀語言 / Choose a language" {
		t.Errorf("the choice is %q with %q", offer.Text, got)
	}
	for i, c := range []struct{ choose, none, stale string }{
		{"English", "You have no open request", "This button no longer applies"},
		{"中文（普通话）", "您没有正在办的求助", "这个按钮已经不能用了"},
		{"中文（廣東話）", "你而家冇求助喺度辦緊", "呢個掣用唔到喇"},
	} {
		if _, err := p.Press(offer, c.choose); err != nil {
			t.Fatal(err)
		}
		p.send("/status") // the app is set to zh-hk all the while
		p.see(c.none)
		p.PressData(offer, "confirm:K7P3QX:")
		p.waitToasts(2*i + 2)
		if toast := p.Answers(w.bot)[2*i+1].Text; !strings.Contains(toast, c.stale) {
			t.Errorf("after choosing %s a button answers %q", c.choose, toast)
		}
	}
	for tag, words := range map[string]string{"zh-hant": "有咩幫到你", "yue": "有咩幫到你", "zh-hans": "您需要什么帮助", "fr": "What do you need"} {
		q := w.person(int64(100+len(tag)), "Lin", tag)
		q.send("/start")
		q.see(words)
	}
	named := w.person(2, "Lin", "en")
	named.send("/language 廣東話")
	named.see("有咩幫到你")
}

// TestListOfCommands: Telegram is told the commands for all who read Chinese, in words of both scripts, and for all others.
func TestListOfCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for code, want := range map[string]string{"": "My requests", "en": "My requests", "zh": "我的求助"} {
		w.eventually("the commands are listed for "+code, func() bool {
			return slices.Contains(w.commands(code), "status "+want)
		})
	}
}

// commands are those that Telegram lists for a language, with their descriptions.
func (w *world) commands(code string) []string {
	w.Helper()
	return w.listed(url.Values{"language_code": {code}})
}

// commandsOf are those that Telegram lists in one chat alone.
func (w *world) commandsOf(chat int64) []string {
	w.Helper()
	return w.listed(url.Values{"scope": {fmt.Sprintf(`{"type":"chat","chat_id":%d}`, chat)}})
}

func (w *world) listed(scope url.Values) (listed []string) {
	w.Helper()
	response, err := http.PostForm(w.config.APIURL+"/bot"+w.token+"/getMyCommands", scope)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	var got struct {
		Result []struct{ Command, Description string }
	}
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		w.Fatal(err)
	}
	for _, c := range got.Result {
		listed = append(listed, c.Command+" "+c.Description)
	}
	return listed
}
