package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"onedoor/intake"
)

// TestASupervisorTeaches: what a supervisor sets right is understood the next time, in the running program; it can be
// listed, exported, tried out elsewhere, and withdrawn.
func TestASupervisorTeaches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const hall, like = "三叔公家的祠堂想翻新，谁来管，电话13812345678", "我三叔公家的祠堂想翻新一下，谁来管"
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send(hall)
	resident.press("Change service")
	resident.press("Let a person decide")
	resident.see("Your request has number")
	ref := w.records()[0]["ref"].(string)
	if err := w.server.intake.Reclassify(w.ctx, ref, "culture_sports", "mei"); err != nil {
		t.Fatal(err)
	}
	category := func() string { return w.server.intake.Offline.Classify(like).Category }
	w.eventually("it is learnt", func() bool { return category() == "culture_sports" })
	neighbour := w.person(2, "Lin", "en")
	neighbour.send("/start 440117111")
	neighbour.send(like)
	if card := neighbour.seeButton("Confirm"); !strings.Contains(card.Text, "Culture and sports") {
		t.Errorf("the card doesn't know what was taught: %s", card.Text)
	}

	var c intake.Correction
	if err := json.Unmarshal([]byte(w.run("corrections")), &c); err != nil || c.Category != "culture_sports" || c.By != "mei" || *c.Ref != ref {
		t.Errorf("it lists %+v, %v", c, err)
	}
	exported := w.run("corrections", "--export")
	if exported != "culture_sports\t三叔公家的祠堂想翻新，谁来管，电话[phone]\n" {
		t.Errorf("it exports %q", exported)
	}
	if shown := w.run("learn"); !strings.Contains(shown, "0 before, 1 after") || !strings.Contains(shown, "accuracy") {
		t.Errorf("what it changes is %s", shown)
	}

	w.run("corrections", "--withdraw", strconv.FormatInt(c.ID, 10))
	w.eventually("it is forgotten", func() bool { return category() != "culture_sports" })
	file := write(t, "taught.tsv", exported)
	w.run("learn", "--dry-run", file)
	if listed := w.run("corrections"); listed != "" {
		t.Errorf("after a dry run it lists %s", listed)
	}
	w.run("learn", file)
	w.eventually("it is learnt from a file", func() bool { return category() == "culture_sports" })
	if listed := w.run("corrections", "--all"); strings.Count(listed, "\n") != 2 {
		t.Errorf("with those withdrawn it lists %s", listed)
	}
}

// TestAWorkerTeaches: "not ours" is a transfer to another service, under the same number, and teaches.
func TestAWorkerTeaches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	ref := requestOf(resident, "my boss has not paid my wages for three months")
	worker.press("Pass on")
	worker.press("To another service")
	worker.press("Legal aid and rights")
	worker.see("Service: Legal aid and rights")
	if r := w.records()[0]; r["category"] != "legal_rights" || r["state"] != "open" || r["ref"] != ref {
		t.Errorf("it is %v", r)
	}
	var c intake.Correction
	if err := json.Unmarshal([]byte(w.run("corrections")), &c); err != nil || c.Category != "legal_rights" || *c.Was != "workers_rights" || c.By != "w-440117-2-1" {
		t.Errorf("it lists %+v, %v", c, err)
	}
	stranger := w.person(2, "Lin", "en")
	stranger.send("hello")
	stranger.PressData(stranger.see("What do you need"), intake.Press{Action: intake.ActMeant, Ref: ref, Arg: "health"}.String())
	stranger.send("hi")
	if r := w.records()[0]; r["category"] != "legal_rights" {
		t.Errorf("a stranger has changed it: %v", r)
	}
}

// TestManyCorrections: of each category the latest are learnt from, however many another one has.
func TestManyCorrections(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	rows := strings.Repeat("health\t想打疫苗\n", 150) + "education\t想转学\n"
	w.run("learn", write(t, "many.tsv", rows))
	w.run("learn", write(t, "last.tsv", "health\t想配药\n"))
	taught, err := w.server.intake.Taught(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, e := range taught {
		count[e.Category]++
	}
	if count["health"] != 100 || count["education"] != 1 || taught[0].Message != "想配药" {
		t.Errorf("of health %d, of education %d are learnt from, the latest is %+v", count["health"], count["education"], taught[0])
	}
}

func TestLearningRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"an unknown category": {[]string{"learn", write(t, "a.tsv", "health\t想打疫苗\ncooking\t鸡汤\n")}, "line 2"},
		"two categories":      {[]string{"learn", write(t, "b.tsv", "health|education\t想打疫苗\n")}, "one category"},
		"no tab":              {[]string{"learn", write(t, "c.tsv", "想打疫苗\n")}, "line 1"},
		"nobody's correction": {[]string{"corrections", "--withdraw", "7"}, "no correction 7"},
	} {
		code, out, errs := try(t, "", append(test.args, "--database-url", w.config.DatabaseURL)...)
		if code != exitFailed || out != "" || !strings.Contains(errs, test.says) {
			t.Errorf("%s: %d, %s%s", name, code, out, errs)
		}
	}
	if listed := w.run("corrections", "--all"); listed != "" {
		t.Errorf("it learnt %s", listed)
	}
}
