package shopify

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

func choice(r pricing.Rate) *pricing.ShippingChoice { return &pricing.ShippingChoice{Handle: r.Handle} }

// showStatus is the page behind Order.statusPageUrl.
func (s *Server) showStatus(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.books.Orders {
		if o.Token == r.PathValue("token") {
			page := s.orderPage(o)
			page.Title = "Thank you! Order " + o.name()
			page.Attributes, page.Tags, page.Payments = nil, nil, nil
			s.render(w, http.StatusOK, "order.html", page)
			return
		}
	}
	s.say(w, http.StatusNotFound, "This order does not exist", "")
}

func (s *Server) orderPage(o *order) receipt {
	page := s.receipt("Order "+o.name(), o.Input, o.Priced)
	page.Status = o.financialStatus() + ", " + o.fulfillmentStatus()
	for _, t := range o.Transactions {
		page.Payments = append(page.Payments, receiptLine{t.Kind, formattedGateway(t.Gateway), s.shown(t.Amount)})
	}
	if n := o.refunded(); n > 0 {
		page.Refunded = s.shown(n)
	}
	if o.CancelledAt != nil {
		page.Cancelled = o.CancelReason
	}
	for _, f := range o.Fulfillments {
		page.Fulfilled = joined(" ", f.Company, f.Tracking)
	}
	return page
}

// showProduct is the page behind Product.onlineStoreUrl.
func (s *Server) showProduct(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.books.Products {
		p := &s.books.Products[i]
		if p.Handle == r.PathValue("handle") && s.storeURL(p) != nil {
			s.render(w, http.StatusOK, "product.html", s.productPage(p))
			return
		}
	}
	s.say(w, http.StatusNotFound, "This product does not exist", "")
}

type productPage struct {
	Shop, Title, Vendor, Text, Picture string
	Variants                           []receiptLine
}

func (s *Server) productPage(p *Product) productPage {
	page := productPage{Shop: s.cfg.Settings.Name, Title: p.Title, Vendor: p.Vendor, Text: plain(p.DescriptionHTML)}
	if len(p.Images) > 0 {
		page.Picture, _ = s.image(p, 0)["url"].(string)
	}
	for i := range p.Variants {
		v := &p.Variants[i]
		stock := "in stock"
		if !s.sellable(v, 1) {
			stock = "sold out"
		}
		page.Variants = append(page.Variants, receiptLine{v.title(), stock, s.shown(v.Price)})
	}
	return page
}

func (s *Server) showPolicy(w http.ResponseWriter, r *http.Request) {
	for _, p := range policyPages {
		if p.path == r.PathValue("path") {
			s.say(w, http.StatusOK, p.title, p.text)
			return
		}
	}
	s.say(w, http.StatusNotFound, "This page does not exist", "")
}

const pictureSize = 800 // pixels, square

// showPicture draws a picture for an image without one: a coloured square with a lighter
// band, different for every id.
func (s *Server) showPicture(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(strings.TrimSuffix(r.PathValue("file"), ".png"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	hue := uint8(id * 37 % 160) //nolint:gosec // any colour will do
	palette := color.Palette{color.RGBA{60 + hue, 120, 220 - hue, 255}, color.RGBA{120 + hue/2, 180, 240 - hue/2, 255}}
	img := image.NewPaletted(image.Rect(0, 0, pictureSize, pictureSize), palette)
	for y := pictureSize / 3; y < 2*pictureSize/3; y++ {
		for x := range pictureSize {
			img.SetColorIndex(x, y, 1)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		http.Error(w, fmt.Sprintf("draw picture: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(out.Bytes())
}
