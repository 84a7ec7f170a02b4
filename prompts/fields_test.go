package prompts

import "testing"

func TestFits(t *testing.T) {
	t.Parallel()
	taxonomy, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		qualification, field, category string
		crisis                         Crisis
		groups                         []string
		want                           bool
	}{
		{"senior", "mediation", "conflict_resolution", "", nil, true},
		{"assistant", "mediation", "conflict_resolution", "", nil, true},
		{"", "children", "child_protection", "", nil, true},
		{"social_worker", "children", "education", "", []string{"left_behind"}, true},
		{"assistant", "children", "education", "", []string{"left_behind"}, false},
		{"senior", "mental_health", "health", "suicide", nil, true},
		{"senior", "elderly", "health", "", []string{"woman", "empty_nester"}, true},
		{"senior", "elderly", "health", "", []string{"woman"}, false},
		{"senior", "", "health", "", nil, false},
		{"senior", "astrology", "health", "", nil, false},
	} {
		if got := taxonomy.Fits(c.qualification, []string{c.field}, c.category, c.crisis, c.groups); got != c.want {
			t.Errorf("%+v: got %t", c, got)
		}
	}
}

func TestFieldsAreChecked(t *testing.T) {
	t.Parallel()
	taxonomy, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"", "mediation: {}", "magic: {groups: [woman]}", "mediation: {groups: [dwarfs]}", "mediation: {from: king, groups: [woman]}", "mediation: {groups: [woman]}", "mediation: {colour: red}"} {
		if err := (&Taxonomy{byKey: taxonomy.byKey}).readFields([]byte(file)); err == nil {
			t.Errorf("%q is taken", file)
		}
	}
}
