package handlers

import (
	"errors"
	"net/http"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/templates"
)

// inLanguage writes the pages that buyers read, in one language.
type inLanguage struct {
	tag string
	say func(key acp.TextKey, args ...acp.Argument) string
}

// buyersLanguage is that of the buyer's browser, else of the session.
func buyersLanguage(acceptLanguage, locale string) inLanguage {
	l := wire.LanguageFor(acceptLanguage, locale)
	return inLanguage{tag: string(l), say: l.Say}
}

func (l inLanguage) page(title, text acp.TextKey) templates.Message {
	return templates.Message{Language: l.tag, Title: l.say(title), Text: l.say(text)}
}

// ended is the page, and its status, of a checkout that leads nowhere any more.
// The error's code is the session's status.
func (l inLanguage) ended(to acp.Destination, err error) (status int, page templates.Message) {
	code := ""
	if e, ok := errors.AsType[*acp.Error](err); ok {
		code = e.Code
	}
	switch acp.Status(code) {
	case acp.Completed:
		return http.StatusOK, l.completed(to)
	case acp.Expired:
		status, page = http.StatusGone, l.page(acp.PageExpiredTitle, acp.PageExpiredText)
	case acp.Canceled:
		status, page = http.StatusGone, l.page(acp.PageCanceledTitle, acp.PageCanceledText)
	default:
		status, page = http.StatusConflict, l.page(acp.PageChangedTitle, acp.PageChangedText)
	}
	page.Ways = l.ways(to)
	return status, page
}

func (l inLanguage) completed(to acp.Destination) templates.Message {
	page := l.page(acp.PageCompletedTitle, acp.PageCompletedText)
	to.Cart = "" // nobody is to buy it a second time
	page.Ways = l.ways(to)
	return page
}

// ways lead to a cart with the same goods, where there is one, and to the shop.
func (l inLanguage) ways(to acp.Destination) []templates.Way {
	var ways []templates.Way
	shop := acp.Argument{Name: "shop", Text: to.Shop}
	if to.Cart != "" {
		ways = append(ways, templates.Way{Label: l.say(acp.PageSameGoods, shop), URL: to.Cart})
	}
	if origin(to.Storefront) != "" {
		ways = append(ways, templates.Way{Label: l.say(acp.PageToStorefront, shop), URL: to.Storefront})
	}
	return ways
}

func (l inLanguage) unavailable(request string) templates.Message {
	page := l.page(acp.PageUnavailableTitle, acp.PageUnavailableText)
	page.Action = l.say(acp.PageTryAgain)
	page.Reference = l.say(acp.PageReference, acp.Argument{Name: "id", Text: request})
	return page
}
