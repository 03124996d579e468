package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/templates"
)

// setAcceptance changes which purchases by token are taken.
func (a *app) setAcceptance(c *gin.Context) {
	m, _ := staffMerchant(c)
	rules, err := readAcceptance(c, m.Currency)
	if err == nil {
		err = a.Access.SetAcceptance(c.Request.Context(), m, rules)
	}
	if err != nil {
		a.tellStaff(c, err, func(d *templates.Dashboard) { d.ProblemForm, d.Merchant.Acceptance = templates.AcceptanceForm, rules })
		return
	}
	m.Acceptance = rules
	c.Set(keyStaff, m)
	a.showPart(c, http.StatusOK, noticed("Saved. The rules hold from the next purchase on."))
}

func readAcceptance(c *gin.Context, currency acp.Currency) (rules acp.Acceptance, err error) {
	if most := strings.TrimSpace(c.PostForm("total")); most != "" {
		money, bad := acp.ParseMoney(most, currency)
		if bad != nil {
			return rules, acp.Invalid(acp.CodeInvalid, "total", "the order value is an amount such as 500.00")
		}
		rules.Total = acp.Limit{Most: money.Amount, Then: verdictOf(c, "total")}
	}
	for name, limit := range map[string]*acp.Limit{
		"quantity": &rules.Quantity, "attempts": &rules.Attempts, "tries": &rules.Tries, "risk": &rules.Risk,
	} {
		most := strings.TrimSpace(c.PostForm(name))
		if most == "" {
			continue
		}
		n, bad := strconv.ParseInt(most, 10, 32)
		if bad != nil || n < 1 {
			return rules, acp.Invalid(acp.CodeInvalid, name, "a limit is a whole number of 1 or more, or empty")
		}
		*limit = acp.Limit{Most: n, Then: verdictOf(c, name)}
	}
	if hours := strings.TrimSpace(c.PostForm("review_hours")); hours != "" {
		n, bad := strconv.Atoi(hours)
		if bad != nil || n < 1 {
			return rules, acp.Invalid(acp.CodeInvalid, "review_hours", "the time for a review is a whole number of hours")
		}
		rules.ReviewHours = n
	}
	codes := strings.FieldsFunc(strings.ToUpper(c.PostForm("countries")), func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
	if len(codes) > 0 {
		rules.Countries = acp.Countries{Codes: codes, Only: c.PostForm("countries_only") == "only", Then: verdictOf(c, "countries")}
	}
	return rules, nil
}

func verdictOf(c *gin.Context, rule string) acp.Verdict {
	return acp.Verdict(c.PostForm(rule + "_then"))
}
