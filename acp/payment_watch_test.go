package acp_test

import (
	"context"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// watchedBooks have one session; what is enqueued, or to be compared again, is
// remembered.
type watchedBooks struct {
	acp.Sessions
	session acp.Session
	tasks   []acp.Task
	again   []acp.SessionID
}

func (b *watchedBooks) CompareAgain(_ context.Context, m acp.MerchantID, id acp.SessionID, why string) error {
	if m == b.session.Merchant && why != "" {
		b.again = append(b.again, id)
	}
	return nil
}

func (b *watchedBooks) Session(_ context.Context, m acp.MerchantID, _ acp.ConnectionID, id acp.SessionID) (acp.Session, error) {
	if m != b.session.Merchant || id != b.session.ID {
		return acp.Session{}, acp.NotFound("checkout session")
	}
	return b.session, nil
}

func (b *watchedBooks) Enqueue(_ context.Context, tasks ...acp.Task) error {
	b.tasks = append(b.tasks, tasks...)
	return nil
}

func (b *watchedBooks) Merchant(_ context.Context, id acp.MerchantID) (acp.Merchant, error) {
	return acp.Merchant{ID: id}, nil
}

// bank knows one payment, and nothing else of being a provider.
type bank struct {
	acp.Payments
	err error
}

func (bank) Name() string { return "Bank" }

func (b bank) Read(_ context.Context, m acp.Merchant, id string) (acp.Payment, error) {
	switch {
	case b.err != nil:
		return acp.Payment{}, b.err
	case id != "pay_1":
		return acp.Payment{}, acp.NotFound("payment")
	}
	return acp.Payment{Merchant: m.ID, ProviderID: id, Session: "cs_1"}, nil
}

func TestNewsOfAPaymentLeadToItsOwnWorkAndNoOther(t *testing.T) {
	live := acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.InProgress, Attempt: &acp.Attempt{Step: acp.StepAuthorizing}}
	placing := live
	placing.Attempt = &acp.Attempt{Step: acp.StepDrafting, PaymentID: "pay_1"}
	sold := acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.Completed, Attempt: &acp.Attempt{Step: acp.StepFinished, PaymentID: "pay_1"}}
	given := acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.Ready, Attempt: &acp.Attempt{Step: acp.StepReleased, PaymentID: "pay_1"}}
	elsewhere := acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.Completed, Attempt: given.Attempt} // paid in the shop's checkout
	open := acp.Session{ID: "cs_1", Merchant: "m_1", Status: acp.Ready}
	named, unnamed := acp.PaymentNews{Provider: "Bank", PaymentID: "pay_1", Session: "cs_1"}, acp.PaymentNews{Provider: "Bank", PaymentID: "pay_1"}
	earlier := acp.PaymentNews{Provider: "Bank", PaymentID: "pay_0", Session: "cs_1"}
	const again acp.TaskKind = "at night" // it is compared again
	away := &acp.Error{Kind: acp.KindUnavailable, Message: "away"}
	for name, test := range map[string]struct {
		session acp.Session
		news    acp.PaymentNews
		readErr error
		task    acp.TaskKind
		kind    acp.Kind
	}{
		"an attempt that waits for its authorization":        {live, named, nil, acp.TaskResumeCheckout, ""},
		"an attempt that is being placed":                    {placing, named, nil, acp.TaskResumeCheckout, ""},
		"an order that was placed":                           {sold, named, nil, acp.TaskFollowPayment, ""},
		"a refund, which names only the payment":             {sold, unnamed, nil, acp.TaskFollowPayment, ""},
		"a payment that was given back":                      {given, named, nil, again, ""},
		"a refund of it that failed":                         {given, unnamed, nil, again, ""},
		"one that was given back before the order was paid":  {elsewhere, named, nil, again, ""},
		"a payment of an earlier attempt":                    {sold, earlier, nil, again, ""},
		"of an earlier attempt, while another is under way":  {placing, earlier, nil, again, ""},
		"a session that was never paid":                      {open, named, nil, "", ""},
		"a payment of somebody else's":                       {sold, acp.PaymentNews{Provider: "Bank", PaymentID: "pay_2"}, nil, "", ""},
		"a session that we do not have":                      {sold, acp.PaymentNews{Provider: "Bank", PaymentID: "pay_1", Session: "cs_2"}, nil, "", ""},
		"a provider that cannot be asked comes again":        {sold, unnamed, away, "", acp.KindUnavailable},
		"a provider that is not configured any more, either": {sold, acp.PaymentNews{Provider: "Gone", PaymentID: "pay_1"}, nil, "", acp.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			books := &watchedBooks{session: test.session}
			watch, err := acp.NewPaymentWatch(acp.PaymentWatch{
				Sessions: books, Merchants: books, Rechecks: books, Payments: acp.Providers{bank{err: test.readErr}}, Now: func() time.Time { return time.Unix(1795273380, 0) },
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := watch.Hear(t.Context(), "m_1", test.news); acp.KindOf(err) != test.kind {
				t.Fatal(err)
			}
			var got acp.TaskKind
			for _, task := range books.tasks {
				got = task.Kind
				if task.Merchant != "m_1" || task.Key != "cs_1" {
					t.Errorf("%+v", task)
				}
			}
			for _, id := range books.again {
				if got = again; id != "cs_1" || len(books.tasks) > 0 {
					t.Errorf("compared again: %s, beside %+v", id, books.tasks)
				}
			}
			if got != test.task || len(books.tasks) > 1 {
				t.Errorf("enqueued %+v, want %q", books.tasks, test.task)
			}
		})
	}
}
