package store

import (
	"bytes"
	"regexp"
	"strings"

	"gorm.io/gorm"
)

// redactBodies erases stored answers and deliveries that speak of the person.
// Answers keep their row, so that the request is still not carried out twice;
// a replay of one that is redacted has no body. Both kinds live for days only,
// so looking into each is affordable.
func (s *Store) redactBodies(tx *gorm.DB, p person) error {
	mentions, ok := p.mentions()
	if !ok {
		return nil
	}
	var claims []claimRow
	if err := tx.Where("merchant_id = ? AND body IS NOT NULL", p.merchant).Find(&claims).Error; err != nil {
		return err
	}
	for _, c := range claims {
		if !mentions(c.Body) && !mentions([]byte(c.Operation)) {
			continue
		}
		if err := ofKey(tx, c).Update("body", nil).Error; err != nil {
			return err
		}
	}
	return s.redactDeliveries(tx, p, mentions)
}

// redactDeliveries closes open deliveries that speak of the person: all they
// could lead to is reading the person's data again.
func (s *Store) redactDeliveries(tx *gorm.DB, p person, mentions func([]byte) bool) error {
	var open []deliveryRow
	if err := tx.Where("merchant_id = ? AND closed_at = 0", p.merchant).Find(&open).Error; err != nil {
		return err
	}
	for _, d := range open {
		if !mentions(d.Body) {
			continue
		}
		err := tx.Model(&deliveryRow{}).Where("merchant_id = ? AND id = ?", p.merchant, d.ID).
			Updates(map[string]any{"closed_at": toMillis(s.Now()), "body": nil}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// mentions makes a test for texts that name the person's e-mail address, an
// order (by its number alone, too, as webhooks do) or a session. It is not ok
// when there is nothing to look for.
func (p person) mentions() (test func([]byte) bool, ok bool) {
	var words []string
	if p.email != "" {
		words = append(words, regexp.QuoteMeta(p.email))
		// As encoding/json writes it.
		words = append(words, regexp.QuoteMeta(strings.NewReplacer("&", `\u0026`, "<", `\u003c`, ">", `\u003e`).Replace(p.email)))
	}
	for _, id := range p.orders {
		words = append(words, `\b`+regexp.QuoteMeta(id[strings.LastIndexByte(id, '/')+1:])+`\b`)
	}
	for _, id := range p.sessions {
		words = append(words, `\b`+regexp.QuoteMeta(string(id))+`\b`)
	}
	if len(words) == 0 {
		return nil, false
	}
	pattern := regexp.MustCompile("(?i)" + strings.Join(words, "|"))
	return func(text []byte) bool { return pattern.Match(bytes.ToValidUTF8(text, nil)) }, true
}
