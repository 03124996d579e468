package wire_test

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

const v = wire.V20260417

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// demoMerchant has one policy that the protocol has no type for, and one
// without a usable address.
func demoMerchant() acp.Merchant {
	return acp.Merchant{
		ID: "m_1", Shop: "demo.myshopify.com", Status: acp.Installed,
		Profile: acp.Profile{
			Name: "Demo", StorefrontURL: "https://demo.example.com", Currency: "usd", Country: "US",
			Policies: []acp.Link{
				{Type: "return_policy", Title: "Returns", URL: "https://demo.example.com/policies/refund-policy"},
				{Type: "terms_of_use", URL: "https://demo.example.com/policies/terms"},
				{Type: "legal_notice", URL: "https://demo.example.com/policies/legal"},
				{Type: "privacy_policy", URL: "/policies/privacy"},
			},
		},
	}
}

func cardHandler() acp.PaymentHandler {
	return acp.PaymentHandler{
		ID: "stripe_card", DisplayName: "Card", PSP: "stripe", Account: "profile_test_123",
		Brands: []string{"visa", "mastercard"}, FundingTypes: []string{"credit", "debit"}, Sandbox: true,
	}
}

// authenticatingHandler is of an account whose acquirer's data are known.
func authenticatingHandler() acp.PaymentHandler {
	h := cardHandler()
	h.Acquirer = &acp.Acquirer{BIN: "400000", Country: "US", MerchantID: "m-1", MerchantName: "Demo", RequestorID: "req-1"}
	return h
}

// challengedSession waits for the agent to have the card holder authenticated.
func challengedSession() acp.Session {
	s := readySession()
	s.Status, s.Interventions = acp.Authenticating, []string{"3ds", "biometric"}
	s.Challenge = &acp.Challenge{Acquirer: *authenticatingHandler().Acquirer, DirectoryServer: "visa"}
	return s
}

// reviewedSession waits for staff of the shop.
func reviewedSession() acp.Session {
	s := readySession()
	s.Status, s.Messages = acp.PendingApproval, []acp.Message{{Type: acp.Info, Text: acp.TextInReview}}
	s.Order = &acp.Order{
		ID: "acp-cs_1-1", PublicID: "acp-cs_1-1", URL: "https://demo.example.com", Status: acp.OrderInReview, Currency: "usd", Totals: s.Totals,
	}
	return s
}

