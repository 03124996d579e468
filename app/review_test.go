package app

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// staffAct posts a form of the dashboard as staff of the demo shop.
func (r *running) staffAct(t *testing.T, path, form string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.AppURL+path, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+r.staffToken(t))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{Status: resp.StatusCode, Raw: string(page)}
}

var idToken = regexp.MustCompile(`id_token=([A-Za-z0-9_.-]+)`)

// staffToken is what the admin gives the page that it embeds.
func (r *running) staffToken(t *testing.T) string {
	t.Helper()
	admin := r.send(t, http.MethodGet, r.AdminURL, "", "", nil)
	found := idToken.FindStringSubmatch(admin.Raw)
	if len(found) != 2 {
		t.Fatalf("the admin gives no token: %d %s", admin.Status, admin.Raw)
	}
	return found[1]
}

// onEachDatabase names an empty database of each engine; empty is SQLite.
func onEachDatabase(t *testing.T, test func(t *testing.T, database func(t *testing.T) acp.Secret)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, func(*testing.T) acp.Secret { return "" }) })
	t.Run("postgres", func(t *testing.T) {
		storetest.NeedPostgres(t)
		test(t, func(t *testing.T) acp.Secret { return acp.Secret(storetest.Postgres(t)) })
	})
}

// What the rules leave to staff is kept over HTTP, in the newest words and the oldest: what staff
// approve is sold, what they refuse or leave is given back, and an agent that
// cancels has nothing held.
func TestAPurchaseIsHeldForStaff(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, database func(t *testing.T) acp.Secret) {
		for _, version := range []wire.Version{wire.V20250929, wire.Newest()} {
			for name, end := range map[string]string{"approve": "completed", "refuse": "ready_for_payment", "cancel": "canceled", "leave": "ready_for_payment"} {
				t.Run(string(version)+"/"+name, func(t *testing.T) {
					if testing.Short() && (name == "cancel" || name == "refuse") {
						t.Skip("approval and the end of the time are enough in short mode")
					}
					t.Parallel()
					var c clock
					address := database(t)
					opened, r := startOpened(t, func(f *sandboxFlags) { f.now, f.databaseURL = c.now, address })
					if got := r.staffAct(t, "/app/acceptance", "total=0.01&total_then=review&review_hours=1"); got.Status != http.StatusOK {
						t.Fatalf("rules: %d %s", got.Status, got.Raw)
					}
					s, provisional := r.held(t, version)
					switch name {
					case "cancel":
						r.insistIn(t, version, "/checkout_sessions/"+s.ID+"/cancel", "")
					case "leave":
						c.advance(time.Hour + time.Minute)
						r.eventually(t, "everything is given back", func() bool { // the job engine keeps the real time
							_, err := opened.bridge.checkout.Resume(t.Context(), opened.merchant(t).ID, acp.SessionID(s.ID))
							if kind := acp.KindOf(err); err != nil && kind != acp.KindInFlight && kind != acp.KindStale {
								t.Fatal(err)
							}
							return r.read(t, version, s.ID).Status == end
						})
					default:
						got := r.staffAct(t, "/app/reviews/"+s.ID, "decision="+name)
						if got.Status != http.StatusOK || strings.Contains(got.Raw, "Waiting for your decision") {
							t.Fatalf("%d %s", got.Status, got.Raw)
						}
						r.eventually(t, "the decision is carried out", func() bool { // at once, unless a webhook has it looked at
							return r.read(t, version, s.ID).Status == end
						})
					}
					s = r.read(t, version, s.ID)
					if s.Status != end {
						t.Fatalf("it is %s", s.Status)
					}
					if got := r.staffAct(t, "/app/reviews/"+s.ID, "decision=approve"); name != "leave" && got.Status != http.StatusUnprocessableEntity { // where the clock moved, the staff's token has expired
						t.Errorf("decided twice: %d", got.Status)
					}
					if end != "completed" {
						r.soldNothing(t)
						return
					}
					if s.Order == nil || provisional != "" && s.Order.ID != provisional {
						t.Errorf("the order is %+v, and was %s", s.Order, provisional)
					}
					r.soldOnce(t, s)
					r.eventually(t, "the agent hears of the order", func() bool { return r.heard(t, "order_create") == 1 })
				})
			}
		}
	})
}

