package stripe

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v86/webhook"

	"github.com/acp-bridge/acp-bridge/acp"
)

// topic marks the deliveries of Stripe in an inbox that holds those of others,
// too.
const topic = "stripe/"

// eventTolerance is how old a signature may be, so that a delivery that was
// listened in on cannot be played again later. Stripe signs each of its tries
// anew (docs.stripe.com/webhooks, replay attacks).
const eventTolerance = 5 * time.Minute

// Events receives what Stripe tells of the payments of one account.
type Events struct {
	// Secrets of the endpoint (whsec_…); two while one is being rolled.
	Secrets []acp.Secret
}

// Verify checks the Stripe-Signature header over the raw body and returns the
// event as a delivery; KindUnauthorized when no secret fits or the signature
// is too old. ok is false for events that lead to nothing: they are
// acknowledged and not kept. Events of any API version are taken, previews
// included, because only ids are read of them.
func (e Events) Verify(body []byte, signature string) (d acp.Delivery, ok bool, err error) {
	if err := e.authentic(body, signature); err != nil {
		return acp.Delivery{}, false, &acp.Error{Kind: acp.KindUnauthorized, Code: "unauthorized", Message: "verify event", Err: err}
	}
	var envelope struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Created int64  `json:"created"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || envelope.ID == "" {
		return acp.Delivery{}, false, &acp.Error{Kind: acp.KindInvalid, Code: "invalid", Message: "read event", Err: err}
	}
	d = acp.Delivery{ID: topic + envelope.ID, Topic: topic + envelope.Type, Body: body}
	if envelope.Created > 0 {
		d.TriggeredAt = time.Unix(envelope.Created, 0).UTC()
	}
	return d, concerns(envelope.Type), nil
}

func (e Events) authentic(body []byte, signature string) error {
	err := errors.New("no secret is configured")
	for _, secret := range e.Secrets {
		if secret.Empty() {
			continue
		}
		_, err = webhook.ConstructEventWithOptions(body, signature, secret.Reveal(),
			webhook.ConstructEventOptions{Tolerance: eventTolerance, IgnoreAPIVersionMismatch: true})
		if err == nil {
			return nil
		}
	}
	return err
}

// concerns tells the events that may mean work. A payment's creation is known
// to whoever created it. shared_payment.granted_token.deactivated is no type
// of the library and names no payment: the next use of the token says the same.
func concerns(kind string) bool {
	if kind == "payment_intent.created" {
		return false
	}
	for _, family := range []string{"payment_intent.", "refund.", "charge.refund", "charge.dispute."} {
		if strings.HasPrefix(kind, family) {
			return true
		}
	}
	return false
}

// IsEvent tells Stripe's deliveries from others by their topic.
func IsEvent(deliveryTopic string) bool { return strings.HasPrefix(deliveryTopic, topic) }

// ParseEvent says which payment an event is about, and nothing else: what
// became of it is read again, because events come late, twice and out of order.
// An event of no payment intent is no news. KindInvalid when it is no JSON.
func ParseEvent(deliveryTopic string, body []byte) (acp.News, error) {
	var event struct {
		Data struct {
			Object struct {
				ID       string            `json:"id"`
				Object   string            `json:"object"`
				Payment  reference         `json:"payment_intent"`
				Metadata map[string]string `json:"metadata"`
			} `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return acp.News{}, &acp.Error{Kind: acp.KindInvalid, Code: "invalid", Message: "read event " + deliveryTopic, Err: err}
	}
	about := event.Data.Object
	id := string(about.Payment)
	if about.Object == "payment_intent" {
		id = about.ID
	}
	if id == "" {
		return acp.News{}, nil
	}
	return acp.News{Payment: &acp.PaymentNews{
		Provider: providerName, PaymentID: id, Session: acp.SessionID(about.Metadata[metaSession]),
	}}, nil
}

// reference is an id, or the object that has it where it was expanded.
type reference string

// UnmarshalJSON implements json.Unmarshaler.
func (r *reference) UnmarshalJSON(raw []byte) error {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		*r = reference(id)
		return nil
	}
	var object struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("read reference: %w", err)
	}
	*r = reference(object.ID)
	return nil
}
