package templates

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // shops' time zones, also where the system has none

	"github.com/acp-bridge/acp-bridge/acp"
)

// Dashboard is what staff see of their shop.
type Dashboard struct {
	AppBridge   AppBridge
	Merchant    acp.Merchant
	Sales       acp.Sales
	Money       acp.MoneyReport
	Connections []acp.Connection
	Matters     []acp.MoneyMatter
	Now         time.Time
	MayDelegate bool   // payment by token can be chosen at all
	ACPBaseURL  string // what an agent is given
	FeedURL     string
	FeedCSVURL  string
	OrderURL    func(orderID string) string // an order's page in the Shopify admin
	Reviews     []acp.PendingReview         // that wait for staff, the most urgent first
	Refusals    []acp.Assessment            // by the merchant's rules, newest first
	// PaymentURL is a payment's page at its provider; empty where it has none.
	PaymentURL func(provider, paymentID string) string
	MayCompare bool // the books can be compared at once

	Keys         *acp.Keys         // of a connection made a moment ago; shown this once
	Notice       string            // what was just done
	Problem      string            // why it was not
	ProblemField string            // the form's field that is to blame
	ProblemForm  string            // the form that holds it; empty: the one that adds an agent
	Form         acp.NewConnection // what was filled in, when it was refused
}

// AcceptanceForm is the ProblemForm of the rules about purchases.
const AcceptanceForm = "acceptance"

// Rule is one limit of the merchant's, as its form shows it.
type Rule struct {
	Name, Label, Hint string
	Most              string // empty: none
	Then              acp.Verdict
	Decimal           bool
	Wrong             bool // it was refused a moment ago
}

// Rules are the merchant's limits, in the order of the form.
func (d Dashboard) Rules() []Rule {
	a := d.Merchant.Acceptance
	number := func(l acp.Limit) string {
		if l.Most == 0 {
			return ""
		}
		return strconv.FormatInt(l.Most, 10)
	}
	total := ""
	if a.Total.Most > 0 {
		total = acp.Money{Amount: a.Total.Most, Currency: d.Merchant.Currency}.Decimal()
	}
	rules := []Rule{
		{Name: "total", Label: "Order value over", Hint: d.Merchant.Currency.Upper(), Most: total, Then: a.Total.Then, Decimal: true},
		{Name: "quantity", Label: "More items than", Hint: "of all lines together", Most: number(a.Quantity), Then: a.Quantity.Then},
		{Name: "attempts", Label: "More attempts than", Hint: "to pay one checkout", Most: number(a.Attempts), Then: a.Attempts.Then},
		{Name: "tries", Label: "More attempts a day than", Hint: "by one buyer, card, address or device", Most: number(a.Tries), Then: a.Tries.Then},
		{Name: "risk", Label: "Risk score over", Hint: "of your payment provider, or its advice against it", Most: number(a.Risk), Then: a.Risk.Then},
	}
	for i := range rules {
		rules[i].Wrong = d.ProblemForm == AcceptanceForm && d.ProblemField == rules[i].Name
	}
	return rules
}

// CountryCodes are those of the merchant's rule about countries.
func (d Dashboard) CountryCodes() string {
	return strings.Join(d.Merchant.Acceptance.Countries.Codes, ", ")
}

// zone is the shop's time zone, UTC when it is not known.
func (d Dashboard) zone() *time.Location {
	if zone, err := time.LoadLocation(d.Merchant.Timezone); err == nil {
		return zone
	}
	return time.UTC
}

// Local is a moment on the shop's clock.
func (d Dashboard) Local(t time.Time) time.Time { return t.In(d.zone()) }

// NeedsStaff reports whether the shop's access is gone.
func (d Dashboard) NeedsStaff() bool { return d.Merchant.Status == acp.NeedsStaff }

// NeedsAttention reports whether there is anything for staff to do.
func (d Dashboard) NeedsAttention() bool {
	return d.NeedsStaff() || d.Sales.LatePayments > 0 || d.Sales.StuckCheckouts > 0 ||
		d.Sales.DeadEvents > 0 || d.MirrorFailed() || d.Differences() > 0
}

// MirrorEmpty reports whether the catalog was never asked for.
func (d Dashboard) MirrorEmpty() bool {
	return d.Sales.Mirror.State == acp.MirrorEmpty || d.Sales.Mirror.State == ""
}

// MirrorRunning reports whether the catalog is being read.
func (d Dashboard) MirrorRunning() bool { return d.Sales.Mirror.State == acp.MirrorRunning }

// MirrorFailed reports whether the last run ended badly.
func (d Dashboard) MirrorFailed() bool { return d.Sales.Mirror.State == acp.MirrorFailed }

// Delegated reports whether payment by token is the merchant's choice.
func (d Dashboard) Delegated() bool { return d.Merchant.Completion == acp.Delegated }

// Valid are the connections that are not revoked, newest first.
func (d Dashboard) Valid() []acp.Connection { return d.connections(false) }

// Revoked are the connections that are.
func (d Dashboard) Revoked() []acp.Connection { return d.connections(true) }

func (d Dashboard) connections(revoked bool) []acp.Connection {
	var chosen []acp.Connection
	for _, c := range d.Connections {
		if revoked == !c.RevokedAt.IsZero() {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// Finishes is how a connection's checkouts end, in staff's words.
func (d Dashboard) Finishes(c acp.Connection) string {
	if c.Completes(d.Merchant) == acp.Delegated {
		return "Pays by token"
	}
	return "Shopify checkout"
}

// Signatures is what is done about a connection's signatures, in staff's words.
func (d Dashboard) Signatures(c acp.Connection) string {
	switch c.SignatureMode {
	case acp.SignaturesLogged:
		return "Signatures checked, failures counted"
	case acp.SignaturesEnforce:
		return "Signatures required"
	default:
		return "Signatures not checked"
	}
}

// Refund is what was given back of a sale.
func (d Dashboard) Refund(s acp.Sale) acp.Money {
	return acp.Money{Amount: s.Refunded, Currency: s.Total.Currency}
}

// ConversionRate is the share of sessions that became an order, in tenths of a
// percent.
func (d Dashboard) ConversionRate() int64 {
	rate, _ := d.Sales.Conversion()
	return rate
}
