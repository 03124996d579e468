package store

import "github.com/acp-bridge/acp-bridge/acp"

type discountDocument struct {
	Code        string               `json:"code,omitzero"`
	Title       string               `json:"title,omitzero"`
	Amount      int64                `json:"amount"`
	Automatic   bool                 `json:"automatic,omitzero"`
	Level       acp.DiscountLevel    `json:"level,omitzero"`
	Allocations []allocationDocument `json:"allocations,omitzero"`
	Rejected    string               `json:"rejected,omitzero"`
	Reason      string               `json:"reason,omitzero"`
}

type allocationDocument struct {
	Line   int   `json:"line"`
	Amount int64 `json:"amount"`
}

func newDiscountDocument(d acp.Discount) discountDocument {
	return discountDocument{
		Code: d.Code, Title: d.Title, Amount: d.Amount, Automatic: d.Automatic, Level: d.Level,
		Allocations: each(d.Allocations, func(a acp.Allocation) allocationDocument { return allocationDocument(a) }),
		Rejected:    d.Rejected, Reason: d.Reason,
	}
}

func (d discountDocument) discount() acp.Discount {
	return acp.Discount{
		Code: d.Code, Title: d.Title, Amount: d.Amount, Automatic: d.Automatic, Level: d.Level,
		Allocations: each(d.Allocations, func(a allocationDocument) acp.Allocation { return acp.Allocation(a) }),
		Rejected:    d.Rejected, Reason: d.Reason,
	}
}
