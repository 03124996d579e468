package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
)

const (
	dashboardPeriod = 30 * 24 * time.Hour
	latestOrders    = 20
)

// showDashboard renders the page that staff see.
func (a *app) showDashboard(c *gin.Context, m acp.Merchant) {
	d, err := a.dashboard(c.Request.Context(), m)
	if err != nil {
		a.cannotOpen(c, m.Shop, err)
		return
	}
	a.render(c, http.StatusOK, func(w io.Writer) error { return a.pages.Dashboard(w, d) })
}

// showPart renders the page's main part again after staff changed something;
// change says what to add to it.
func (a *app) showPart(c *gin.Context, status int, change func(*templates.Dashboard)) {
	m, _ := staffMerchant(c)
	d, err := a.dashboard(c.Request.Context(), m)
	if err != nil {
		a.partFailed(c, err)
		return
	}
	change(&d)
	a.render(c, status, func(w io.Writer) error { return a.pages.DashboardPart(w, d) })
}

func (a *app) partFailed(c *gin.Context, err error) {
	p := a.problemOf(c, err)
	if p.RetryAfter > 0 {
		setRetryAfter(c, p.RetryAfter)
	}
	c.String(p.Status, p.Message+"\n")
}

func (a *app) dashboard(ctx context.Context, m acp.Merchant) (templates.Dashboard, error) {
	now := a.Now()
	sales, err := a.Sales.Sales(ctx, m, now.Add(-dashboardPeriod), latestOrders)
	if err != nil {
		return templates.Dashboard{}, fmt.Errorf("read sales: %w", err)
	}
	connections, err := a.Access.List(ctx, m)
	if err != nil {
		return templates.Dashboard{}, fmt.Errorf("list connections: %w", err)
	}
	refusals, err := a.Vetting.Refusals(ctx, m.ID, now.Add(-dashboardPeriod), latestOrders)
	if err != nil {
		return templates.Dashboard{}, fmt.Errorf("read refusals: %w", err)
	}
	reviews, err := a.Vetting.Reviews(ctx, m.ID, latestOrders)
	if err != nil {
		return templates.Dashboard{}, fmt.Errorf("read reviews: %w", err)
	}
	money, err := a.Money.MoneyReport(ctx, m.ID, shownDifferences, latestPayments)
	if err != nil {
		return templates.Dashboard{}, fmt.Errorf("read payments: %w", err)
	}
	matters, err := a.Matters.Matters(ctx, m.ID)
	if err != nil {
		return templates.Dashboard{}, fmt.Errorf("list money matters: %w", err)
	}
	feed := a.PublicURL + "/feeds/" + m.FeedToken
	return templates.Dashboard{
		AppBridge: a.appBridge(), Merchant: m, Sales: sales, Money: money, Connections: connections, Matters: matters, Now: now,
		Refusals: refusals, Reviews: reviews,
		MayDelegate: a.MayDelegate(m), ACPBaseURL: a.PublicURL + "/acp",
		FeedURL: feed + ".jsonl.gz", FeedCSVURL: feed + ".csv.gz",
		PaymentURL: a.PaymentURL, MayCompare: a.CompareSoon != nil && a.MayDelegate(m),
		OrderURL: func(id string) string { return a.OrderURL(m.Shop, id) },
	}, nil
}
