package wire

import "github.com/acp-bridge/acp-bridge/acp"

// lowerOptions keeps the kinds of fulfillment that the version knows. A shop
// that would hand the goods over at its counter must not look as if it sent
// them.
func lowerOptions(options []optionBody) []option20260116 {
	older := []option20260116{}
	for _, o := range options {
		if o.Type == acp.Shipping || o.Type == acp.Digital {
			older = append(older, option20260116{Type: string(o.Type), ID: o.ID, Title: o.Title, Totals: lowerTotals(o.Totals)})
		}
	}
	return older
}

func lowerSelected(selected []selectionBody) []selection20260116 {
	var older []selection20260116
	for _, s := range selected {
		chosen := &chosen20260116{OptionID: s.OptionID, ItemIDs: orEmpty(s.ItemIDs)}
		switch s.Type {
		case acp.Shipping:
			older = append(older, selection20260116{Type: string(s.Type), Shipping: chosen})
		case acp.Digital:
			older = append(older, selection20260116{Type: string(s.Type), Digital: chosen})
		}
	}
	return older
}
