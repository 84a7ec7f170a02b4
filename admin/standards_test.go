package admin_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
)

// TestSetStandard: what an administrator sets holds for the next request, here and in other processes; what runs keeps its own.
func TestSetStandard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := intake.New(intake.Options{DB: w.db, Router: w.intake.Router, Taxonomy: w.intake.Taxonomy, Offline: w.intake.Offline, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	following := make(chan error, 1)
	go func() { following <- other.FollowStandards(ctx, w.db.URL()) }()
	b := w.as("boss", "administrator", "")
	within := func(ref string) time.Duration {
		v := w.view(ref)
		return v.ClaimDue.Sub(*v.SubmittedAt).Round(time.Second)
	}
	first := w.ask(1, "我妈妈没人照顾")
	const path = "/admin/standards/elderly_disabled_care"
	b.get(path).is(http.StatusOK, `name="claim" value="1"`, `<option value="days" selected>`, "now 1 day;")
	for _, c := range []struct {
		times [3]string
		says  string
	}{
		{[3]string{"0", "5", "6"}, "Time to claim: 0 minutes is out of bounds"}, {[3]string{"5", "4", "6"}, "First response time (4 minutes) must not be shorter than Time to claim (5 minutes)"},
		{[3]string{"5", "6", "5"}, "Time to resolve (5 minutes) must not be shorter than First response time (6 minutes)"},
		{[3]string{"99999", "99999", "99999"}, "at most 7 days"}, {[3]string{"x", "", "1"}, "“x minutes” is not a time"}, {[3]string{"-1", "5", "6"}, "is not a time"},
		{[3]string{"1.5", "5", "6"}, "is not a time"}, {[3]string{"1e3", "5", "6"}, "is not a time"}, {[3]string{"<i>", "5", "6"}, "“&lt;i&gt; minutes”"},
	} {
		b.post(path, "urgency", "normal", "claim", c.times[0], "answer", c.times[1], "resolve", c.times[2]).is(http.StatusBadRequest, c.says)
	}
	b.post(path, "urgency", "normal", "claim", "8", "claim_unit", "days", "answer", "9", "answer_unit", "days", "resolve", "9", "resolve_unit", "weeks").
		is(http.StatusBadRequest, `name="claim" value="8"`, "Time to claim: 8 days is out of bounds", "“9 weeks” is not a time")
	b.post(path, "urgency", "soon", "claim", "5", "answer", "6", "resolve", "7").is(http.StatusNotFound)
	b.post("/admin/standards/cooking", "urgency", "normal", "reset", "1").is(http.StatusNotFound)
	b.post(path, "urgency", "normal", "claim", "1", "claim_unit", "hours", "answer", "120", "resolve", "4", "resolve_unit", "hours").leadsTo(path)
	b.post(path, "urgency", "normal", "claim", "60", "answer", "120", "resolve", "240").leadsTo(path)
	b.get(path).is(http.StatusOK, `name="claim" value="1"`, "Set by boss", "Back to the default")
	b.get("/admin/standards").is(http.StatusOK, "<strong>1 hour · 2 hours · 4 hours</strong>", "default: 1 day")
	second := w.ask(2, "我爸爸没人照顾")
	if within(first) != 24*time.Hour || within(second) != time.Hour {
		t.Errorf("the first is to be claimed within %s, the second within %s", within(first), within(second))
	}
	w.must(w.intake.Reclassify(t.Context(), second, "health", "boss"))
	if within(second) != 24*time.Hour {
		t.Errorf("as another service it is to be claimed within %s", within(second))
	}
	w.must(w.intake.Reclassify(t.Context(), first, "health", "boss"))
	w.must(w.intake.Reclassify(t.Context(), first, "elderly_disabled_care", "boss"))
	if within(first) != 24*time.Hour {
		t.Errorf("what was asked before is to be claimed within %s by what was set later", within(first))
	}
	for other.Standard("elderly_disabled_care", prompts.Normal, time.Now()).Claim != time.Hour {
		select {
		case err := <-following:
			t.Fatalf("the other process follows no more: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	cancel()
	w.must(<-following)
	b.post(path, "urgency", "normal", "reset", "1").leadsTo(path)
	b.post(path, "urgency", "normal", "reset", "1").leadsTo(path)
	if third := w.ask(3, "我爷爷没人照顾"); within(third) != 24*time.Hour {
		t.Errorf("by the default again it is to be claimed within %s", within(third))
	}
	if n := value[int](w, `SELECT count(*) FROM standards`); n != 2 {
		t.Errorf("%d settings are kept, want 2: repeats change nothing", n)
	}
	if _, err := w.db.Exec(`UPDATE standards SET claim = 1`); err == nil {
		t.Error("the past can be changed")
	}
}

// TestDefaultsAreWithinBounds: what holds without an administrator's word can be set.
func TestDefaultsAreWithinBounds(t *testing.T) {
	t.Parallel()
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range taxonomy.Categories() {
		for _, urgency := range intake.Urgencies() {
			s, most := taxonomy.Standard(c.Key, urgency), intake.MostMinutes(urgency)
			for i, d := range []time.Duration{s.Claim, s.Answer, s.Resolve} {
				if n := int(d.Minutes()); n < 1 || n > most[i] || d%time.Minute != 0 {
					t.Errorf("%s, %s: %s", c.Key, urgency, d)
				}
			}
		}
	}
}
