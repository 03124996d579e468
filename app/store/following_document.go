package store

import (
	"context"
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/acp"
)

type followingDocument struct {
	ShopRefunds     bool `json:"shop_refunds"`
	ProviderRefunds bool `json:"provider_refunds"`
	ShopCancels     bool `json:"shop_cancels"`
	ProviderCancels bool `json:"provider_cancels"`
	Disputes        bool `json:"disputes"`
}

func encodeFollowing(f acp.Following) (string, error) {
	document, err := json.Marshal(followingDocument(f))
	return string(document), err
}

// decodeFollowing takes what staff never chose from the defaults, also where
// a setting is younger than the row.
func decodeFollowing(document string) (acp.Following, error) {
	d := followingDocument(acp.DefaultFollowing())
	if document == "" {
		return acp.Following(d), nil
	}
	err := json.Unmarshal([]byte(document), &d)
	return acp.Following(d), err
}

// SetFollowing implements acp.MatterBook.
func (s *Store) SetFollowing(ctx context.Context, m acp.MerchantID, f acp.Following) error {
	document, err := encodeFollowing(f)
	if err != nil {
		return failed("set following", err)
	}
	done := s.write.WithContext(ctx).Model(&merchantRow{}).Where("id = ?", m).
		Updates(map[string]any{"following": document, "updated_at": toMillis(s.Now())})
	if done.Error == nil && done.RowsAffected == 0 {
		return acp.NotFound("merchant")
	}
	return failed("set following", done.Error)
}
