package agent

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// keptBody is how much of a push is kept as text; a catalog can be large.
const keptBody = 64 << 10

// Push is one call to the Feed API as it arrived. Body is its text, unpacked and cut
// off after 64 KiB; Size counts the bytes on the wire, Products those in the body.
type Push struct {
	ReceivedAt time.Time           `json:"received_at"`
	Method     string              `json:"method"`
	Path       string              `json:"path"`
	Headers    map[string][]string `json:"headers"`
	Body       string              `json:"body"`
	Size       int                 `json:"size"`
	Products   int                 `json:"products"`
	Status     int                 `json:"status"`
}

// feedMetadata is the server-managed side of a feed.
type feedMetadata struct {
	ID            string    `json:"id"`
	TargetCountry string    `json:"target_country,omitempty"`
	UpdatedAt     time.Time `json:"updated_at"`
}

var countryForm = regexp.MustCompile(`^[A-Z]{2}$`)

// createFeed answers POST /feeds with 201 and an id that only this server knows.
func (s *Server) createFeed(a arrival) *reply {
	var asked struct {
		TargetCountry string `json:"target_country"`
	}
	text, err := a.text()
	if err != nil || json.Unmarshal(text, &asked) != nil {
		return s.record(a, 0, invalid("invalid_body", "The body must be a JSON object."), nil)
	}
	if asked.TargetCountry != "" && !countryForm.MatchString(asked.TargetCountry) {
		return s.record(a, 0, invalid("invalid_target_country", "target_country must be an ISO 3166-1 alpha-2 code"), nil)
	}
	made := feedMetadata{"feed_" + strings.ToLower(rand.Text()), asked.TargetCountry, a.at.UTC()}
	return s.record(a, 0, &reply{http.StatusCreated, made}, func(b *books) { b.Created = append(b.Created, made) })
}

// showFeed answers GET /feeds/{id}.
func (s *Server) showFeed(w http.ResponseWriter, r *http.Request) {
	made, found := s.feed(r.PathValue("id"))
	if !found {
		writeJSON(w, http.StatusNotFound, feedNotFound().body)
		return
	}
	writeJSON(w, http.StatusOK, made)
}

// upsertProducts answers PATCH /feeds/{id}/products. A feed that was never created here
// is refused, as its owner would.
func (s *Server) upsertProducts(a arrival) *reply {
	id := a.PathValue("id")
	if _, found := s.feed(id); !found {
		return s.record(a, 0, feedNotFound(), nil)
	}
	var pushed struct {
		Products []struct {
			ID string `json:"id"`
		} `json:"products"`
	}
	text, err := a.text()
	if err != nil || json.Unmarshal(text, &pushed) != nil || len(pushed.Products) == 0 {
		return s.record(a, 0, invalid("invalid_product_payload", "products must contain at least one valid Product"), nil)
	}
	for _, p := range pushed.Products {
		if p.ID == "" {
			return s.record(a, 0, invalid("invalid_product_payload", "every Product needs an id"), nil)
		}
	}
	return s.record(a, len(pushed.Products), &reply{http.StatusOK, map[string]any{"id": id, "accepted": true}}, func(b *books) {
		for i := range b.Created {
			if b.Created[i].ID == id {
				b.Created[i].UpdatedAt = a.at.UTC()
			}
		}
	})
}

// dropFile takes a whole feed file under any path below /feeds, for platforms that
// want a file and not the Feed API.
func (s *Server) dropFile(a arrival) *reply {
	if len(a.raw) == 0 {
		return s.record(a, 0, invalid("invalid_body", "The file is empty."), nil)
	}
	return s.record(a, 0, &reply{http.StatusOK, map[string]any{"accepted": true}}, nil)
}

func feedNotFound() *reply {
	return &reply{http.StatusNotFound, flatError{Type: "invalid_request", Code: "feed_not_found", Message: "Feed not found", Param: "id"}}
}

func (s *Server) feed(id string) (feedMetadata, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.books.Created {
		if f.ID == id {
			return f, true
		}
	}
	return feedMetadata{}, false
}

// record keeps the push together with its effect, and passes the answer on.
func (s *Server) record(a arrival, products int, answer *reply, effect func(*books)) *reply {
	text, err := a.text()
	if err != nil {
		text = nil // not what its Content-Encoding says; the size still tells that something came
	}
	p := Push{
		ReceivedAt: a.at.UTC(), Method: a.Method, Path: a.URL.Path, Headers: a.Header.Clone(),
		Body: string(text[:min(len(text), keptBody)]), Size: len(a.raw), Products: products, Status: answer.status,
	}
	err = s.keep(func(b *books) {
		b.Pushes = append(b.Pushes, p)
		if effect != nil {
			effect(b)
		}
	})
	if err != nil {
		return s.cannotKeep(err)
	}
	return answer
}
