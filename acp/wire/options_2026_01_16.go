package wire

import "github.com/acp-bridge/acp-bridge/acp"

// lowerKind is what the version calls a kind of fulfillment: whatever is brought
// to the address is shipping. A pickup has no name there, and must not look as
// if the shop sent the goods.
func lowerKind(kind acp.FulfillmentKind) (acp.FulfillmentKind, bool) {
	switch kind {
	case acp.Shipping, acp.LocalDelivery:
		return acp.Shipping, true
	case acp.Digital:
		return acp.Digital, true
	default:
		return "", false
	}
}

func lowerOptions(options []optionBody) []option20260116 {
	older := []option20260116{}
	for _, o := range options {
		if kind, known := lowerKind(o.Type); known {
			older = append(older, option20260116{
				Type: kind, ID: o.ID, Title: o.Title, Description: o.Description, Totals: lowerTotals(o.Totals),
			})
		}
	}
	return older
}

func lowerSelected(selected []selectionBody) []selection20260116 {
	var older []selection20260116
	for _, s := range selected {
		chosen := &chosen20260116{OptionID: s.OptionID, ItemIDs: orEmpty(s.ItemIDs)}
		switch kind, _ := lowerKind(s.Type); kind {
		case acp.Shipping:
			older = append(older, selection20260116{Type: kind, Shipping: chosen})
		case acp.Digital:
			older = append(older, selection20260116{Type: kind, Digital: chosen})
		}
	}
	return older
}
