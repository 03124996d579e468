package acp_test

import (
	"context"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// answering is a shop that answers a call with its profile, or with an error.
type answering struct{ fail error }

func (a answering) Profile(context.Context, acp.Merchant) (acp.Profile, error) {
	return acp.Profile{}, a.fail
}

// An uninstallation that does not say when it happened may be older than the
// newest installation; only a shop that has shut us out is believed to have left.
func TestATimelessUninstallationIsBelievedOfAShopThatShutUsOut(t *testing.T) {
	for name, c := range map[string]struct {
		fail      error
		triggered time.Duration // after the clock's hour; zero: it does not say
		status    acp.MerchantStatus
		kind      acp.Kind
	}{
		"it answers":                  {nil, 0, acp.Installed, ""},
		"it shut us out":              {&acp.Error{Kind: acp.KindReauthorize}, 0, acp.Uninstalled, ""},
		"it is out of reach":          {&acp.Error{Kind: acp.KindUnavailable}, 0, acp.Installed, acp.KindUnavailable},
		"it says when":                {nil, -time.Minute, acp.Uninstalled, ""},
		"before the new installation": {&acp.Error{Kind: acp.KindReauthorize}, -48 * time.Hour, acp.Installed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.clock = w.clock.Add(time.Hour)
			inbox := acp.Inbox{
				Book: w.store, Shops: w.store, Now: w.now, Install: &acp.Install{Book: w.store, Profiles: answering{c.fail}},
				Parse: func(string, []byte) (acp.News, error) { return acp.News{Uninstalled: true}, nil },
			}
			d := acp.Delivery{ID: "d_1", Topic: "app/uninstalled", Body: []byte("{}")}
			if c.triggered != 0 {
				d.TriggeredAt = w.clock.Add(c.triggered)
			}
			w.must(inbox.Receive(t.Context(), w.merchant.Shop, d))
			if err := inbox.Process(t.Context(), w.merchant.ID, d.ID); acp.KindOf(err) != c.kind {
				t.Errorf("processed: %v", err)
			}
			m, err := w.store.Merchant(t.Context(), w.merchant.ID)
			if err != nil || m.Status != c.status {
				t.Errorf("%s, %v", m.Status, err)
			}
		})
	}
}
