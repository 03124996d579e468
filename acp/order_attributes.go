package acp

// attributes are what the shop's order says beyond the cart: affiliates and
// consents. Nothing in it names a person.
func (s *Session) attributes() []NamedValue {
	list := s.Touches()
	for _, c := range s.Consents {
		list = append(list, c.attribute())
	}
	return list
}

// Touches are the attributes that say which affiliates led the buyer here.
func (s *Session) Touches() []NamedValue {
	var list []NamedValue
	all := append(s.FirstTouch.attributes("first"), s.LastTouch.attributes("last")...)
	for _, a := range all {
		if a.Value != "" {
			list = append(list, a)
		}
	}
	return list
}
