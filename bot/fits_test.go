package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// A line of a cheap phone's bubble holds 17 Chinese characters or about 40 Latin ones.
const (
	latinCells = 40
	hanCells   = 34
)

// lines is how many lines a text takes on a small screen.
func lines(lang, text string) (n int) {
	if lang == "en" {
		return wrapped(text, latinCells)
	}
	return wrapped(text, hanCells)
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       int
	}{
		{"en", "", 1},
		{"en", strings.Repeat("x", 40), 1},
		{"en", strings.Repeat("x", 41), 2},
		{"en", strings.Repeat("abcd ", 8), 1},
		{"en", strings.Repeat("abcd ", 7) + "abcdef", 2},
		{"en", "a\nb\n\nc", 4},
		{"zh-CN", strings.Repeat("门", 17) + "。", 2}, // no line begins with a mark
		{"zh-CN", strings.Repeat("门", 18), 2},
		{"zh-HK", strings.Repeat("門", 34) + "\n門", 3},
		{"zh-CN", strings.Repeat("门", 16) + " 12345", 2},
	} {
		if got := lines(c.lang, c.text); got != c.want {
			t.Errorf("%q takes %d lines in %s, want %d", c.text, got, c.lang, c.want)
		}
	}
}

// longNames are the longest of the sample data, as a reader of each language gets them.
var longNames = map[string]texts.Data{
	"en": {"Station": "Nanlang Subdistrict Social Work Station, Zhongshan City", "Place": "Xiashuai Zhuang and Yao Township, Huaiji County, Zhaoqing City",
		"Worker": "Ouyang Tingting"},
	"zh-CN": {"Station": "连山壮族瑶族自治县社会工作服务站", "Place": "清远市连山壮族瑶族自治县太保镇", "Worker": "欧阳婷婷社工"},
	"zh-HK": {"Station": "连山壮族瑶族自治县社会工作服务站", "Place": "清远市连山壮族瑶族自治县太保镇", "Worker": "欧阳婷婷社工"},
}

// longest of what is said of each of some things.
func longest[T any](things []T, say func(T) string) (text string) {
	for _, thing := range things {
		if said := say(thing); cells(said) > cells(text) {
			text = said
		}
	}
	return text
}

// fullPage is a page whose texts name what is long.
func fullPage(t *testing.T, lang string) (*page, texts.Data) {
	t.Helper()
	catalogue, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	service := intake.New(intake.Options{Taxonomy: taxonomy})
	p := &page{Bot: &Bot{Options: Options{Intake: service}, texts: catalogue}, lang: lang}
	values := texts.Data{"Ref": "K7P3QX", "Phone": "0763-0000164", "Unread": true, "Text": "…", "Bot": "onedoor_guangdong_bot", "Count": 10, "Waiting": true,
		"Distance": p.distance(3.24, true), "Sign": "🔴", "Claimed": 1000, "Answered": 1000, "Resolved": 1000,
		"Limit": 15, "Span": catalogue.Span(lang, 47*time.Hour), "Refs": "K7P3QX, C4R9WM, T6H3NY", "More": true, "Stars": stars(5)}
	for name, value := range longNames[lang] {
		values[name] = value
	}
	values["Place"] = p.say("near", values)
	values["Giver"], values["Taker"], values["Person"] = values["Worker"], values["Worker"], values["Worker"]
	values["Who"], values["Organisation"], values["Helper"] = values["Station"], values["Station"], values["Station"]
	values["What"] = longest(intake.Tasks(), func(task string) string { return p.say("button_task_"+task, nil) })
	values["Task"] = values["What"]
	values["Service"] = longest(taxonomy.Categories(), func(c prompts.Category) string { return c.Name[lang] })
	values["Only"] = values["Service"]
	values["Outcome"] = longest(intake.Outcomes(), func(o string) string { return p.say("outcome_"+o, nil) })
	values["State"] = longest([]intake.State{intake.Claimed, intake.Referred, intake.Resolved, intake.Cancelled}, func(s intake.State) string { return p.say("state_"+string(s), values) })
	values["Urgency"] = longest([]string{"emergency", "urgent", "normal"}, func(u string) string { return p.say("urgency_"+u, nil) })
	values["Groups"] = p.groups([]string{"elderly", "empty_nester", "disabled"})
	values["Day"], values["Month"], values["MonthName"], values["Group"] = 28, 12, "Dec", "…"
	values["Hour"], values["Hour12"], values["Minute"], values["Clock"] = 23, 11, "59", ""
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, china)
	values["Opens"], values["By"] = p.when(now.Add(80*time.Hour), now), p.when(now.Add(60*time.Hour), now)
	values["Nobody"], values["First"], values["Last"] = true, p.say("day_date", values), p.say("weekday_3", nil)
	values["Span"] = p.say("span_open", values)
	values["Answer"] = p.say("answer", values)
	values["Files"], values["Question"] = 10, p.say("question", values)
	values["For"] = longest(prompts.Relations(), func(who string) string { return p.say("for_"+who, nil) })
	values["Summary"] = strings.Repeat("门", shortSummary/2)
	if lang == "en" {
		values["Summary"] = strings.Repeat("abcd ", shortSummary/5)
	}
	values["Time"] = catalogue.Moment(lang, time.Date(2026, 12, 28, 23, 59, 0, 0, china))
	values["Due"] = values["Time"]
	values["Astray"] = true
	values["Span"] = catalogue.Span(lang, 100*time.Minute)
	values["Left"] = p.say("overdue", values)
	values["Lost"], values["Who"] = true, values["Worker"]
	values["What"] = longest(intake.ToldDeeds(), func(kind string) string { return p.say("did_"+kind, nil) })
	values["Date"], values["Weekday"] = p.say("day_date", values), p.say("weekday_3", nil)
	values["Score"], values["NoPhone"] = "4.5", true
	values["Supervisor"] = "chenxiaoming"
	values["Reason"] = longest([]string{"rules", "means", "unreached", "declined", "office", "clinic", "police", "organisation", "family"},
		func(r string) string { return p.say("reason_"+r, nil) })
	values["Link"] = "https://onedoor.guangdong.example/admin/enter?link=ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	values["System"] = "Guangzhou City Conghua District Government Service Hotline"
	if lang != "en" {
		values["System"] = "清远市连山壮族瑶族自治县政务服务热线平台"
	}
	values["Requests"], values["Usual"], values["Within"], values["UsualWithin"], values["Overdue"], values["Unclaimed"] = 1000, "1000", "100 %", "100 %", 1000, 1000
	values["Median"], values["UsualMedian"] = catalogue.Span(lang, 110*time.Minute), catalogue.Span(lang, 110*time.Minute)
	values["Kept"] = catalogue.Span(lang, 365*24*time.Hour)
	return p, values
}

