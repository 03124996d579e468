package walkthrough

import (
	"context"
	"strings"
)

// readInEveryDate reads the session as agents of every advertised date do: all
// must see the same total.
func (p *player) readInEveryDate(ctx context.Context, a *agent, s session) error {
	for _, date := range p.dates {
		got, err := a.getIn(ctx, date, "/checkout_sessions/"+s.ID)
		if err != nil {
			return err
		}
		seen, err := read(got, 200, "the session reads in "+date)
		if err != nil {
			return err
		}
		if err := check(got.Header.Get("API-Version") == date && seen.Status == s.Status && seen.amount("total") == s.amount("total"),
			"an agent of "+date+" sees the same session", "%s", got.Body); err != nil {
			return err
		}
	}
	p.step("the same session read in %s: %s, total %s in all of them", strings.Join(p.dates, ", "), s.Status, shown(s.amount("total"), s.Currency))
	return nil
}
