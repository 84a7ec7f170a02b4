package intake_test

import (
	"testing"

	"onedoor/intake"
)

// TestPartnerPressesAgain: whoever has accepted and presses an old button sees what they have, or how to end it.
func TestPartnerPressesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.others()
	w.join(11, "n1")
	ref := w.ask(100)
	w.press(11, intake.ActClaim, ref, "")
	w.press(11, intake.ActReferTo, ref, "organisation:o1")
	w.act(11, intake.Said{Text: "please lend a wheelchair"})
	referral := w.text(`SELECT max(id) FROM referrals`)
	for _, button := range []string{intake.ActAccept, intake.ActAccept, intake.ActCantDo} {
		told := w.count(`SELECT count(*) FROM notices WHERE chat_id = 40`)
		answer := w.press(40, button, "", referral)
		if answer.Kind == "" && w.count(`SELECT count(*) FROM notices WHERE chat_id = 40`) == told {
			t.Errorf("%s is pressed in vain", button)
		}
	}
	if menu := w.text(`SELECT coalesce(args ->> 'menu', '') FROM notices WHERE chat_id = 40 ORDER BY id DESC LIMIT 1`); menu != "report" {
		t.Errorf("who can't do what they have is shown the menu %q", menu)
	}
	if v := w.view(ref); v.State != intake.Referred {
		t.Errorf("it is %s", v.State)
	}
}