// cards state a fact a line, and a long name may take a second one.
var cards = map[string]int{"understood": 8, "walk_sends": 7, "walk_here": 7}

// TestEveryTextFitsASmallScreen: whatever the bot says, whatever long names are in it, nobody scrolls for it.
func TestEveryTextFitsASmallScreen(t *testing.T) {
	for _, lang := range intake.Languages() {
		p, values := fullPage(t, lang)
		said := map[string]string{}
		for _, key := range keys(t, lang) {
			said[key] = p.say(key, values)
		}
		values["Answer"] = p.say("answer_of", values)
		for _, key := range []string{"understood", "walk_here", "walk_sends"} {
			said[key] = p.say(key, values)
		}
		alarmed := longest([]string{"crisis_station", "crisis_triage", "crisis_nobody"}, func(key string) string { return p.say(key, values) })
		said["duty"] = p.say("duty_back", values) + "\n" + p.say("duty_off", values) + "\n" + p.say("duty_by_timetable", values) + "\n" + p.say("duty_left", values)
		said["away"] = p.say("away_declined", values) + "\n" + p.say("away", values) + "\n" + p.say("away_ask", values)
		said["shift"] += "\n" + p.say("duty_by_timetable", values)
		said["rated"] += "\n" + said["rated_comment"]
		for _, crisis := range prompts.Crises() {
			call := p.callFor(crisis)
			said["crisis_"+string(crisis)] = call + "\n" + alarmed
			said["overheard "+string(crisis)] = call + "\n" + p.say("overheard", values)
			said["own_danger "+string(crisis)] = call + "\n" + p.say("own_danger", values)
		}
		for key, text := range said {
			most := max(smallScreen, cards[key])
			if n := lines(lang, text); n > most || strings.Count(text, "\n") >= smallScreen || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s takes %d lines, not %d:\n%s", key, lang, n, most, text)
			}
		}
	}
}

// Characters that only one of the two scripts has, pair by pair.
const (
	onlySimplified  = "们这说请见间时问题个对为没会还发给过办报区县从让经级关门开车东书长马风飞鱼鸟龙话语读写讲认识记录许该误谁谢变义务动劳员园团国图场坏块备处复头学宝实对导将尔尽层岁币师带帮应归当爱态总怀战户护担择换据数断无旧术机权条来样标检欢残毕气汉温湿满灾热爷状独现环电疗离种积称稳穷竞笔签简类红纪级纸细终结络统继绩续维绿罗职联脑脸节药虑补装规视览觉订计讨训议证评诉词译试详资质费贷贫购负责败账货贺赔转轮软轻较辅辆输边达迁运进远连迟适选递邮释里针钟钱铁错锁镇闭闻阳阴际陆险随难页项顺须顾顿预领频额风饭饮馆验鸡"
	onlyTraditional = "們這說請見間時問題個對為沒會還發給過辦報區縣從讓經級關門開車東書長馬風飛魚鳥龍話語讀寫講認識記錄許該誤誰謝變義務動勞員園團國圖場壞塊備處復頭學寶實對導將爾盡層歲幣師帶幫應歸當愛態總懷戰戶護擔擇換據數斷無舊術機權條來樣標檢歡殘畢氣漢溫濕滿災熱爺狀獨現環電療離種積稱穩窮競筆簽簡類紅紀級紙細終結絡統繼績續維綠羅職聯腦臉節藥慮補裝規視覽覺訂計討訓議證評訴詞譯試詳資質費貸貧購負責敗賬貨賀賠轉輪軟輕較輔輛輸邊達遷運進遠連遲適選遞郵釋裏針鐘錢鐵錯鎖鎮閉聞陽陰際陸險隨難頁項順須顧頓預領頻額風飯飲館驗雞"
)

// TestScripts: no text mixes the scripts, but for what all readers are shown.
func TestScripts(t *testing.T) {
	forAll := []string{"languages"}
	for lang, others := range map[string]string{"zh-CN": without(onlyTraditional, onlySimplified), "zh-HK": without(without(onlySimplified, onlyTraditional), "里")} {
		p, _ := fullPage(t, lang)
		for _, key := range keys(t, lang) {
			text := p.say(key, nil)
			if i := strings.IndexAny(text, others); i >= 0 && !slices.Contains(forAll, key) {
				t.Errorf("%s in %s has a character of the other script at %q", key, lang, text[i:])
			}
		}
	}
}

// without is what a text has that others don't.
func without(text, others string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(others, r) {
			return -1
		}
		return r
	}, text)
}
