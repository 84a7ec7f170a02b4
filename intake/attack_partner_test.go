package intake_test

import (
	"testing"

	"onedoor/intake"
)

// TestPartnerWithoutATask: from whom a task was taken back, neither buttons nor words reach the worker any more, not by an edit of what they
// wrote while they had it.
func TestPartnerWithoutATask(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.others()
	w.join(11, "n1")
	ref := w.ask(100)
	w.press(11, intake.ActClaim, ref, "")
	w.press(11, intake.ActReferTo, ref, "organisation:o1")
	w.act(11, intake.Said{Text: "please lend a wheelchair"})
	referral := w.text(`SELECT max(id) FROM referrals`)
	w.press(40, intake.ActAccept, "", referral)
	w.press(40, intake.ActToWorker, "", referral)
	w.act(40, intake.Said{Text: "we have one"})
	wrote := w.update
	edit := func(words string) {
		w.update++
		u := w.by(40, w.update, intake.Said{Text: words, Edit: true})
		u.MessageID = wrote
		_, err := w.Handle(w.Context(), u)
		w.must(err)
	}
	edit("we have two")
	if n := w.told(11, intake.NoticePartnerSaid, ref); n != 2 {
		t.Fatalf("the worker reads %d messages of who helps", n)
	}
	w.press(11, intake.ActRecall, ref, referral)
	for _, button := range []string{intake.ActAccept, intake.ActCantDo, intake.ActToWorker, intake.ActReported} {
		w.press(40, button, "", referral)
	}
	w.press(40, intake.ActReport, "", intake.ReportAs(1, "done"))
	w.act(40, intake.Said{Text: "you will hear from me"})
	edit("you will hear from us")
	if n := w.told(11, intake.NoticePartnerSaid, ref); n != 2 {
		t.Errorf("the worker reads %d messages of who helps no more", n)
	}
	if v := w.view(ref); v.State != intake.Claimed || w.count(`SELECT count(*) FROM referrals WHERE state <> 'ended'`) != 0 {
		t.Errorf("the request is %s", v.State)
	}
}

// TestPartnerOnAnotherPhone: who helps and joins from another phone leaves no words of tasks on the one that they had.
func TestPartnerOnAnotherPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.others()
	w.join(11, "n1")
	ref := w.ask(100)
	w.press(11, intake.ActClaim, ref, "")
	w.press(11, intake.ActReferTo, ref, "organisation:o1")
	w.act(11, intake.Said{Text: "please lend a wheelchair"})
	w.press(40, intake.ActAccept, "", w.text(`SELECT max(id) FROM referrals`))
	w.exec(`UPDATE notices SET state = 'sent', message_id = id, sent_at = now() WHERE state = 'waiting' AND edits IS NULL`)
	last := w.count(`SELECT max(id) FROM notices`)
	w.join(99, "o1")
	if n := w.count(`SELECT count(*) FROM notices WHERE id > $1 AND chat_id = 40 AND kind = 'task' AND edits IS NOT NULL`, last); n != 1 {
		t.Errorf("%d tasks on the old phone are drawn anew", n)
	}
}
