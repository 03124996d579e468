package store

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/acp-bridge/acp-bridge/acp"
)

type acceptanceDocument struct {
	Total       limitDocument     `json:"total,omitzero"`
	Quantity    limitDocument     `json:"quantity,omitzero"`
	Attempts    limitDocument     `json:"attempts,omitzero"`
	Tries       limitDocument     `json:"tries,omitzero"`
	Risk        limitDocument     `json:"risk,omitzero"`
	Countries   countriesDocument `json:"countries,omitzero"`
	ReviewHours int               `json:"review_hours,omitzero"`
}

type limitDocument struct {
	Most int64       `json:"most"`
	Then acp.Verdict `json:"then"`
}

type countriesDocument struct {
	Codes []string    `json:"codes"`
	Only  bool        `json:"only"`
	Then  acp.Verdict `json:"then"`
}

// encodeAcceptance is empty where there is no rule.
func encodeAcceptance(a acp.Acceptance) (string, error) {
	d := acceptanceDocument{
		Total: limitDocument(a.Total), Quantity: limitDocument(a.Quantity), Attempts: limitDocument(a.Attempts),
		Tries: limitDocument(a.Tries), Risk: limitDocument(a.Risk), Countries: countriesDocument(a.Countries), ReviewHours: a.ReviewHours,
	}
	if reflect.ValueOf(d).IsZero() {
		return "", nil
	}
	raw, err := json.Marshal(d)
	return string(raw), err
}

func decodeAcceptance(raw string) (acp.Acceptance, error) {
	if raw == "" {
		return acp.Acceptance{}, nil
	}
	var d acceptanceDocument
	err := json.Unmarshal([]byte(raw), &d)
	return acp.Acceptance{
		Total: acp.Limit(d.Total), Quantity: acp.Limit(d.Quantity), Attempts: acp.Limit(d.Attempts),
		Tries: acp.Limit(d.Tries), Risk: acp.Limit(d.Risk), Countries: acp.Countries(d.Countries), ReviewHours: d.ReviewHours,
	}, err
}

// SetAcceptance implements acp.ConnectionBook.
func (s *Store) SetAcceptance(ctx context.Context, m acp.MerchantID, a acp.Acceptance) error {
	document, err := encodeAcceptance(a)
	if err != nil {
		return failed("set acceptance", err)
	}
	done := s.write.WithContext(ctx).Model(&merchantRow{}).Where("id = ?", m).
		Updates(map[string]any{"acceptance": document, "updated_at": toMillis(s.Now())})
	if done.Error == nil && done.RowsAffected == 0 {
		return acp.NotFound("merchant")
	}
	return failed("set acceptance", done.Error)
}
