package acp

import (
	"errors"
	"testing"
)

func TestSelectionsAreHeldAgainstTheCart(t *testing.T) {
	s := &Session{Lines: []Line{{ID: "li_1", Item: "1"}, {ID: "li_2", Item: "2"}, {ID: "li_3", Item: "3"}}}
	q := Quote{Lines: []QuotedLine{{Shippable: true}, {Shippable: true}, {}}}
	options := []FulfillmentOption{{ID: "post", Kind: Shipping}, {ID: "shop", Kind: Pickup}, {ID: DigitalOption, Kind: Digital}}
	const at = "$.selected_fulfillment_options"
	for name, c := range map[string]struct {
		chosen []Selection
		param  string
	}{
		"nothing":                      {nil, ""},
		"all by post":                  {[]Selection{{Shipping, "post", []string{"li_1", "li_2"}}}, ""},
		"named by item":                {[]Selection{{Shipping, "post", []string{"1", "2"}}, {Digital, DigitalOption, []string{"3"}}}, ""},
		"without items":                {[]Selection{{Pickup, "shop", nil}}, ""},
		"one option, told in two":      {[]Selection{{Pickup, "shop", []string{"li_1"}}, {Pickup, "shop", []string{"li_2"}}}, ""},
		"only the download":            {[]Selection{{Digital, DigitalOption, []string{"li_3"}}}, ""},
		"half of what must be moved":   {[]Selection{{Shipping, "post", []string{"li_1"}}}, at},
		"each thing its own way":       {[]Selection{{Shipping, "post", []string{"li_1"}}, {Pickup, "shop", []string{"li_2"}}}, at + "[1].option_id"},
		"a stranger":                   {[]Selection{{Shipping, "post", []string{"li_1", "li_9"}}}, at + "[0].item_ids[1]"},
		"a parcel with a download":     {[]Selection{{Shipping, "post", []string{"li_1", "li_2", "li_3"}}}, at + "[0].item_ids[2]"},
		"a shirt by wire":              {[]Selection{{Digital, DigitalOption, []string{"li_1"}}}, at + "[0].item_ids[0]"},
		"another type":                 {[]Selection{{Shipping, "shop", nil}}, at + "[0].type"},
		"the digital option by parcel": {[]Selection{{Shipping, DigitalOption, nil}}, at + "[0].type"},
		"an option of nobody":          {[]Selection{{Shipping, "moon", nil}}, at + "[0].option_id"},
	} {
		err := s.checkSelected(c.chosen)
		if err == nil {
			err = s.checkOffered(c.chosen, options, q)
		}
		e, _ := errors.AsType[*Error](err)
		switch {
		case c.param == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.param != "" && (e == nil || e.Kind != KindInvalid || e.Param != c.param || e.Message == ""):
			t.Errorf("%s: %#v; want a complaint about %s", name, err, c.param)
		}
	}
}

func TestStockThatIsNearlyGoneIsAWarning(t *testing.T) {
	for _, c := range []struct {
		stock, quantity int64
		backorder       bool
		want            Availability
	}{
		{10, 6, false, InStock},
		{10, 7, false, LowStock},
		{3, 3, false, LowStock},
		{3, 4, false, InStock},
		{3, 1, true, InStock},
		{3, 4, true, Backorder},
	} {
		l := QuotedLine{Available: true, Backorder: c.backorder, Stock: &c.stock}
		if got := availabilityOf(l, c.quantity); got != c.want {
			t.Errorf("%d of %d (backorder %t): %s; want %s", c.quantity, c.stock, c.backorder, got, c.want)
		}
	}
}
