package acp

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// refusedLines bounds how many lines the shop may refuse one after another
// before the whole cart is given up: each costs a call.
const refusedLines = 3

// fill replaces the cart's contents by the requested items. What is not sold
// here is left out and told, never dropped in silence (cart RFC, 4.2); what is
// sold out stays in the cart and is told, so that the agent decides.
func (c *Carts) fill(ctx context.Context, m Merchant, cart *SavedCart, requested []ItemRequest) error {
	wanted, err := mergeItems(requested)
	if err != nil {
		return err
	}
	f := filling{shown: (&Session{Lines: cart.Lines}).prices()}
	if err := f.lookUp(ctx, c.Items, m.ID, wanted); err != nil {
		return fmt.Errorf("look up items: %w", err)
	}
	if err := f.estimate(ctx, c.Shop, m, cart); err != nil {
		return err
	}
	f.assess()
	if f.unsellable() {
		return &Error{Kind: KindSoldOut, Code: CodeOutOfStock, Message: "all requested items are currently unavailable"}
	}
	cart.Lines, cart.Totals, cart.TaxesIncluded = f.session.Lines, f.session.Totals, f.session.TaxesIncluded
	cart.Messages, cart.Sellable = f.session.Messages, f.sellable()
	return nil
}

// filling is a cart in the making. It is priced and judged as a session
// without an address is, so that a cart and the checkout after it agree.
type filling struct {
	session Session
	shown   map[ItemID]int64 // unit prices that the agent has seen
	offline map[ItemID]bool  // items without a page in the storefront
}

func (f *filling) lookUp(ctx context.Context, items Items, m MerchantID, wanted []ItemRequest) error {
	ids := make([]ItemID, len(wanted))
	for i, w := range wanted {
		ids[i] = w.ID
	}
	found, err := items.Items(ctx, m, ids)
	if err != nil {
		return err
	}
	f.offline = map[ItemID]bool{}
	for _, w := range wanted {
		at := slices.IndexFunc(found, func(it Item) bool { return it.ID == w.ID })
		if at < 0 || found[at].Hidden != "" {
			f.leaveOut(string(w.ID))
			continue
		}
		f.session.Lines = append(f.session.Lines, newLine(found[at], w.Quantity))
		f.offline[w.ID] = found[at].URL == ""
	}
	return nil
}

// leaveOut tells that an item is not in the cart. The reason is the shop's
// business: an agent is not to learn what is hidden.
func (f *filling) leaveOut(name string) {
	f.session.say(Message{
		Type: Problem, Code: CodeNotFound, Param: "$.line_items", Resolution: ResolveByBuyerInput,
		Text: TextLeftOut, Args: []Argument{textOf("item", name)},
	})
}

// estimate asks the shop what the lines cost. A line that the shop refuses,
// because the mirror is behind, is left out like one that is not sold.
func (f *filling) estimate(ctx context.Context, shop Quoter, m Merchant, cart *SavedCart) error {
	f.session.Currency, f.session.Buyer, f.session.Locale = cart.Currency, cart.Buyer, cart.Locale
	for refused := 0; len(f.session.Lines) > 0; refused++ {
		q, err := shop.Quote(ctx, m, f.session.cart(""))
		line, named := errors.AsType[*RefusedLine](err)
		if named && line.Index < len(f.session.Lines) && refused < refusedLines {
			f.leaveOut(f.session.Lines[line.Index].Title)
			f.session.Lines = slices.Delete(f.session.Lines, line.Index, line.Index+1)
			continue
		}
		if err != nil {
			return fmt.Errorf("quote: %w", err)
		}
		if q.Currency != cart.Currency || len(q.Lines) != len(f.session.Lines) {
			return &Error{Kind: KindInternal, Message: "the shop priced another cart"}
		}
		f.session.apply(q, m, nil, "")
		return nil
	}
	return nil
}
