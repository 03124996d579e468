package walkthrough

import "context"

// Codes of the demo shop: one takes a tenth off, the other it does not have.
const (
	goodCode = "SAVE10"
	badCode  = "NOSUCHCODE"
)

// enterCodes tries what the buyer found on a coupon: the price is the shop's,
// and the code that it does not know is told and changes nothing.
func (p *player) enterCodes(ctx context.Context, a *agent, s session) (session, error) {
	before := s.amount("total")
	got, _, err := a.post(ctx, "/checkout_sessions/"+s.ID, map[string]any{"discounts": map[string]any{"codes": []string{goodCode, badCode}}})
	if err != nil {
		return s, err
	}
	if s, err = read(got, 200, "discount codes are accepted"); err != nil {
		return s, err
	}
	if err := s.addsUp(); err != nil {
		return s, err
	}
	off := int64(0)
	for _, d := range s.Discounts.Applied {
		if d.Code == goodCode {
			off += d.Amount
		}
	}
	if err := check(off > 0 && s.amount("total") < before, "a code of the shop's lowers the total", "%s", got.Body); err != nil {
		return s, err
	}
	rejected := s.Discounts.Rejected
	if err := check(len(rejected) == 1 && rejected[0].Code == badCode && s.says(rejected[0].Reason) && s.Status == "ready_for_payment",
		"an unknown code is told and does no harm", "%s", got.Body); err != nil {
		return s, err
	}
	p.step("discount codes: %s takes %s off, %s is %s; total %s", goodCode, shown(off, s.Currency), badCode, rejected[0].Reason, shown(s.amount("total"), s.Currency))
	return s, nil
}
