package templates_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func parsed(t *testing.T) *templates.Pages {
	t.Helper()
	pages, err := templates.Parse(func(name string) (string, error) { return "/static/" + name, nil })
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// rendered writes a page and reads it back as HTML.
func rendered(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var page bytes.Buffer
	if err := write(&page); err != nil {
		t.Fatal(err)
	}
	if _, err := html.Parse(bytes.NewReader(page.Bytes())); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// shop is a dashboard to be changed by each case.
func shop() templates.Dashboard {
	return templates.Dashboard{
		Merchant: acp.Merchant{Shop: "demo.myshopify.com", Status: acp.Installed, Profile: acp.Profile{Name: "Demo", Currency: "jpy", Timezone: "Asia/Tokyo"}},
		Sales:    acp.Sales{Since: noon, Revenue: acp.Money{Amount: 1234567, Currency: "jpy"}, Mirror: acp.Mirror{State: acp.MirrorEmpty}},
		Now:      noon, OrderURL: func(id string) string { return "https://admin.shopify.com/" + id },
		PaymentURL: func(_, id string) string { return "https://bank.example/" + id },
	}
}

func TestTheDashboardTellsHowThingsStand(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*templates.Dashboard)
		texts  []string
		not    []string
	}{
		"at first":       {func(*templates.Dashboard) {}, []string{"No orders yet", "No sessions yet", "No agent is connected", "has not been read"}, []string{"Needs your attention"}},
		"yen":            {func(*templates.Dashboard) {}, []string{"1,234,567 JPY"}, nil},
		"mirror running": {func(d *templates.Dashboard) { d.Sales.Mirror = acp.Mirror{State: acp.MirrorRunning, StartedAt: noon} }, []string{"Being read", "21 Nov 2026, 21:00", "disabled"}, nil},
		"mirror failed": {func(d *templates.Dashboard) {
			d.Sales.Mirror = acp.Mirror{State: acp.MirrorFailed, LastError: "start export: <no>"}
		}, []string{"Last run failed", "start export: &lt;no&gt;", "Needs your attention"}, []string{"<no>"}},
		"access gone": {func(d *templates.Dashboard) { d.Merchant.Status = acp.NeedsStaff }, []string{"no longer accepts"}, nil},
		"a lost payment": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterLost, ID: "cs_1", OrderName: "#1001", Amount: acp.Money{Amount: 1999, Currency: "usd"}}}
		}, []string{"Money that needs you", "Order #1001</a>, 19.99 USD", "could not be taken", "Hold the goods back", `value="cs_1"`}, []string{"Answer by"}},
		"a dispute with a deadline": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterDispute, ID: "Stripe/dp_1", Provider: "Stripe", Dispute: acp.DisputeOpen, AnswerBy: noon, Amount: acp.Money{Amount: 1999, Currency: "jpy"}}}
		}, []string{"1,999 JPY", "disputes this payment", "in the dashboard of Stripe", "Answer by", "21 Nov 2026, 21:00"}, nil},
		"an inquiry": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterDispute, Dispute: acp.DisputeInquiry, Amount: acp.Money{Currency: "usd"}}}
		}, []string{"still with you"}, []string{"taken the money back"}},
		"a refund that failed": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterRefund, Problem: acp.ProblemRefundFailed, Amount: acp.Money{Amount: 1500, Currency: "kwd"}}}
		}, []string{"1.500 KWD", "could not give the money back", "bank transfer"}, nil},
		"two refunds that were taken for one": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterRefund, Provider: "Bank", Problem: acp.ProblemTakenForOne, Amount: acp.Money{Amount: 1500, Currency: "usd"}}}
		}, []string{"taken for one", "owed both", "dashboard of Bank"}, nil},
		"a refund that takes long": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterRefund, Amount: acp.Money{Currency: "usd"}}}
		}, []string{"still tried"}, nil},
		"a reservation that is not taken": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterCaptureBy, ID: "cs_1", OrderName: "#1001", Provider: "Bank", AnswerBy: noon, Amount: acp.Money{Amount: 1999, Currency: "usd"}}}
		}, []string{"could not be taken", "in the dashboard of Bank", "Capture by", "21 Nov 2026, 21:00"}, []string{"Answer by"}},
		"a checkout that was paid twice": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterPaidTwice, OrderName: "#1002", Problem: "Paid twice, like order #1001.", Amount: acp.Money{Amount: 1999, Currency: "usd"}}}
		}, []string{"Order #1002</a>, 19.99 USD", "like order #1001", "refund it there", `value="paid_twice"`}, []string{">, <"}},
		"an order with too many refunds": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterManyRefunds, Provider: "Bank", Problem: acp.ProblemManyRefunds, Amount: acp.Money{Amount: 1999, Currency: "usd"}}}
		}, []string{"cannot all be read", "in the dashboard of Bank, by hand"}, nil},
		"an order that nothing pays": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterUnpaidOrder, ID: "gid://shopify/Order/1", OrderID: "gid://shopify/Order/1", OrderName: "#1001", Problem: "It stands.", Amount: acp.Money{Amount: 1999, Currency: "usd"}}}
		}, []string{"Order #1001</a>, 19.99 USD", "It stands.", "Collect the money", `value="unpaid_order"`}, nil},
		"an order whose payment was kept": {func(d *templates.Dashboard) {
			d.Matters = []acp.MoneyMatter{{Kind: acp.MatterKeptPayment, Problem: "It stands.", Provider: "Bank", Amount: acp.Money{Amount: 1999, Currency: "usd"}}}
		}, []string{"mark the order as paid", "at Bank"}, nil},
		"who follows whom": {
			func(d *templates.Dashboard) { d.MayDelegate, d.Merchant.Following = true, acp.DefaultFollowing() },
			[]string{`name="shop_refunds" value="on" checked`, `name="provider_cancels" value="on" >`},
			[]string{"Money that needs you"},
		},
		"nothing to follow": {func(*templates.Dashboard) {}, nil, []string{"shop_refunds"}},
		"one late payment":  {func(d *templates.Dashboard) { d.Sales.LatePayments = 1 }, []string{"Needs your attention", "its payment is not taken"}, nil},
		"two stuck":         {func(d *templates.Dashboard) { d.Sales.StuckCheckouts = 2 }, []string{"Needs your attention", "checkouts have not come to an end"}, nil},
		"two dead events":   {func(d *templates.Dashboard) { d.Sales.DeadEvents = 2 }, []string{"order events were"}, nil},
		"hand-off only":     {func(*templates.Dashboard) {}, []string{`value="delegated"  disabled`, "Not available for this installation"}, []string{`<option value="delegated"`, ">Save<"}},
		"may delegate":      {func(d *templates.Dashboard) { d.MayDelegate = true; d.Merchant.Completion = acp.Delegated }, []string{`value="delegated" checked`, `<option value="delegated"`, ">Save<"}, []string{"Not available"}},
		"accounts demanded": {func(d *templates.Dashboard) {
			d.MayDelegate, d.Merchant.Completion, d.Merchant.SignInRequired = true, acp.Delegated, true
			d.Connections = []acp.Connection{{ID: "c", Name: "New", Completion: acp.Delegated, TokenHint: "wxyz", CreatedAt: noon}}
		}, []string{"demands that buyers sign in", ">Shopify checkout<"}, []string{"Pays by token"}},
		"unknown time zone": {func(d *templates.Dashboard) { d.Merchant.Timezone = "Nowhere/At_All" }, []string{"21 Nov 2026"}, nil},
		"name in HTML":      {func(d *templates.Dashboard) { d.Merchant.Name = "<script>alert(1)</script>" }, []string{"&lt;script&gt;"}, []string{"<script>alert"}},
		"half converted":    {func(d *templates.Dashboard) { d.Sales.Sessions, d.Sales.Finished = 2000, 1001 }, []string{"50.0 %", "1,001 of 2,000"}, nil},
		"refunded": {func(d *templates.Dashboard) {
			d.Sales.Latest = []acp.Sale{{OrderID: "1", Name: "#1", Total: acp.Money{Amount: 1000, Currency: "kwd"}, Refunded: 1500, PlacedAt: noon, Status: "odd"}}
		}, []string{"1.000 KWD", "Refunded 1.500 KWD", `target="_top"`, ">odd<"}, []string{">Paid<"}},
		"revoked": {func(d *templates.Dashboard) {
			d.Connections = []acp.Connection{{ID: "c", Name: "Old", TokenHint: "wxyz", CreatedAt: noon, RevokedAt: noon}}
		}, []string{"Revoked (1)", "wxyz", "No agent is connected"}, nil},
		"nobody left": {func(*templates.Dashboard) {}, []string{"Why buyers left", "No agent has given a reason"}, nil},
		"buyers left": {func(d *templates.Dashboard) {
			d.Sales.Departures = []acp.Departure{{Reason: acp.LeftForShipping, Sessions: 1200}, {Reason: "of_later", Sessions: 1}}
		}, []string{"<dt>Shipping too expensive</dt><dd>1,200</dd>", "<dt>Another reason</dt><dd>1</dd>"}, []string{"No agent has given", "of_later"}},
		"no payments yet":          {func(*templates.Dashboard) {}, nil, []string{"Money</h2>"}},
		"payments, never compared": {func(d *templates.Dashboard) { d.MayDelegate = true }, []string{"Money</h2>", "Not compared yet"}, []string{"Compare now"}},
		"books agree": {func(d *templates.Dashboard) {
			d.MayDelegate, d.MayCompare = true, true
			d.Money.Run = acp.Reconciliation{StartedAt: noon, FinishedAt: noon, Compared: 1}
		}, []string{"The books agree", "1 payment.", "Compare now"}, []string{"Needs your attention"}},
		"being compared": {func(d *templates.Dashboard) {
			d.MayDelegate, d.Money.Run = true, acp.Reconciliation{StartedAt: noon}
		}, []string{"Being compared"}, nil},
		"not all could be compared": {func(d *templates.Dashboard) {
			d.MayDelegate = true
			d.Money.Run = acp.Reconciliation{StartedAt: noon, FinishedAt: noon, Unread: 2, LastError: "read order: <503>", NextAt: noon.Add(time.Hour)}
		}, []string{"Not everything could be compared", "for 2 checkouts: read order: &lt;503&gt;", "21 Nov 2026, 22:00"}, []string{"The books agree", "<503>"}},
		"differences": {func(d *templates.Dashboard) {
			d.Money = acp.MoneyReport{
				Run:  acp.Reconciliation{StartedAt: noon, FinishedAt: noon},
				More: 3,
				Open: []acp.Difference{{
					Session: "cs_1", PaymentID: "pi_1", OrderID: "o1", OrderName: "#1<b>", Kind: acp.DifferNotTaken, What: "Order #1 is marked paid", FirstSeen: noon,
				}},
				Stories: []acp.Story{
					{Session: "cs_1", OrderName: "#1", Movements: []acp.Movement{{Kind: acp.MoveAuthorize, Amount: acp.Money{Amount: 123456, Currency: "jpy"}, Reference: "pi_1", At: noon}}},
					{Session: "cs_2", Movements: []acp.Movement{{Kind: acp.MoveVoid, Amount: acp.Money{Amount: 1000, Currency: "kwd"}, Reason: "no order came of it", At: noon}}},
				},
			}
		}, []string{
			"disagree in <strong>4</strong> places", "The books disagree", "Order #1 is marked paid", "Do not ship yet", `href="https://admin.shopify.com/o1"`,
			`href="https://bank.example/pi_1"`, "and 3 more", "Reserved", "123,456 JPY", "No order · Reservation ended 1.000 KWD", "no order came of it",
		}, []string{"#1<b>", "#1 · Reserved"}},
		"notice":  {func(d *templates.Dashboard) { d.Notice = "Saved." }, []string{"Saved.", `role="status"`}, nil},
		"problem": {func(d *templates.Dashboard) { d.Problem = "No." }, []string{"No.", `role="alert"`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := shop()
			test.change(&d)
			page := rendered(t, func(w io.Writer) error { return parsed(t).Dashboard(w, d) })
			for _, text := range test.texts {
				if !strings.Contains(page, text) {
					t.Errorf("lacks %q in %s", text, page)
				}
			}
			for _, text := range test.not {
				if strings.Contains(page, text) {
					t.Errorf("holds %q", text)
				}
			}
		})
	}
}

