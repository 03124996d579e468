package app

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Two instances find at the same moment that the hour of the access token is
// over. Each new pair of tokens ends the one before: had both renewed, the shop
// would be locked out until staff opened the app.
func TestTwoInstancesRenewOneAccessToken(t *testing.T) {
	withBooks(t, func(t *testing.T, b *openBooks) {
		second, err := b.s.build(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := second.close(); err != nil {
				t.Error(err)
			}
		})
		for range 3 {
			b.advance(2 * time.Hour)
			got := b.send(t, http.MethodPost, b.ShopifyURL+"/_sandbox/faults", "", "",
				map[string]any{"operation": "oauth", "mode": "delay", "times": 2, "delay_ms": 200})
			if got.Status >= 300 {
				t.Fatal(got.Raw)
			}
			var all sync.WaitGroup
			for _, instance := range []*bridge{b.s.bridge, second} {
				for range 3 {
					all.Go(func() {
						if _, err := instance.shop.FindDrafts(t.Context(), b.m, "nobody's"); err != nil {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
		}
		m, err := b.s.bridge.store.MerchantByShop(t.Context(), sandboxShop)
		if err != nil || m.Status != acp.Installed {
			t.Errorf("the shop is %s: %v", m.Status, err)
		}
	})
}
