package acp

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestMatchingTwiceChangesNothing plays random refunds on both sides, carries
// them as the remotes would, loses books and answers on the way, and checks
// that both sides end with the same sum and that looking again finds nothing
// to do.
func TestMatchingTwiceChangesNothing(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		p := Payment{Merchant: "m_1", Session: "cs_1", OrderID: "gid://shopify/Order/1", Provider: "Bank", ProviderID: "pay_1", Amount: Money{Amount: 1 << 20, Currency: "usd"}}
		var shop []ShopRefund
		var seen []Refund
		var known []RefundEntry
		for step := range 12 {
			amount := Money{Amount: 1 + random.Int64N(3), Currency: "usd"}
			switch random.IntN(3) {
			case 0:
				shop = append(shop, ShopRefund{ID: fmt.Sprintf("gid://shopify/Refund/%d", 100+step), Amount: amount, At: time.Unix(int64(step), 0)})
			case 1:
				seen = append(seen, Refund{ID: fmt.Sprintf("re_%d", step+10), Amount: amount, State: RefundSucceeded, At: time.Unix(int64(step), 0)})
			}
			known, _ = matchRefunds(p, DefaultFollowing(), shop, seen, known, time.Unix(100, 0))
			for i := range known {
				e := &known[i]
				if e.Carried != CarryOpen {
					continue
				}
				if e.Origin == SideShop {
					seen = append(seen, Refund{ID: fmt.Sprintf("re_%d", 1000+len(seen)), Reference: e.reference(), Amount: e.Amount, State: RefundSucceeded})
				} else {
					shop = append(shop, ShopRefund{ID: fmt.Sprintf("gid://shopify/Refund/%d", 1000+len(shop)), Amount: e.Amount, Note: "Refunded at Bank (" + e.OriginID + ")"})
				} // the answer is lost: the entry stays open
			}
			if random.IntN(4) == 0 {
				known = nil // and so are the books
			}
		}
		known, _ = matchRefunds(p, DefaultFollowing(), shop, seen, known, time.Unix(100, 0))
		again, _ := matchRefunds(p, DefaultFollowing(), shop, seen, known, time.Unix(200, 0))
		if !slices.Equal(known, again) {
			t.Fatalf("seed %d: looking again changed %+v to %+v", seed, known, again)
		}
		sums := [2]int64{}
		for _, s := range shop {
			sums[0] += s.Amount.Amount
		}
		for _, r := range seen {
			sums[1] += r.Amount.Amount
		}
		if sums[0] != sums[1] {
			t.Fatalf("seed %d: %d refunded in the shop, %d at the provider", seed, sums[0], sums[1])
		}
		for _, e := range known {
			if e.Carried != CarryDone || e.Counterpart == "" {
				t.Fatalf("seed %d: left over %+v", seed, e)
			}
		}
	}
}