func TestOnlyTheKeysOfANewConnectionAreRevealed(t *testing.T) {
	d := shop()
	d.Connections = []acp.Connection{{ID: "c", Name: "Parlor", EventSecret: "whsec_kept", CreatedAt: noon}}
	page := rendered(t, func(w io.Writer) error { return parsed(t).DashboardPart(w, d) })
	if strings.Contains(page, "whsec_kept") {
		t.Error("a kept secret is shown")
	}
	d.Keys = &acp.Keys{Connection: d.Connections[0], BearerToken: "acpb_new", WebhookSecret: "whsec_new"}
	page = rendered(t, func(w io.Writer) error { return parsed(t).DashboardPart(w, d) })
	if !strings.Contains(page, `value="acpb_new"`) || !strings.Contains(page, `value="whsec_new"`) || strings.Contains(page, "<html") {
		t.Errorf("part %s", page)
	}
}

func TestAMessageIsAWholePage(t *testing.T) {
	m := templates.Message{Title: "Wait <here>", Text: "A moment.", Action: "Try again", RefreshSeconds: 3, Reference: "req_1"}
	page := rendered(t, func(w io.Writer) error { return parsed(t).Message(w, m) })
	for _, text := range []string{"Wait &lt;here&gt;", `http-equiv="refresh" content="3"`, "Try again", "req_1", `lang="en"`} {
		if !strings.Contains(page, text) {
			t.Errorf("lacks %q", text)
		}
	}
	if strings.Contains(page, "shopify-api-key") {
		t.Error("a page that stands alone loads App Bridge")
	}
	m = templates.Message{Title: "Signing in", AppBridge: templates.AppBridge{ClientID: "id", ScriptURL: "https://cdn.example/app-bridge.js"}}
	page = rendered(t, func(w io.Writer) error { return parsed(t).Message(w, m) })
	if !strings.Contains(page, `content="id"`) || !strings.Contains(page, "app-bridge.js") || strings.Contains(page, "refresh") {
		t.Errorf("page %s", page)
	}
}

