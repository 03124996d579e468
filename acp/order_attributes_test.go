package acp

import (
	"slices"
	"strings"
	"testing"
)

func TestAnOrderTellsAffiliatesAndConsents(t *testing.T) {
	s := Session{
		FirstTouch: &Attribution{Provider: "impact.example", PublisherID: "pub_1", CampaignID: "summer", SubID: "ada@example.com", SourceURL: "https://x.example/ada"},
		LastTouch:  &Attribution{Provider: "cj.example", Token: "secret"},
		Consents:   []Consent{{Channel: ConsentByEmail, OptedIn: true}},
	}
	got := s.attributes()
	want := []NamedValue{
		{"acp_affiliate_first_provider", "impact.example"},
		{"acp_affiliate_first_publisher", "pub_1"},
		{"acp_affiliate_first_campaign", "summer"},
		{"acp_affiliate_last_provider", "cj.example"},
		{"acp_affiliate_last_token_sha256", "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"},
		{"acp_marketing_email", "yes"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for _, a := range got {
		if a.Value == "secret" || strings.Contains(a.Value, "ada") {
			t.Errorf("%s tells too much", a.Name)
		}
	}
	if got := (&Session{}).attributes(); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestOfTwoConsentsToAChannelTheLaterCounts(t *testing.T) {
	offered := []ConsentOption{{Channel: ConsentByEmail}}
	got := consented([]Consent{{"email", true}, {"sms", true}, {"email", false}}, offered)
	if !slices.Equal(got, []Consent{{"email", false}}) {
		t.Errorf("kept %v", got)
	}
	if got := consented([]Consent{{"email", true}}, nil); got != nil {
		t.Errorf("kept %v though nothing was offered", got)
	}
}
