package stripe_test

import (
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v86/webhook"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/stripe"
)

const endpointSecret = "whsec_current"

// signed is a Stripe-Signature header as Stripe makes it.
func signed(body, secret string, age time.Duration) string {
	at := time.Now().Add(-age)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(webhook.ComputeSignature(at, []byte(body), secret)))
}

func event(kind, version, object string) string {
	return fmt.Sprintf(`{"id":"evt_1","object":"event","type":%q,"api_version":%q,"created":1795273380,"data":{"object":%s}}`, kind, version, object)
}

func TestOnlyWhatStripeSignedLatelyIsTaken(t *testing.T) {
	body := event("payment_intent.succeeded", "2026-08-26.dahlia", `{"id":"pi_1","object":"payment_intent"}`)
	for name, test := range map[string]struct {
		body, signature string
		kind            acp.Kind
	}{
		"signed":                         {body, signed(body, endpointSecret, 0), ""},
		"signed with the secret before":  {body, signed(body, "whsec_before", 0), ""},
		"signed four minutes ago":        {body, signed(body, endpointSecret, 4*time.Minute), ""},
		"signed six minutes ago":         {body, signed(body, endpointSecret, 6*time.Minute), acp.KindUnauthorized},
		"signed with another secret":     {body, signed(body, "whsec_other", 0), acp.KindUnauthorized},
		"signed with no secret at all":   {body, signed(body, "", 0), acp.KindUnauthorized},
		"another body than was signed":   {body + " ", signed(body, endpointSecret, 0), acp.KindUnauthorized},
		"not signed":                     {body, "", acp.KindUnauthorized},
		"a header that is none":          {body, "t=now,v1=zz", acp.KindUnauthorized},
		"signed, but no event":           {`{"object":"event"}`, signed(`{"object":"event"}`, endpointSecret, 0), acp.KindInvalid},
		"signed, but a thin event":       {`{"id":"evt_1","object":"v2.core.event"}`, signed(`{"id":"evt_1","object":"v2.core.event"}`, endpointSecret, 0), acp.KindUnauthorized},
		"an old time before a fresh one": {body, signed(body, endpointSecret, time.Hour) + fmt.Sprintf(",t=%d", time.Now().Unix()), acp.KindUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			events := stripe.Events{Secrets: []acp.Secret{endpointSecret, "whsec_before", ""}}
			d, keep, err := events.Verify([]byte(test.body), test.signature)
			if acp.KindOf(err) != test.kind {
				t.Fatalf("%v", err)
			}
			if err == nil && (!keep || d.ID != "stripe/evt_1" || d.Topic != "stripe/payment_intent.succeeded" || d.TriggeredAt.Unix() != 1795273380 || !stripe.IsEvent(d.Topic)) {
				t.Errorf("%+v %v", d, keep)
			}
		})
	}
}

func TestNobodyCanSignWithoutASecret(t *testing.T) {
	body := event("payment_intent.succeeded", "2026-08-26.dahlia", `{}`)
	for _, events := range []stripe.Events{{}, {Secrets: []acp.Secret{""}}} {
		if _, _, err := events.Verify([]byte(body), signed(body, "", 0)); acp.KindOf(err) != acp.KindUnauthorized {
			t.Errorf("%v", err)
		}
	}
}

func TestEventsOfEveryVersionAreReadAndOthersIgnored(t *testing.T) {
	intent := `{"id":"pi_1","object":"payment_intent","metadata":{"acp_session":"cs_1"},"amount":"not a number any more"}`
	for _, test := range []struct {
		kind, version, object string
		keep                  bool
		payment               string
		session               acp.SessionID
	}{
		{"payment_intent.succeeded", "2026-08-26.dahlia", intent, true, "pi_1", "cs_1"},
		{"payment_intent.canceled", "2026-10-28.endive", intent, true, "pi_1", "cs_1"},
		{"payment_intent.amount_capturable_updated", "2026-09-30.preview", intent, true, "pi_1", "cs_1"},
		{"payment_intent.requires_action", "2019-01-01", intent, true, "pi_1", "cs_1"},
		{"payment_intent.created", "2026-08-26.dahlia", intent, false, "pi_1", "cs_1"},
		{"charge.refunded", "2026-08-26.dahlia", `{"id":"ch_1","object":"charge","payment_intent":"pi_1","metadata":{}}`, true, "pi_1", ""},
		{"charge.refund.updated", "2026-08-26.dahlia", `{"id":"re_1","object":"refund","payment_intent":"pi_1"}`, true, "pi_1", ""},
		{"refund.failed", "2026-08-26.dahlia", `{"id":"re_1","object":"refund","payment_intent":{"id":"pi_1","object":"payment_intent"},"metadata":{"acp_refund":"r"}}`, true, "pi_1", ""},
		{"charge.dispute.created", "2026-08-26.dahlia", `{"id":"dp_1","object":"dispute","payment_intent":"pi_1","metadata":null}`, true, "pi_1", ""},
		{"refund.created", "2026-08-26.dahlia", `{"id":"re_1","object":"refund","payment_intent":null}`, true, "", ""},
		{"shared_payment.granted_token.deactivated", "2026-09-30.preview", `{"id":"spt_1","object":"shared_payment.granted_token"}`, false, "", ""},
		{"customer.created", "2026-08-26.dahlia", `{"id":"cus_1","object":"customer"}`, false, "", ""},
		{"something.new", "2030-01-01.zinnia", `{}`, false, "", ""},
	} {
		t.Run(test.kind+" "+test.version, func(t *testing.T) {
			body := event(test.kind, test.version, test.object)
			d, keep, err := stripe.Events{Secrets: []acp.Secret{endpointSecret}}.Verify([]byte(body), signed(body, endpointSecret, 0))
			if err != nil || keep != test.keep {
				t.Fatalf("kept: %v %v", keep, err)
			}
			news, err := stripe.ParseEvent(d.Topic, d.Body)
			switch {
			case err != nil:
				t.Fatal(err)
			case test.payment == "" && news.Payment != nil:
				t.Errorf("news of %+v", *news.Payment)
			case test.payment != "" && (news.Payment == nil || *news.Payment != acp.PaymentNews{Provider: "Stripe", PaymentID: test.payment, Session: test.session}):
				t.Errorf("news %+v", news.Payment)
			}
		})
	}
}
