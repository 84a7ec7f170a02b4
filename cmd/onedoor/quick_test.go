package main

import (
	"strings"
	"testing"
)

// replies imports quick replies.
func (w *world) replies(rows string) {
	w.Helper()
	w.run("import", "replies", write(w.TB.(*testing.T), "replies.csv", "station,category,language,title,text,active\n"+rows))
}

// TestQuickReply: a reply at hand is read before it is sent, in the resident's language first, the station's own before
// everybody's, and goes as the worker's words.
func TestQuickReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", "zh-hans")
	resident.send("/start 440117111")
	resident.send("老板三个月没发工资")
	resident.press("确认")
	worker.press("Claim")
	worker.seeButton("Resolve")
	ref := w.records()[0]["ref"].(string)
	w.replies("st-440117-2,,zh-CN,还在办,太平站收到，编号 {ref}，电话 {phone}，{worker}。,\nst-440103-1,,zh-CN,别站的,不给你,\n,education,zh-CN,上学的,不给你,\n,,zh-CN,请发照片,停用,no\n")
	worker.more("Quick reply")
	list := worker.see("Nothing is sent yet")
	if labels := strings.Join(list.Labels(), "|"); !strings.HasPrefix(labels, "还在办|欠薪要带的材料|收到，会跟进") || strings.Contains(labels, "别站") ||
		strings.Contains(labels, "上学") || strings.Contains(labels, "收到，會跟進") || strings.Contains(labels, "I am on it") || strings.Contains(labels, "请发照片|") || strings.Count(labels, "还在办") != 1 {
		t.Errorf("it offers %s", labels)
	}
	worker.press("还在办")
	shown := worker.see("太平站收到，编号 " + ref + "，电话 020-")
	w.rests()
	if resident.texts("太平站收到") > 0 {
		t.Error("it is sent at one tap")
	}
	worker.press("« Back")
	worker.press("欠薪要带的材料")
	worker.see("请准备身份证")
	worker.press("« Back")
	worker.press("还在办")
	worker.press("Send")
	resident.see("：太平站收到，编号 " + ref)
	worker.see("Sent to the resident of " + ref)
	worker.seeButton("Take back")
	w.rests()
	for _, forged := range []string{"sendcanned:" + ref + ":" + itoa(w.count(`SELECT id FROM canned_replies WHERE title = '还在办' AND station IS NOT NULL`)),
		"sendcanned:" + ref + ":" + itoa(w.count(`SELECT id FROM canned_replies WHERE title = '别站的'`)), "sendcanned:" + ref + ":", "canned:" + ref + ":x"} {
		worker.PressData(shown, forged)
		resident.PressData(resident.Chat(w.bot)[0], forged)
	}
	w.rests()
	if n := resident.texts("太平站收到"); n != 1 || resident.texts("不给你") > 0 || w.count(`SELECT count(*) FROM events WHERE kind = 'answered'`) != 1 {
		t.Errorf("it is sent %d times", n)
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}

// TestQuickReplyIsDiscreet: where somebody else may read the phone, no reply at hand says who helps.
func TestQuickReplyIsDiscreet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	w.exec(`UPDATE requests SET crisis = 'violence'`)
	worker.more("Quick reply")
	list := worker.see("Nothing is sent yet")
	for _, title := range list.Labels() {
		if title == "I am on it" || title == "Call the station" {
			t.Errorf("it offers %q", title)
		}
	}
	_ = resident
}

// TestQuickReplyKeepsReply: quick replies, history and taking back are of the talk: Reply goes on.
func TestQuickReplyKeepsReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.reply(ref)
	worker.press("Quick reply")
	worker.press("Still working on it")
	worker.press("Send")
	resident.see("We are still working on it")
	worker.more("History")
	worker.see("what was said and done")
	worker.send("I come on Monday")
	resident.see("I come on Monday")
	worker.send("/mine")
	worker.see("In your hands: 1")
	worker.send("I come on Tuesday")
	worker.see("That went to nobody, and is kept")
}

// TestImportReplies: all or nothing, every bad row named.
func TestImportReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	file := write(t, "replies.csv", "station,category,language,title,text\n,,en,Fine,This is fine\nnowhere,cooking,fr,,{name} of {station}\n,,en,Fine,again\n")
	code, _, errs := try(t, "", "import", "replies", file, "--database-url", w.config.DatabaseURL)
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	for _, words := range []string{"nothing was imported", `line 3: station "nowhere"`, `"cooking" is no category`, `language "fr"`, "the title must have", "{name} is none of", `line 4: the title "Fine" stands in line 2`} {
		if !strings.Contains(errs, words) {
			t.Errorf("it does not say %q: %s", words, errs)
		}
	}
	if n := w.count(`SELECT count(*) FROM canned_replies WHERE title = 'Fine'`); n != 0 {
		t.Errorf("%d rows were imported", n)
	}
}

// TestHistory shows the last of what happened, notes unlike all else, to whoever may see the request, and to nobody else.
func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	colleague, stranger := w.worker(902, "w-440117-2-2"), w.worker(903, "w-440103-1-1")
	resident, worker, ref := claimed(w)
	resident.send("we live in house 12")
	worker.see("house 12")
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.send("he sounds confused")
	worker.see("Noted on")
	worker.reply(ref)
	for i := range 12 {
		worker.send("line " + itoa(i))
	}
	resident.see("line 11")
	w.rests()
	colleague.press("History")
	story := colleague.see("what was said and done")
	if n := strings.Count(story.Text, "\n"); n != 10 || !strings.Contains(story.Text, "“line 11”") || strings.Contains(story.Text, "“line 1”") {
		t.Errorf("it has %d lines: %s", n, story.Text)
	}
	colleague.see("📝 “he sounds confused”") // on its card
	w.exec(`ALTER TABLE events DISABLE TRIGGER events_no_delete; DELETE FROM events WHERE kind = 'said' AND actor = 'worker'; ALTER TABLE events ENABLE TRIGGER events_no_delete`)
	worker.more("History")
	for _, words := range []string{"the resident: “we live in house 12”", "📝 “he sounds confused” (", "asked for help", "claimed it"} {
		worker.see(words)
	}
	for _, p := range []*person{stranger, resident} {
		p.PressData(p.Chat(w.bot)[0], "history:"+ref+":")
	}
	w.rests()
	if stranger.texts("house 12")+resident.texts("confused") > 0 {
		t.Error("the history is shown to a stranger")
	}
}
