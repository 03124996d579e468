package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

func (s *Store) redactSessions(tx *gorm.DB, p person) (busy bool, err error) {
	for _, id := range p.sessions {
		var row sessionRow
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("merchant_id = ? AND id = ?", p.merchant, id).Take(&row).Error
		if err != nil {
			return busy, err
		}
		x, err := s.session(row)
		if err != nil {
			return busy, err
		}
		if x.Attempt.Live() {
			busy = true
			continue
		}
		// The revision rises: a request that has read the session already
		// cannot write the data back.
		if err := s.swapSession(tx, anonymousSession(x)); err != nil {
			return busy, err
		}
	}
	return busy, nil
}

func anonymousSession(x acp.Session) acp.Session {
	x.Buyer, x.Fulfillment, x.Note, x.Metadata, x.Timezone = nil, nil, "", nil, ""
	x.FirstTouch, x.LastTouch, x.Consents = anonymousTouch(x.FirstTouch), anonymousTouch(x.LastTouch), nil
	if x.Left != nil {
		x.Left = &acp.IntentTrace{Reason: x.Left.Reason} // the rest speaks of the buyer
	}
	if x.Attempt != nil {
		x.Attempt.Billing, x.Attempt.Token, x.Attempt.Card = nil, "", acp.Card{}
	}
	if x.Order != nil {
		o := anonymousOrder(*x.Order)
		x.Order = &o
	}
	return x
}

// anonymousTouch keeps which affiliate brought a sale, and nothing that could
// lead from there to the person.
func anonymousTouch(a *acp.Attribution) *acp.Attribution {
	if a == nil {
		return nil
	}
	return &acp.Attribution{
		Provider: a.Provider, PublisherID: a.PublisherID, CampaignID: a.CampaignID, CreativeID: a.CreativeID, TouchedAt: a.TouchedAt,
	}
}

// anonymousOrder leaves out the buyer and what leads to them: the page of the
// order shows the address, and so do parcel trackers.
func anonymousOrder(o acp.Order) acp.Order {
	o.Email, o.URL = "", ""
	o.Fulfillments = each(o.Fulfillments, func(f acp.Fulfillment) acp.Fulfillment {
		f.TrackingNumber, f.TrackingURL = "", ""
		f.Events = each(f.Events, func(e acp.FulfillmentEvent) acp.FulfillmentEvent {
			e.Description = ""
			return e
		})
		return f
	})
	return o
}

func redactOrders(tx *gorm.DB, p person) error {
	if len(p.orders) == 0 {
		return nil
	}
	var orders []orderRow
	if err := tx.Where("merchant_id = ? AND id IN ?", p.merchant, p.orders).Find(&orders).Error; err != nil {
		return err
	}
	for _, row := range orders {
		document, err := anonymousDocument(row.Document)
		if err != nil {
			return err
		}
		err = tx.Model(&orderRow{}).Where("merchant_id = ? AND id = ?", p.merchant, row.ID).
			Updates(map[string]any{"email": "", "document": document, "revision": gorm.Expr("revision + 1")}).Error
		if err != nil {
			return err
		}
	}
	return redactEvents(tx, p)
}

func redactEvents(tx *gorm.DB, p person) error {
	var events []eventRow
	if err := tx.Where("merchant_id = ? AND order_id IN ?", p.merchant, p.orders).Find(&events).Error; err != nil {
		return err
	}
	for _, row := range events {
		document, err := anonymousDocument(row.Document)
		if err != nil {
			return err
		}
		err = tx.Model(&eventRow{}).Where("merchant_id = ? AND id = ?", p.merchant, row.ID).Update("document", document).Error
		if err != nil {
			return err
		}
	}
	return nil
}

func anonymousDocument(document string) (string, error) {
	o, err := decodeOrder(document)
	if err != nil {
		return "", err
	}
	return encodeOrder(anonymousOrder(o))
}
