package shopify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// checkVariables is stricter than the library, which takes a string for an Int, a number
// for a String and anything for a custom scalar; Shopify takes none of these.
func (s *Server) checkVariables(def *ast.OperationDefinition, vars map[string]any) error {
	for _, v := range def.VariableDefinitions {
		value, given := vars[v.Variable]
		if !given || value == nil {
			continue // the library decides whether it may be missing
		}
		if err := s.checkValue(v.Type, value); err != nil {
			return fmt.Errorf("variable $%s of type %s was provided invalid value for %w", v.Variable, v.Type, err)
		}
	}
	return nil
}

func (s *Server) checkValue(t *ast.Type, value any) error {
	if value == nil {
		return nil
	}
	if t.Elem != nil {
		items, isList := value.([]any)
		if !isList {
			return s.checkValue(t.Elem, value)
		}
		if len(items) > maxInputItems {
			return fmt.Errorf("(the input array size of %d is greater than the maximum allowed of %d)", len(items), maxInputItems)
		}
		for i, item := range items {
			if err := s.checkValue(t.Elem, item); err != nil {
				return fmt.Errorf("%d.%w", i, err)
			}
		}
		return nil
	}
	return s.checkNamed(s.schema.Types[t.NamedType], value)
}

// maxInputItems caps every input array.
const maxInputItems = 250

func (s *Server) checkNamed(def *ast.Definition, value any) error {
	switch def.Kind {
	case ast.InputObject:
		fields, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("(expected %v to be an object)", value)
		}
		for name, v := range fields {
			field := def.Fields.ForName(name)
			if field == nil {
				return fmt.Errorf("%s (field is not defined on %s)", name, def.Name)
			}
			if err := s.checkValue(field.Type, v); err != nil {
				return fmt.Errorf("%s.%w", name, err)
			}
		}
		return nil
	case ast.Enum:
		if name, ok := value.(string); !ok || def.EnumValues.ForName(name) == nil {
			return fmt.Errorf("(expected %q to be a value of %s)", fmt.Sprint(value), def.Name)
		}
		return nil
	}
	if !scalarFits(def.Name, value) {
		return fmt.Errorf("(could not coerce value %v to %s)", value, def.Name)
	}
	return nil
}

func scalarFits(scalar string, value any) bool {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	switch scalar {
	case "Int":
		n, err := number.Int64()
		return isNumber && err == nil && n == int64(int32(n)) //nolint:gosec // the conversion is the range check
	case "Float":
		return isNumber
	case "Boolean":
		_, ok := value.(bool)
		return ok
	case "ID":
		return isText || (isNumber && !strings.ContainsAny(number.String(), ".eE"))
	case "Money", "Decimal", "UnsignedInt64", "BigInt":
		if isText {
			number = json.Number(text)
		}
		return decimalText(number.String())
	case "DateTime":
		_, err := time.Parse(time.RFC3339, text)
		return isText && err == nil
	case "JSON":
		return true
	}
	return isText
}

func decimalText(s string) bool {
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return digits(whole) && (!dotted || digits(fraction))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
