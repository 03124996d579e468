package acp

import "testing"

func TestGoodsThatAreFetchedAreNotShipped(t *testing.T) {
	order := Order{Fulfillments: []Fulfillment{
		{Kind: Shipping, Status: "shipped", Events: []FulfillmentEvent{{Type: "shipped"}, {Type: "delivered"}}},
		{Kind: Shipping, Status: "delivered"},
		{Kind: Digital, Status: "delivered"},
	}}
	s := &Session{Selected: "shop", Options: []FulfillmentOption{{ID: "shop", Kind: Pickup}, {ID: "post", Kind: Shipping}}}
	got := s.adopt(order).Fulfillments
	if f := got[0]; f.Kind != Pickup || f.Status != "ready_for_pickup" || f.Events[0].Type != "ready_for_pickup" || f.Events[1].Type != "delivered" {
		t.Errorf("the first: %+v", f)
	}
	if got[1].Kind != Pickup || got[1].Status != "delivered" || got[2].Kind != Digital {
		t.Errorf("the others: %+v", got[1:])
	}
	if order.Fulfillments[0].Events[0].Type != "shipped" {
		t.Error("the order that was read has changed")
	}
	s.Selected = "post"
	if f := s.adopt(order).Fulfillments[0]; f.Kind != Shipping || f.Status != "shipped" {
		t.Errorf("a parcel: %+v", f)
	}
}
