package shopify

import (
	"fmt"
	"slices"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// draft is a draft order in the books. Amounts are minor units of the shop's currency.
type draft struct {
	ID          int64      `json:"id"`
	Number      int        `json:"number"`
	Token       string     `json:"token"` // of the invoice page
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	CompletedAt *time.Time `json:"completed_at"`
	Input       draftInput `json:"input"`
	Priced      priced     `json:"priced"`
	NotReady    int        `json:"not_ready"` // reads still to be answered ready:false
	ReadyAt     time.Time  `json:"ready_at"`
	IndexedAt   time.Time  `json:"indexed_at"` // searches see it from here on
	Searches    int        `json:"searches"`   // that did not see it yet
	OrderID     int64      `json:"order_id"`
}

const (
	calculationTime = 4 * time.Second // after which a draft is ready although nobody asked
	indexLag        = time.Second
	indexSearches   = 2
)

// draftInput is what the app asked for.
type draftInput struct {
	Email            string                  `json:"email"`
	Phone            string                  `json:"phone"`
	Note             string                  `json:"note"`
	PONumber         string                  `json:"po_number"`
	Tags             []string                `json:"tags"`
	Attributes       []attribute             `json:"attributes"`
	Lines            []lineInput             `json:"lines"`
	ShippingAddress  *address                `json:"shipping_address"`
	BillingAddress   *address                `json:"billing_address"`
	Shipping         *pricing.ShippingChoice `json:"shipping"`
	Codes            []string                `json:"codes"`
	Discount         *pricing.Discount       `json:"discount"`
	AcceptAutomatic  bool                    `json:"accept_automatic"`
	CodesInCheckout  bool                    `json:"codes_in_checkout"`
	TaxExempt        bool                    `json:"tax_exempt"`
	VisibleToBuyer   bool                    `json:"visible_to_buyer"`
	ReserveUntil     *time.Time              `json:"reserve_until"`
	PaymentTerms     string                  `json:"payment_terms"` // gid of the template
	SourceName       string                  `json:"source_name"`
	SourceIdentifier string                  `json:"source_identifier"`
}

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type lineInput struct {
	UUID             string            `json:"uuid"`
	VariantID        int64             `json:"variant_id"` // 0: a custom line
	Title            string            `json:"title"`
	SKU              string            `json:"sku"`
	Quantity         int64             `json:"quantity"`
	Unit             *int64            `json:"unit"` // overridden or custom price
	RequiresShipping bool              `json:"requires_shipping"`
	Taxable          bool              `json:"taxable"`
	Attributes       []attribute       `json:"attributes"`
	Discount         *pricing.Discount `json:"discount"`
}

type address struct {
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name"`
	Company      string `json:"company"`
	Address1     string `json:"address1"`
	Address2     string `json:"address2"`
	City         string `json:"city"`
	ProvinceCode string `json:"province_code"`
	Zip          string `json:"zip"`
	CountryCode  string `json:"country_code"`
	Phone        string `json:"phone"`
}

func (d *draft) status() string {
	if d.CompletedAt != nil {
		return "COMPLETED"
	}
	return "OPEN"
}

func (d *draft) reserves(now time.Time) bool {
	return d.CompletedAt == nil && d.Input.ReserveUntil != nil && now.Before(*d.Input.ReserveUntil)
}

func (d *draft) ready(now time.Time) bool {
	return d.CompletedAt != nil || d.NotReady <= 0 || !now.Before(d.ReadyAt)
}

// recalculate starts the time in which a draft is not ready. Shopify calculates after the
// answer; for how long is not documented, so a draft starts unready every time.
func (s *Server) recalculate(d *draft) {
	d.UpdatedAt = s.now()
	d.NotReady = max(s.cfg.Settings.NotReadyReads, 0)
	d.ReadyAt = s.cfg.Now().Add(calculationTime)
	d.IndexedAt, d.Searches = s.cfg.Now().Add(indexLag), 0
}

// readDraft shows a draft and counts the read towards its being ready.
func (s *Server) readDraft(d *draft) object {
	view := s.draft(d)
	if d.NotReady > 0 {
		d.NotReady--
	}
	return view
}

func (s *Server) findDraft(id int64) *draft {
	i := slices.IndexFunc(s.books.Drafts, func(d *draft) bool { return d.ID == id })
	if i < 0 {
		return nil
	}
	return s.books.Drafts[i]
}

func (d *draft) name() string { return fmt.Sprintf("#D%d", d.Number) }
