package templates

import (
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// money writes an exact amount with the currency's own decimals, grouped by
// thousands: "1,234.50 USD".
func money(m acp.Money) string {
	whole, decimals, split := strings.Cut(m.Decimal(), ".")
	sign := ""
	if rest, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "-", rest
	}
	if whole = sign + grouped(whole); split {
		whole += "." + decimals
	}
	return whole + " " + m.Currency.Upper()
}

func count(n int64) string { return grouped(strconv.FormatInt(n, 10)) }

func grouped(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// percent writes tenths of a percent: 125 is "12.5 %".
func percent(perMille int64) string {
	return strconv.FormatInt(perMille/10, 10) + "." + strconv.FormatInt(perMille%10, 10) + " %"
}

func when(t time.Time) string    { return t.Format("2 Jan 2006, 15:04") }
func day(t time.Time) string     { return t.Format("2 Jan 2006") }
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// orderStatus is an order's status in staff's words.
func orderStatus(s acp.OrderStatus) string {
	switch s {
	case acp.OrderCreated:
		return "Placed"
	case acp.OrderConfirmed:
		return "Confirmed"
	case acp.OrderShipped:
		return "Shipped"
	case acp.OrderFulfilled:
		return "Fulfilled"
	case acp.OrderCanceled:
		return "Canceled"
	default:
		return string(s)
	}
}
