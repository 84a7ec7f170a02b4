package bot

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"onedoor/intake"
	"onedoor/prompts"
)

// keys are those of a catalogue.
func keys(t *testing.T, language string) []string {
	t.Helper()
	var texts map[string]any
	if _, err := toml.DecodeFS(catalogues, "texts/"+language+".toml", &texts); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(texts))
}

func TestCataloguesHaveTheSameKeys(t *testing.T) {
	first := keys(t, intake.Languages()[0])
	for _, language := range intake.Languages()[1:] {
		if others := keys(t, language); !slices.Equal(first, others) {
			t.Errorf("%s has %v\n%s has %v", intake.Languages()[0], first, language, others)
		}
	}
}

// TestEveryTextIsUsed looks for each key in the code: as it is, or as one that is put together from a prefix.
func TestEveryTextIsUsed(t *testing.T) {
	var code strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	prefixes := []string{"button_", "command_", "crisis_", "group_", "call_", "late_", "outcome_", "state_", "urgency_", "ask_place_", "for_", "weekday_", "brief_", "whom_", "why_", "escalated_", "county_", "supervised_", "did_", "by_", "reason_", "place_",
		"ask_reason_", "filed_reason_", "ask_date_", "card_", "appointment_"}
	domain := []string{"not_yours", "claim_gone", "finish_first", "rate_closed", "reopen_late", "quiet_now", "quiet_still", "now", "slow_press", "blocked_press", "group_strangers", "group_blocked", "group_claimed", "group_details", "undone", "undo_late", "cant_take_back", "translating", "task_over", "colleague_not"}
	for _, key := range append(keys(t, "en"), "stale") {
		inParts := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		told, discreet := strings.CutPrefix(key, "discreet_") // in the place of another, which says more
		whole := strings.Contains(code.String(), `"`+key+`"`) || discreet && strings.Contains(code.String(), `tell("`+told+`"`) ||
			discreet && strings.Contains(code.String(), `discreetly("`+told+`"`)
		inParts = inParts || strings.HasPrefix(told, "state_") || strings.HasPrefix(told, "call_")
		if !whole && !inParts && !slices.Contains(append(domain, "seconds", "minutes", "hours", "days"), key) {
			t.Errorf("nothing says %q", key)
		}
	}
}

