package wire

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What 2026-01-30 changed, which is most of the protocol: items became
// line_items, a choice lost its inner object, line amounts became totals,
// handlers replaced the payment provider, sessions can escalate, expire and be
// extended, messages can warn, and 3DS ends in other words. The currency, which was the shop's, is now asked
// for.

// raise20260130 reads a body of 2026-01-16 as one of 2026-01-30.
func raise20260130(body *node) *node {
	return body.renamed(map[string]rename{
		"items":                        {to: "line_items"},
		"selected_fulfillment_options": {"selected_fulfillment_options", each(raiseSelection20260130)},
		"authentication_result":        {"authentication_result", raiseAuthentication20260130},
	})
}

// outcomes20260116 are the words of 2026-01-16 for what 2026-01-30, like
// 2025-12-12 before, says in others. An authentication that was unavailable
// could not be asked for, which says nothing about the card holder.
var outcomes20260116 = map[string]string{
	"attempt":     "attempt_acknowledged",
	"failed":      "denied",
	"unavailable": "not_supported",
}

func raiseAuthentication20260130(n *node) *node {
	return n.renamed(map[string]rename{"outcome": {"outcome", func(outcome *node) *node {
		if newer, changed := outcomes20260116[outcome.str()]; changed {
			return &node{kind: textKind, text: newer}
		}
		return outcome
	}}})
}

// raiseSelection20260130 lifts what is chosen out of the member that its type
// names. Shipping is not lifted as a type, because it may be a local delivery
// (lowerKind), and in 2025-09-29 anything: the option's id tells.
func raiseSelection20260130(n *node) *node {
	if kind := n.get("type"); kind.str() == string(acp.Digital) {
		lifted := &node{kind: objectKind, members: []member{{"type", kind}}}
		lifted.members = append(lifted.members, n.get(kind.text).members...)
		return lifted
	}
	return n.get(string(acp.Shipping))
}

// lower20260130 shows a session in the words of 2026-01-16.
func lower20260130(s session20260130) session20260116 {
	older := session20260116{
		ID: s.ID, Buyer: lowerBuyer(s), PaymentProvider: lowerProvider(s.Capabilities.Payment.Handlers),
		Status: lowerStatus(s.Status), Currency: s.Currency, LineItems: make([]line20260116, len(s.LineItems)),
		FulfillmentDetails: s.FulfillmentDetails, Options: lowerOptions(s.Options), Selected: lowerSelected(s.Selected),
		Totals: lowerTotals(s.Totals), Messages: lowerMessages(s.Messages), Links: lowerLinks(s.Links),
	}
	for i, l := range s.LineItems {
		older.LineItems[i] = lowerLine(l)
	}
	if s.Order != nil && s.Status == acp.Completed { // one in review has no word here
		older.Order = &orderLink20260116{s.Order.ID, s.Order.SessionID, s.Order.PermalinkURL}
	}
	return older
}

// statuses20260116 are the statuses that the older versions call otherwise. A
// session that the buyer must finish elsewhere cannot be paid here, and one
// that has expired takes no more changes.
var statuses20260116 = map[acp.Status]string{
	"incomplete":        "not_ready_for_payment",
	acp.Escalated:       "not_ready_for_payment",
	acp.PendingApproval: "in_progress",
	acp.InProgress:      "in_progress",
	acp.Expired:         "canceled",
}

func lowerStatus(s acp.Status) string {
	if older, changed := statuses20260116[s]; changed {
		return older
	}
	return string(s)
}

// lowerBuyer splits a full name where the version wants two: both are required,
// and an empty one is truer than an invented one.
func lowerBuyer(s session20260130) *buyer20260116 {
	if s.Buyer == nil {
		return nil
	}
	b := buyer20260116{FirstName: s.Buyer.FirstName, LastName: s.Buyer.LastName, Email: s.Buyer.Email, Phone: s.Buyer.Phone}
	if b.FirstName == "" && b.LastName == "" {
		b.FirstName, b.LastName = splitName(s.Buyer.FullName)
	}
	return &b
}

// splitName takes the last word as the family name.
func splitName(full string) (first, last string) {
	words := strings.Fields(full)
	if len(words) < 2 {
		return strings.Join(words, ""), ""
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

// lowerProvider is the first handler of the one provider that the version
// knows; without one nothing can be paid by token.
func lowerProvider(handlers []handlerBody) *provider20260116 {
	at := slices.IndexFunc(handlers, func(h handlerBody) bool { return h.PSP == "stripe" })
	if at < 0 {
		return nil
	}
	config, networks := handlers[at].Config, []string{}
	for _, brand := range config.Brands {
		if slices.Contains([]string{"amex", "discover", "mastercard", "visa"}, brand) {
			networks = append(networks, brand)
		}
	}
	return &provider20260116{
		Provider: "stripe", MerchantID: config.MerchantID, Methods: []method20260116{{Type: "card", Networks: networks}},
	}
}

func lowerLine(l lineItemBody) line20260116 {
	older := line20260116{
		ID: l.ID, Item: item20260116{ID: l.Item.ID, Quantity: l.Quantity}, Name: l.Name, Description: l.Description,
		Images: l.Images, UnitAmount: l.UnitAmount,
		amounts20260116: amounts20260116{
			Base: amountOf(l.Totals, "items_base_amount"), Discount: amountOf(l.Totals, "items_discount"),
			Subtotal: amountOf(l.Totals, "subtotal"), Tax: amountOf(l.Totals, "tax"), Total: amountOf(l.Totals, "total"),
		},
	}
	for _, o := range l.Options {
		older.Attributes = append(older.Attributes, shown20260116(o))
	}
	return older
}

// lowerTotals leaves the taxes' breakdown out.
func lowerTotals(totals []totalBody) []totalBody {
	older := make([]totalBody, len(totals))
	for i, t := range totals {
		older[i] = totalBody{Type: t.Type, DisplayText: t.DisplayText, Amount: t.Amount}
	}
	return older
}

// linkTypes20260116 are the links that the version knows.
var linkTypes20260116 = []string{"terms_of_use", "privacy_policy", "return_policy"}

func lowerLinks(links []linkBody) []linkBody {
	older := []linkBody{}
	for _, l := range links {
		if slices.Contains(linkTypes20260116, l.Type) {
			older = append(older, linkBody{Type: l.Type, URL: l.URL})
		}
	}
	return older
}
