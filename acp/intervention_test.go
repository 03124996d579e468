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
}

// 3DS is supported where the account has its acquirer's data, and nowhere else.
func Test3DSIsSupportedWhereItCanBeCarriedOut(t *testing.T) {
	for _, c := range []struct {
		ways   []PaymentHandler
		agent  []string
		common int
	}{
		{nil, []string{"3ds"}, 0},
		{[]PaymentHandler{{ID: "card"}}, []string{"3ds"}, 0},
		{[]PaymentHandler{{ID: "card"}, {ID: "other", Acquirer: &Acquirer{}}}, []string{"3ds", "biometric"}, 1},
		{[]PaymentHandler{{ID: "card", Acquirer: &Acquirer{}}}, nil, 0},
	} {
		if common, required := (Session{Interventions: c.agent}).CommonInterventions(c.ways); len(common) != c.common || len(required) != 0 {
			t.Errorf("%v with %v: %v, required %v", c.ways, c.agent, common, required)
		}
	}
}