func TestATemplateThatLinksToNothingDoesNotRender(t *testing.T) {
	pages, err := templates.Parse(func(string) (string, error) { return "", io.ErrUnexpectedEOF })
	if err == nil {
		err = pages.Message(io.Discard, templates.Message{})
	}
	if err == nil {
		t.Error("a page with a broken link was written")
	}
}

func TestEveryReasonHasWordsOfItsOwn(t *testing.T) {
	d := shop()
	for _, r := range acp.Reasons() {
		d.Sales.Departures = append(d.Sales.Departures, acp.Departure{Reason: r, Sessions: 1})
	}
	page := rendered(t, func(w io.Writer) error { return parsed(t).DashboardPart(w, d) })
	if n := strings.Count(page, "Another reason"); n != 1 {
		t.Errorf("%d reasons have no words of their own", n-1)
	}
}

func TestEveryDifferenceHasAdviceOfItsOwn(t *testing.T) {
	d := shop()
	for _, k := range acp.DifferenceKinds() {
		d.Money.Open = append(d.Money.Open, acp.Difference{Kind: k, What: string(k), PaymentID: "pi_1"})
	}
	page := rendered(t, func(w io.Writer) error { return parsed(t).DashboardPart(w, d) })
	if strings.Contains(page, "Compare the order with the payment.") {
		t.Error("a kind of difference has no advice of its own")
	}
}