// Staff are given no longer than the card's issuer holds the money, as Stripe
// tells it with the payment.
func TestAReviewOfAShortReservationEndsBeforeIt(t *testing.T) {
	t.Parallel()
	var c clock
	opened, r := startOpened(t, func(f *sandboxFlags) { f.now = c.now })
	if got := r.staffAct(t, "/app/acceptance", "total=0.01&total_then=review&review_hours=48"); got.Status != http.StatusOK {
		t.Fatalf("rules: %d %s", got.Status, got.Raw)
	}
	s := r.payable(t)
	minted := r.send(t, http.MethodPost, r.StripeURL+"/_sandbox/tokens", "", "", map[string]any{"max_amount": s.total(), "held_for": 30 * 60 * 60})
	id, _ := minted.Body["id"].(string)
	got := r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(id))
	if got.decode(t, &s); s.Status != "pending_approval" {
		t.Fatalf("complete: %d %s", got.Status, got.Raw)
	}
	pending, err := opened.bridge.store.Reviews(t.Context(), opened.merchant(t).ID, 9)
	if err != nil || len(pending) != 1 {
		t.Fatalf("%+v %v", pending, err)
	}
	if has := pending[0].By.Sub(c.now()); has > 18*time.Hour || has < 17*time.Hour {
		t.Errorf("staff have %s of the 30 hours that the money is held", has)
	}
}

// held pays for something that the rules leave to staff; provisional is the
// order's id where the version shows one already.
func (r *running) held(t *testing.T, version wire.Version) (s checkoutSession, provisional string) {
	t.Helper()
	s = r.open(t, version)
	got := r.insistIn(t, version, "/checkout_sessions/"+s.ID+"/complete", fmt.Sprintf(speechOf(version).pay, r.token(t, s.total(), "pm_card_visa")))
	got.decode(t, &s)
	want := "pending_approval"
	if version == wire.V20250929 {
		want = "in_progress"
	}
	if s.Status != want || (s.Order != nil) != (version == wire.Newest()) {
		t.Fatalf("held: %d %s", got.Status, got.Raw)
	}
	if orders := r.shop(t).Orders; len(orders) != 0 {
		t.Fatalf("%d orders before anybody decided", len(orders))
	}
	if s.Order != nil {
		provisional = s.Order.ID
		if !strings.Contains(got.Raw, `"status":"manual_review"`) {
			t.Errorf("the order is not in review: %s", got.Raw)
		}
	}
	return s, provisional
}

// A refusal by a rule reads as a decline, and staff see why.
func TestARuleRefusesAPurchase(t *testing.T) {
	for _, version := range []wire.Version{wire.V20250929, wire.Newest()} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			r := startSandbox(t, nil)
			if got := r.staffAct(t, "/app/acceptance", "countries=de%2C+at&countries_only=only&countries_then=refuse"); got.Status != http.StatusOK {
				t.Fatalf("rules: %d %s", got.Status, got.Raw)
			}
			s := r.open(t, version)
			path, words := "/checkout_sessions/"+s.ID+"/complete", speechOf(version)
			got := r.insistIn(t, version, path, fmt.Sprintf(words.pay, r.token(t, s.total(), "pm_card_visa")))
			if got.decode(t, &s); s.Status != "ready_for_payment" || !s.says("payment_declined") || strings.Contains(got.Raw, "the goods go to") {
				t.Fatalf("complete: %d %s", got.Status, got.Raw)
			}
			r.soldNothing(t)
			if page := r.staffAct(t, "/app/acceptance", ""); !strings.Contains(page.Raw, "the goods go to US") {
				t.Errorf("staff do not see why: %s", page.Raw)
			}
			got = r.insistIn(t, version, path, fmt.Sprintf(words.pay, r.token(t, s.total(), "pm_card_visa")))
			if got.decode(t, &s); s.Status != "completed" {
				t.Errorf("without the rule: %d %s", got.Status, got.Raw)
			}
		})
	}
}

func TestRulesThatMakeNoSenseAreToldBesideTheirForm(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	for form, want := range map[string]string{
		"total=many&total_then=refuse":            `id="rule-total" name="total"`,
		"quantity=0&quantity_then=refuse":         "a limit is a whole number",
		"countries=Germany&countries_then=refuse": "two letters each",
		"tries=3":          "choose what is done",
		"review_hours=999": "between 1 and 96 hours",
	} {
		got := r.staffAct(t, "/app/acceptance", form)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Raw, want) || !strings.Contains(got.Raw, `id="rule-problem"`) {
			t.Errorf("%s: %d", form, got.Status)
		}
	}
}