// TestNoTextIsMissing asks for every text that is put together from what the domain names.
func TestNoTextIsMissing(t *testing.T) {
	catalogue, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for _, outcome := range intake.Outcomes() {
		wanted = append(wanted, "outcome_"+outcome)
		for _, reason := range intake.Reasons(outcome) {
			wanted = append(wanted, "ask_reason_"+outcome, "filed_reason_"+outcome, "reason_"+reason)
		}
	}
	for _, place := range intake.AppointmentPlaces() {
		wanted = append(wanted, "place_"+place, "appointment_"+place)
	}
	for _, days := range intake.Reminders() {
		wanted = append(wanted, "button_remind_"+strconv.Itoa(days))
	}
	for _, answer := range []string{intake.ActFits, intake.ActUnfit} {
		wanted = append(wanted, "button_"+answer, "card_"+answer, "appointment_"+answer, "appointment_answer_"+answer)
	}
	wanted = append(wanted, "ask_reason_duplicate", "ask_date_remind", "ask_date_appoint", "button_remind_off", "button_appointment_off")
	for _, crisis := range prompts.Crises() {
		wanted = append(wanted, "crisis_"+string(crisis))
		for _, number := range taxonomy.CrisisNumbers(crisis) {
			wanted = append(wanted, "call_"+number)
		}
	}
	for _, state := range []intake.State{intake.Draft, intake.Open, intake.Claimed, intake.Referred, intake.Resolved, intake.Closed, intake.Cancelled} {
		wanted = append(wanted, "state_"+string(state))
		if state != intake.Closed && state != intake.Cancelled {
			wanted = append(wanted, "brief_"+string(state))
		}
	}
	for _, action := range []string{intake.ActConfirm, intake.ActServices, intake.ActPlace, intake.ActCancel, intake.ActUnsure, intake.ActSkipPlace,
		intake.ActBack, intake.ActMistake, intake.ActReopen, intake.ActAnew, intake.ActAddTo, intake.ActAsNew, intake.ActAdd, intake.ActWithdraw, intake.ActKeep, intake.ActCall, intake.ActAlso, intake.ActClaim, intake.ActPass, intake.ActReply, intake.ActNote, intake.ActRelease, intake.ActResolve, intake.ActMyself, intake.ActOther,
		intake.ActColleagues, intake.ActDontAsk, intake.ActTake, intake.ActLeave, intake.ActRefer, intake.ActReferTo, intake.ActTheyTake, intake.ActRecall, intake.ActToPartner,
		intake.ActAccept, intake.ActCantDo, intake.ActToWorker, intake.ActReported,
		intake.ActNoComment, intake.ActUnnamed, intake.ActQuiet, intake.ActHeld, intake.ActWords, intake.ActFiles, intake.ActBind, intake.ActUnask, intake.ActUnclaim, intake.ActStay, intake.ActThere,
		intake.ActDone, intake.ActSendTo, intake.ActNoteTo, intake.ActTakeBack, intake.ActTranslate, intake.ActQuick, intake.ActSendCanned, intake.ActHistory, intake.ActMore} {
		wanted = append(wanted, "button_"+action)
	}
	for _, choice := range intake.DutyChoices() {
		wanted = append(wanted, "button_duty_"+choice)
	}
	for _, choice := range intake.AwayChoices() {
		wanted = append(wanted, "button_away_"+choice)
	}
	for _, kind := range intake.ToldDeeds() {
		wanted = append(wanted, "did_"+kind)
	}
	for _, actor := range []string{intake.ByResident, intake.BySupervisor, intake.BySystem} {
		wanted = append(wanted, "by_"+actor)
	}
	for _, score := range intake.Scores() {
		wanted = append(wanted, "button_rate_"+itoa(int64(score)))
	}
	for _, key := range []string{"taken_up", "appointment_off", "waits_for_you", "claimed_by", "answer_late", "worker_said", "worker_sent", "resolved", "offered_on", "moved", "understood_closed", "crisis_station",
		"crisis_triage", "crisis_nobody", "state_draft", "state_open", "state_claimed", "state_referred", "state_resolved"} {
		wanted = append(wanted, "discreet_"+key)
	}
	for _, crisis := range []prompts.Crisis{prompts.Violence, prompts.ChildAbuse} {
		for _, number := range taxonomy.CrisisNumbers(crisis) {
			wanted = append(wanted, "discreet_call_"+number)
		}
	}
	for _, reason := range append(intake.PassReasons(), intake.ReasonOther) {
		wanted = append(wanted, "button_why_"+reason)
	}
	for _, task := range intake.Tasks() {
		wanted = append(wanted, "button_task_"+task)
	}
	for _, outcome := range intake.ReportOutcomes() {
		wanted = append(wanted, "button_report_"+outcome, "outcome_"+outcome)
	}
	for _, relation := range prompts.Relations() {
		wanted = append(wanted, "for_"+relation, "whom_"+relation)
	}
	for _, why := range intake.WhyKinds() {
		wanted = append(wanted, "why_"+why)
	}
	for _, what := range intake.SupervisedKinds() {
		wanted = append(wanted, "supervised_"+what)
	}
	for day := range 7 {
		wanted = append(wanted, "weekday_"+strconv.Itoa(day))
	}
	for _, name := range deskCommands() {
		wanted = append(wanted, "command_"+name)
	}
	wanted = append(wanted, "button_walk", "button_for_self", "button_for_other", "urgency_emergency", "urgency_urgent", "urgency_normal", "late_ask", "late_half", "late_resolve", "escalated_claim", "escalated_resolve", "county_claim", "county_resolve", "ask_place_unknown", "ask_place_far", "ask_place_change")
	for _, language := range intake.Languages() {
		for _, key := range wanted {
			if catalogue.Say(language, key, nil) == key {
				t.Errorf("%s has no text %q", language, key)
			}
		}
	}
}
