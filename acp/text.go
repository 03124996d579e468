package acp

// TextKey names a text that is written when it is shown, in the language of
// whoever reads it. The texts themselves are in acp/phrase.
type TextKey string

// What a session has to say. In braces are the names of the arguments.
const (
	TextOutOfStock           TextKey = "out_of_stock"          // {item}
	TextFewLeft              TextKey = "few_left"              // {item} {count}
	TextLowStock             TextKey = "low_stock"             // {item} {count}
	TextAddressMissing       TextKey = "address_missing"       //
	TextRegionRestricted     TextKey = "region_restricted"     //
	TextPickupOnly           TextKey = "pickup_only"           //
	TextDeliveryChanged      TextKey = "delivery_changed"      //
	TextHandedOver           TextKey = "handed_over"           //
	TextHandedOverAt         TextKey = "handed_over_at"        // {url}
	TextExpired              TextKey = "expired"               //
	TextTaxIncluded          TextKey = "tax_included"          //
	TextTotalChanged         TextKey = "total_changed"         // {from} {to}
	TextLeftOut              TextKey = "left_out"              // {item}
	TextNotInStorefront      TextKey = "not_in_storefront"     // {item}
	TextPriceChanged         TextKey = "price_changed"         // {item} {from} {to}
	TextConfirmationNeeded   TextKey = "confirmation_needed"   //
	TextInReview             TextKey = "in_review"             //
	TextOrderedByHand        TextKey = "ordered_by_hand"       //
	TextNotGivenBack         TextKey = "not_given_back"        //
	TextReviewLate           TextKey = "review_late"           //
	TextConfirmationAwaited  TextKey = "confirmation_awaited"  //
	TextConfirmationLate     TextKey = "confirmation_late"     //
	TextAuthorizationLate    TextKey = "authorization_late"    //
	TextPaymentDeclined      TextKey = "payment_declined"      //
	TextTokenRefused         TextKey = "token_refused"         //
	TextAmountRefused        TextKey = "amount_refused"        //
	TextCartRefused          TextKey = "cart_refused"          //
	TextShopUnreachable      TextKey = "shop_unreachable"      //
	TextOrderRefused         TextKey = "order_refused"         //
	TextSignInRequired       TextKey = "sign_in_required"      //
	TextPaidEarlier          TextKey = "paid_earlier"          //
	TextPaidOtherwise        TextKey = "paid_otherwise"        // {from} {to}
	TextInterventionRequired TextKey = "intervention_required" // {intervention}
	TextCodeExpired          TextKey = "discount_code_expired" // {code}, and so are all that follow
	TextCodeInvalid          TextKey = "discount_code_invalid" //
	TextCodeApplied          TextKey = "discount_code_already_applied"
	TextCodeCombination      TextKey = "discount_code_combination_disallowed"
	TextCodeMinimum          TextKey = "discount_code_minimum_not_met"
	TextCodeNotSignedIn      TextKey = "discount_code_user_not_logged_in"
	TextCodeIneligible       TextKey = "discount_code_user_ineligible"
	TextCodeUsedUp           TextKey = "discount_code_usage_limit_reached"
)

// What the page says that a buyer reads instead of being led to the checkout.
const (
	PageUnknownTitle     TextKey = "page_unknown_title"
	PageUnknownText      TextKey = "page_unknown_text"
	PageExpiredTitle     TextKey = "page_expired_title"
	PageExpiredText      TextKey = "page_expired_text"
	PageCanceledTitle    TextKey = "page_canceled_title"
	PageCanceledText     TextKey = "page_canceled_text"
	PageCompletedTitle   TextKey = "page_completed_title"
	PageCompletedText    TextKey = "page_completed_text"
	PageChangedTitle     TextKey = "page_changed_title"
	PageChangedText      TextKey = "page_changed_text"
	PagePreparingTitle   TextKey = "page_preparing_title"
	PagePreparingText    TextKey = "page_preparing_text"
	PageUnavailableTitle TextKey = "page_unavailable_title"
	PageUnavailableText  TextKey = "page_unavailable_text"
	PageTryAgain         TextKey = "page_try_again"
	PageSameGoods        TextKey = "page_same_goods"    // {shop}
	PageToStorefront     TextKey = "page_to_storefront" // {shop}
	PageReference        TextKey = "page_reference"     // {id}
)

// Argument fills the place that a text leaves for it: a number, an amount of
// money, or else a text that is the same in every language.
type Argument struct {
	Name   string
	Text   string
	Number *int64
	Money  *Money
}

func textOf(name, text string) Argument      { return Argument{Name: name, Text: text} }
func numberOf(name string, n int64) Argument { return Argument{Name: name, Number: &n} }
func moneyOf(name string, m Money) Argument  { return Argument{Name: name, Money: &m} }

// Rejection is the message that tells why a code was not applied. A reason that
// the protocol has no word for is told as an invalid code.
func (d Discount) Rejection() Message {
	m := Message{
		Type: Warning, Code: d.Rejected, Resolution: ResolveRecoverable,
		Text: TextCodeInvalid, Args: []Argument{textOf("code", d.Code)}, Content: d.Reason,
	}
	switch key := TextKey(d.Rejected); key {
	case TextCodeExpired, TextCodeApplied, TextCodeCombination, TextCodeMinimum, TextCodeNotSignedIn, TextCodeIneligible, TextCodeUsedUp:
		m.Text = key
	}
	return m
}
