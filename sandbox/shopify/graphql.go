package shopify

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// APIVersion is the version that the stand-in speaks; every other one falls forward to it.
const APIVersion = "2026-10"

type graphRequest struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// operation is a request that the schema has accepted.
type operation struct {
	def  *ast.OperationDefinition
	root *ast.Definition
	vars map[string]any
}

func (s *Server) serveGraphQL(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Shopify-API-Version", APIVersion)
	w.Header().Set("X-Request-Id", uuid.NewString())
	if !s.authorized(r.Header.Get("X-Shopify-Access-Token")) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{
			"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)",
		})
		return
	}
	var in graphRequest
	if err := readJSON(w, r, &in); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"errors": err.Error()})
		return
	}
	op, errs := s.accept(in)
	if len(errs) > 0 {
		writeJSON(w, http.StatusOK, map[string]any{"errors": errs})
		return
	}
	s.serveOperation(w, r, op)
}

// accept validates a request, its variables included, against the schema.
func (s *Server) accept(in graphRequest) (operation, gqlerror.List) {
	doc, errs := gqlparser.LoadQueryWithRules(s.schema, in.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return operation{}, errs
	}
	def := doc.Operations.ForName(in.OperationName)
	if def == nil || def.Operation == ast.Subscription {
		return operation{}, gqlerror.List{gqlerror.Errorf("no operation to execute")}
	}
	if err := s.checkVariables(def, in.Variables); err != nil {
		return operation{}, gqlerror.List{gqlerror.Errorf("%s", err)}
	}
	vars, err := validator.VariableValues(s.schema, def, in.Variables)
	if err != nil {
		return operation{}, gqlerror.List{asGraphError(err)}
	}
	root := s.schema.Query
	if def.Operation == ast.Mutation {
		root = s.schema.Mutation
	}
	return operation{def: def, root: root, vars: vars}, nil
}

func asGraphError(err error) *gqlerror.Error {
	var g *gqlerror.Error
	if errors.As(err, &g) {
		return g
	}
	return gqlerror.Errorf("%s", err)
}

// serveOperation lets an ordered failure go first. Of several root fields in one request
// the first that has one ordered decides.
func (s *Server) serveOperation(w http.ResponseWriter, r *http.Request, op operation) {
	for _, field := range fieldsOf(op.def.SelectionSet) {
		fault, ok := s.faults.For(r, field.Name)
		if !ok {
			continue
		}
		switch fault.Mode {
		case standin.Throttle:
			s.throttled(w, s.costOf(op))
		case standin.UserError:
			writeJSON(w, http.StatusOK, s.refusal(op, field))
		default:
			s.suffer(w, r, fault, func(w http.ResponseWriter) { s.answer(w, op) })
		}
		return
	}
	s.answer(w, op)
}

func (s *Server) answer(w http.ResponseWriter, op operation) {
	requested := s.costOf(op)
	if requested > maxQueryCost {
		writeJSON(w, http.StatusOK, map[string]any{"errors": []*gqlerror.Error{coded("MAX_COST_EXCEEDED", fmt.Sprintf(
			"Query cost is %d, which exceeds the single query max cost limit (%d).", requested, maxQueryCost))}})
		return
	}
	if !s.bucket.take(requested) {
		s.throttled(w, requested)
		return
	}
	raw, actual, err := s.execute(op)
	if err != nil {
		s.cfg.Log.Error("execute operation", "operation", op.def.Name, "error", err)
		writeJSON(w, http.StatusInternalServerError, map[string]string{"errors": "Internal Server Error"})
		return
	}
	s.bucket.giveBack(max(requested-actual, 0))
	raw["extensions"] = map[string]any{"cost": s.bucket.report(requested, &actual)}
	writeJSON(w, http.StatusOK, raw)
}

func (s *Server) throttled(w http.ResponseWriter, requested int64) {
	writeJSON(w, http.StatusOK, map[string]any{
		"errors":     []*gqlerror.Error{coded("THROTTLED", "Throttled")},
		"extensions": map[string]any{"cost": s.bucket.report(requested, nil)},
	})
}

// execute runs the operation under the lock and encodes its data before letting go, so
// that no later change shows in an earlier answer.
func (s *Server) execute(op operation) (map[string]any, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := &execution{s: s, vars: op.vars}
	data := x.run(op)
	if changes(op) {
		if err := s.commit(); err != nil {
			return nil, 0, err
		}
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, 0, fmt.Errorf("encode data: %w", err)
	}
	out := map[string]any{"data": json.RawMessage(raw)}
	if len(x.errs) > 0 {
		out["errors"] = x.errs
	}
	return out, x.cost, nil
}

// changes tells whether an operation may have changed the books. Calculating a draft is a
// mutation only by name.
func changes(op operation) bool {
	return op.def.Operation == ast.Mutation &&
		slices.ContainsFunc(fieldsOf(op.def.SelectionSet), func(f *ast.Field) bool { return f.Name != "draftOrderCalculate" })
}

func coded(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}