// readySession has two lines, one of them digital, everything discounted and
// taxed that can be.
func readySession() acp.Session {
	stock := int64(-2)
	return acp.Session{
		ID: "cs_1", Merchant: "m_1", Connection: "con_1", Status: acp.Ready, Currency: "usd",
		Lines: []acp.Line{
			{
				ID: "li_41", Item: "41", VariantID: "gid://shopify/ProductVariant/41", ProductID: "gid://shopify/Product/4",
				Title: "Tee & <Socks> - M", Description: "Cotton", SKU: "TEE-M", ImageURL: "https://cdn.example.com/tee.jpg",
				Options: []acp.NamedValue{{Name: "Size", Value: "M"}}, Quantity: 2, UnitAmount: 1999,
				Base: 3998, Discount: 400, Tax: 288, Shippable: true, Availability: acp.InStock, Stock: &stock,
			},
			{
				ID: "li_42", Item: "42", Title: "E-Book", Quantity: 1, UnitAmount: 500, Base: 500, Tax: 40,
				Availability: acp.Backorder, ImageURL: "not a picture",
			},
		},
		Buyer: &acp.Buyer{FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com", Phone: "+15550100"},
		Fulfillment: &acp.FulfillmentDetails{Name: "Ada Lovelace", Address: &acp.Address{
			Name: "Ada Lovelace", LineOne: "1 Main St", City: "Austin", State: "TX", Country: "US", PostalCode: "78701",
		}},
		Options: []acp.FulfillmentOption{
			{ID: "shopify-Standard-5.00", Title: "Standard", Kind: acp.Shipping, Amount: 500},
			{ID: "shopify-Express-15.00", Title: "Express", Kind: acp.Shipping, Amount: 1500},
			{ID: "local-1", Title: "By bicycle", Description: "Today", Kind: acp.LocalDelivery, Amount: 700},
			{ID: "pickup-1", Title: "Market Street", Kind: acp.Pickup, Location: &acp.PickupLocation{
				Name: "Market Street", Phone: "+15550111", Instructions: "Ring twice.",
				Address: acp.Address{Name: "Market Street", LineOne: "1 Market St", City: "Austin", State: "TX", Country: "US", PostalCode: "78701"},
			}},
			{ID: acp.DigitalOption, Title: "Digital delivery", Kind: acp.Digital},
		},
		Selected: "shopify-Standard-5.00", DiscountCodes: []string{"SAVE10", "OLD", "SHIPFREE"},
		Discounts: []acp.Discount{
			{Code: "SAVE10", Title: "10% off shirts", Amount: 400, Level: acp.LineDiscount, Allocations: []acp.Allocation{{Line: 0, Amount: 400}}},
			{
				Title: "Autumn", Amount: 100, Automatic: true, Level: acp.OrderDiscount,
				Allocations: []acp.Allocation{{Line: 0, Amount: 88}, {Line: 1, Amount: 12}},
			},
			{Code: "SHIPFREE", Title: "Cheaper shipping", Amount: 200, Level: acp.ShippingDiscount},
			{Code: "OLD", Rejected: "discount_code_expired", Reason: "This code has expired."},
		},
		Metadata: []byte(`{"agent": "chat", "big": 12345678901234567890}`), Locale: "en-US",
		Totals: acp.Totals{
			ItemsBase: 4498, ItemsDiscount: 400, Discount: 100, Fulfillment: 500, Tax: 328, Fee: 1, Total: 4827,
			TaxParts: []acp.TaxPart{{Title: "Texas", Rate: "0.0625", Amount: 300}, {Title: "Austin", Rate: "0.01", Amount: 28}},
		},
		Messages: []acp.Message{
			{Type: acp.Warning, Code: "discount_code_expired", Param: "$.discounts.codes[1]", Text: acp.TextCodeExpired, Args: []acp.Argument{{Name: "code", Text: "OLD"}}, Resolution: acp.ResolveRecoverable},
		},
		CreatedAt: noon, UpdatedAt: noon.Add(time.Minute), ExpiresAt: noon.Add(time.Hour),
	}
}

// handedOverSession waits for its buyer in the shop's own checkout, and has no
// address yet.
func handedOverSession() acp.Session {
	s := readySession()
	s.Status, s.Fulfillment, s.Buyer, s.Options, s.Selected = acp.Escalated, nil, nil, nil, ""
	s.DiscountCodes, s.Discounts, s.Metadata, s.Locale = nil, nil, nil, ""
	s.Totals = acp.Totals{ItemsBase: 4498, Total: 4498}
	s.Messages = []acp.Message{
		{Type: acp.Info, Code: acp.CodeMissing, Param: "$.fulfillment_details.address", Content: "A shipping address is needed.", Resolution: acp.ResolveByBuyerInput},
		{Type: acp.Warning, Code: "not_in_the_list", Content: "Something unusual."},
		{Type: acp.Problem, Code: "unheard_of", Content: "Something worse.", Resolution: "pray"},
	}
	return s
}

// digitalSession needs no shipping and failed to pay.
func digitalSession() acp.Session {
	s := readySession()
	s.Lines, s.Selected = s.Lines[1:], acp.DigitalOption
	s.Options = []acp.FulfillmentOption{{ID: acp.DigitalOption, Title: "Digital delivery", Kind: acp.Digital}}
	s.Totals = acp.Totals{ItemsBase: 500, Tax: 40, Total: 540, TaxParts: []acp.TaxPart{{Title: "Texas", Rate: "8 %", Amount: 40}}}
	s.DiscountCodes, s.Discounts = nil, nil
	s.Messages = []acp.Message{{
		Type: acp.Problem, Code: acp.CodePaymentDeclined, Param: "$.payment_data", Text: acp.TextPaymentDeclined,
		Resolution: acp.ResolveByBuyerInput,
	}}
	return s
}

// expressSession has the dearer option chosen.
func expressSession() acp.Session {
	s := readySession()
	s.Selected, s.Totals.Fulfillment, s.Totals.Total = s.Options[1].ID, 1500, s.Totals.Total+1000
	return s
}

func completedSession() acp.Session {
	s := readySession()
	o := placedOrder()
	s.Status, s.Order, s.Messages = acp.Completed, &o, nil
	return s
}

func placedOrder() acp.Order {
	return acp.Order{
		ID: "gid://shopify/Order/1001", Name: "#1001", Confirmation: "XPAV284CT", Session: "cs_1",
		URL: "https://demo.example.com/1/orders/abc/authenticate?key=k", Status: acp.OrderConfirmed, Currency: "usd",
		Lines: []acp.OrderLine{
			{ID: "li_41", Title: "Tee & <Socks> - M", Unit: 1999, Ordered: 2, Current: 2, Subtotal: 3598},
			{ID: "li_42", Title: "E-Book", Unit: 500, Ordered: 1, Current: 1, Subtotal: 500},
		},
		Totals: readySession().Totals, PlacedAt: noon, UpdatedAt: noon,
	}
}

// refundedOrder is partly sent, partly given back.
func refundedOrder() acp.Order {
	o := placedOrder()
	o.Status, o.Refunded = acp.OrderFulfilled, 2199
	o.Lines[0].Current, o.Lines[0].Fulfilled = 1, 1
	o.Lines[1].Current = 0
	o.Lines = append(o.Lines, acp.OrderLine{ID: "gid://shopify/LineItem/9", Title: "Never ordered"})
	o.Fulfillments = []acp.Fulfillment{{
		ID: "gid://shopify/Fulfillment/1", Kind: acp.Shipping, Status: "shipped",
		Lines: []acp.LineQuantity{{Line: "li_41", Quantity: 1}, {Line: "li_42"}}, Carrier: "UPS",
		TrackingNumber: "1Z999", TrackingURL: "https://ups.example.com/track?n=1Z999",
		Events: []acp.FulfillmentEvent{{ID: "e1", Type: "shipped", OccurredAt: noon.In(time.FixedZone("CET", 3600)), Description: "On its way"}},
	}}
	o.Adjustments = []acp.Adjustment{{
		ID: "gid://shopify/Refund/1", Type: "refund", Status: "completed", OccurredAt: noon, Amount: 2199,
		Lines: []acp.LineQuantity{{Line: "li_41", Quantity: 1}}, Description: "Wrong size",
	}}
	return o
}
