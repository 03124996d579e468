package shopify

import "slices"

// calculateDraft prices an input and keeps nothing.
func (s *Server) calculateDraft(c rootCall) (any, error) {
	in, err := s.readDraftInput(draftInput{}, fields(c.args["input"]))
	if err != nil {
		return asRefusal(err)
	}
	p, err := s.priceInput(in)
	if err != nil {
		return asRefusal(err)
	}
	return done(object{"calculatedDraftOrder": s.calculated(in, p)}), nil
}

func (s *Server) createDraft(c rootCall) (any, error) {
	in, err := s.readDraftInput(draftInput{}, fields(c.args["input"]))
	if err != nil {
		return asRefusal(err)
	}
	d := &draft{Token: newToken(), CreatedAt: s.now()}
	if err := s.reprice(d, in); err != nil {
		return asRefusal(err)
	}
	s.books.DraftNumber++
	d.ID, d.Number = s.books.id(), s.books.DraftNumber
	s.books.Drafts = append(s.books.Drafts, d)
	return done(object{"draftOrder": s.draft(d)}), nil
}

func (s *Server) updateDraft(c rootCall) (any, error) {
	d := s.findDraft(idOf("DraftOrder", c.args["id"]))
	if d == nil {
		return refused("Draft order does not exist", "", "id"), nil
	}
	if d.CompletedAt != nil {
		return refused("This draft order has already been completed and can no longer be updated.", ""), nil
	}
	in, err := s.readDraftInput(d.Input, fields(c.args["input"]))
	if err != nil {
		return asRefusal(err)
	}
	if err := s.reprice(d, in); err != nil {
		return asRefusal(err)
	}
	return done(object{"draftOrder": s.draft(d)}), nil
}

// reprice puts an input into a draft at today's prices and gives its lines their ids.
func (s *Server) reprice(d *draft, in draftInput) error {
	p, err := s.priceInput(in)
	if err != nil {
		return err
	}
	for i := range p.Lines {
		p.Lines[i].ID = s.books.id()
	}
	d.Input, d.Priced = in, p
	s.recalculate(d)
	return nil
}

func (s *Server) deleteDraft(c rootCall) (any, error) {
	id := idOf("DraftOrder", fields(c.args["input"])["id"])
	d := s.findDraft(id)
	if d == nil {
		return refused("Draft order does not exist", "", "id"), nil
	}
	if d.CompletedAt != nil {
		return refused("Draft order has been completed and can not be deleted", "", "id"), nil
	}
	s.books.Drafts = slices.DeleteFunc(s.books.Drafts, func(other *draft) bool { return other == d })
	s.notify("draft_orders/delete", object{"id": id})
	return done(object{"deletedId": gid("DraftOrder", id)}), nil
}
