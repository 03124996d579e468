package acp

import (
	"slices"
	"testing"
)

func TestInterventionsAreTheOnesThatBothKnow(t *testing.T) {
	for _, c := range []struct{ theirs, ours, want []string }{
		{nil, nil, nil},
		{[]string{"3ds", "biometric"}, nil, nil},
		{[]string{"biometric", "3ds", "3ds"}, []string{"3ds", "address_verification"}, []string{"3ds"}},
		{nil, []string{"3ds"}, nil},
	} {
		if got := shared(c.theirs, c.ours); !slices.Equal(got, c.want) {
			t.Errorf("%v and %v share %v", c.theirs, c.ours, got)
		}
	}
}

func TestARequiredInterventionThatTheAgentLacksIsTold(t *testing.T) {
	told := lacking([]string{"3ds", "biometric"}, []string{"biometric"})
	if len(told) != 1 || told[0].Code != CodeInterventionRequired || told[0].Type != Problem || told[0].Args[0].Text != "3ds" {
		t.Fatalf("%+v", told)
	}
	if !blocking(told) {
		t.Error("the session could be paid without it")
	}
	if told := lacking(nil, nil); told != nil {
		t.Errorf("nothing is required, yet %+v", told)
	}
	common, required := Session{Interventions: []string{"3ds"}}.CommonInterventions()
	if len(common) != 0 || len(required) != 0 {
		t.Errorf("this app supports %v and requires %v", common, required)
	}
}
