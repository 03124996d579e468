package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// authenticationFields are what tests read of a session that asks for 3DS.
type authenticationFields struct {
	Metadata struct {
		Acquirer struct {
			BIN string `json:"acquirer_bin"`
		} `json:"acquirer_details"`
		DirectoryServer string `json:"directory_server"`
	} `json:"authentication_metadata"`
	Capabilities struct {
		Interventions struct {
			Supported []string `json:"supported"`
		} `json:"interventions"`
		Payment struct {
			Handlers []struct {
				Config struct {
					Supports3DS bool `json:"supports_3ds"`
				} `json:"config"`
			} `json:"handlers"`
		} `json:"payment"`
	} `json:"capabilities"`
}

func authenticating(f *sandboxFlags) { f.Agent3DS = true }

// withResult is a completion that answers the challenge.
func withResult(token, outcome string) map[string]any {
	body := payment(token)
	result := map[string]any{"outcome": outcome}
	switch outcome {
	case "authenticated", "attempt_acknowledged", "informational":
		result["outcome_details"] = map[string]any{
			"three_ds_cryptogram": "AbCdEfGhIjKlMnOpQrStUvWxY0=", "electronic_commerce_indicator": "05",
			"transaction_id": "ds-1", "version": "2.2.0",
		}
	}
	body["authentication_result"] = result
	return body
}

// challenged opens a session as an agent that can authenticate, and pays by a
// card whose bank wants that.
func (r *running) challenged(t *testing.T) (s checkoutSession, token string) {
	t.Helper()
	body := cart(r.item(t), 1)
	body["capabilities"] = map[string]any{"interventions": map[string]any{"supported": []string{"3ds"}}}
	got := r.post(t, "/checkout_sessions", body)
	got.decode(t, &s)
	token = r.token(t, s.total(), "pm_card_threeDSecure2Required")
	got = r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(token))
	got.decode(t, &s)
	var f authenticationFields
	got.decode(t, &f)
	if got.Status != http.StatusOK || s.Status != "authentication_required" || f.Metadata.Acquirer.BIN == "" || f.Metadata.DirectoryServer != "visa" {
		t.Fatalf("complete: %d %s", got.Status, got.Raw)
	}
	if len(f.Capabilities.Interventions.Supported) != 1 || !f.Capabilities.Payment.Handlers[0].Config.Supports3DS {
		t.Errorf("3DS is not advertised: %s", got.Raw)
	}
	wiretest.Validate(t, string(wire.Newest()), "CheckoutSession", []byte(got.Raw))
	return s, token
}

func TestAnAgentAuthenticatesTheCardHolder(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		for outcome, status := range map[string]string{
			"authenticated": "completed", "attempt_acknowledged": "completed", "informational": "completed",
			"denied": "ready_for_payment", "abandoned": "ready_for_payment",
			"not_supported": "ready_for_payment", // the bank insists
		} {
			t.Run(outcome, func(t *testing.T) {
				if testing.Short() && outcome != "authenticated" && outcome != "denied" {
					t.Skip("two outcomes are enough in short mode")
				}
				t.Parallel()
				r := start(t, authenticating)
				s, token := r.challenged(t)
				r.soldNothing(t)
				path := "/checkout_sessions/" + s.ID + "/complete"
				got := r.post(t, path, payment(token))
				if got.Status != http.StatusBadRequest || got.Body["type"] != "invalid_request" || got.Body["code"] != "requires_3ds" ||
					got.Body["param"] != "$.authentication_result" {
					t.Errorf("without the result: %d %s", got.Status, got.Raw)
				}
				got = r.insist(t, path, r.key(), withResult(token, outcome))
				got.decode(t, &s)
				if got.Status != http.StatusOK || s.Status != status || strings.Contains(got.Raw, "authentication_metadata") {
					t.Fatalf("with the result: %d %s", got.Status, got.Raw)
				}
				if status == "completed" {
					r.soldOnce(t, s)
					return
				}
				if !s.says("payment_declined") {
					t.Errorf("it says %+v", s.Messages)
				}
				r.soldNothing(t)
			})
		}
	})
}

// What is advertised is what can be carried out: with an acquirer's data 3DS,
// without them nothing, to agents of the newest date.
func Test3DSIsAdvertisedWhereItAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*sandboxFlags)
		want   string
	}{"with an acquirer": {authenticating, `"intervention_types":["3ds"]`}, "without": {nil, ""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startSandbox(t, c.change)
			got := r.send(t, http.MethodGet, r.AppURL+"/.well-known/acp.json", "", "", nil)
			if strings.Contains(got.Raw, "3ds") != (c.want != "") || !strings.Contains(got.Raw, c.want) {
				t.Errorf("discovery: %s", got.Raw)
			}
			wiretest.Validate(t, string(wire.Newest()), "DiscoveryResponse", []byte(got.Raw))
			s := r.payable(t)
			if raw := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil).Raw; strings.Contains(raw, `"supports_3ds":true`) != (c.want != "") {
				t.Errorf("session: %s", raw)
			}
		})
	}
}

// An agent of a date that cannot be told how is not asked, and one that reads
// what another was asked sees a session that wants another way to pay.
func TestAnAgentOfAnOlderDateIsNotAskedToAuthenticate(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, authenticating)
	for version, waiting := range map[wire.Version]string{wire.V20250929: "in_progress", wire.V20260130: "complete_in_progress"} {
		s := r.open(t, version)
		got := r.insistIn(t, version, "/checkout_sessions/"+s.ID+"/complete",
			fmt.Sprintf(speechOf(version).pay, r.token(t, s.total(), "pm_card_threeDSecure2Required")))
		if got.decode(t, &s); s.Status != waiting {
			t.Errorf("%s: %d %s", version, got.Status, got.Raw)
		}
	}
	s, _ := r.challenged(t)
	for _, version := range wire.Supported()[:4] {
		if seen := r.read(t, version, s.ID); seen.Status != "not_ready_for_payment" || !seen.says("requires_3ds") {
			t.Errorf("%s: %+v", version, seen)
		}
	}
}
