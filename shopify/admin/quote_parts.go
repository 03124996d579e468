package admin

// DiscountWarning is any DraftOrderWarning. The last two fields are those of
// DraftOrderDiscountNotAppliedWarning, the only type that concerns a code.
type DiscountWarning struct {
	ErrorCode     string  `json:"errorCode"`
	Message       string  `json:"message"`
	DiscountCode  *string `json:"discountCode"`
	DiscountTitle *string `json:"discountTitle"`
}

// DiscountTarget is the line that a part of a discount belongs to; without an
// Uuid it is something else, such as the shipping line.
type DiscountTarget struct {
	Uuid string `json:"uuid"` //nolint:revive // named as the generated types are
}
