package app

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
)

// commits counts, in the killed process, the commits that hold something of one
// checkout, and kills the process before or after one of them.
type commits struct {
	mu     sync.Mutex
	marks  []string // of the checkout
	deadly int      // the commit to die at, counted from one; 0: none
	after  bool
	seen   int
}

var watched commits

func init() {
	sql.Register("sqlite-watched", watchedDriver{&sqlite.Driver{}})
	sql.Register("pgx-watched", watchedDriver{stdlib.GetDefaultDriver()})
}

func (c *commits) arm(marks []string, deadly int, after bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marks, c.deadly, c.after, c.seen = marks, deadly, after, 0
}

func (c *commits) disarm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marks, c.deadly = nil, 0
}

func (c *commits) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// concerns reports whether a statement changes something of the checkout. The
// job engine's own bookkeeping is no recovery point, and how often a request
// prolongs its claim says how long it took and nothing else.
func (c *commits) concerns(query string, args []driver.NamedValue) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.marks) == 0 {
		return false
	}
	verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(query)), " ")
	if verb != "INSERT" && verb != "UPDATE" && verb != "DELETE" || prolongs(query) {
		return false
	}
	return slices.ContainsFunc(args, func(a driver.NamedValue) bool { return c.marked(text(a.Value)) })
}

// text is what an argument says; pgx is given the domain's own kinds of strings.
func text(argument any) string {
	v := reflect.ValueOf(argument)
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		return string(v.Bytes())
	}
	return ""
}

func prolongs(query string) bool {
	return strings.HasPrefix(strings.NewReplacer("`", "", `"`, "").Replace(query), "UPDATE claims SET lease_until")
}

func (c *commits) marked(value string) bool {
	return slices.ContainsFunc(c.marks, func(m string) bool { return strings.Contains(value, m) })
}

// around commits, or dies before or after.
func (c *commits) around(commit func() error) error {
	c.mu.Lock()
	c.seen++
	due, after := c.seen == c.deadly, c.after
	c.mu.Unlock()
	if due && !after {
		die()
	}
	err := commit()
	if due {
		die()
	}
	return err
}

// die is kill -9 by one's own hand.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		self.Kill() //nolint:errcheck // nobody is left to be told
	}
	select {}
}

type watchedDriver struct{ driver.Driver }

// Open implements driver.Driver.
func (d watchedDriver) Open(name string) (driver.Conn, error) {
	c, err := d.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	return &watchedConn{Conn: c}, nil
}

// watchedConn passes everything on; both drivers have the newer interfaces.
type watchedConn struct {
	driver.Conn
	open, touched bool
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *watchedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &watchedStmt{Stmt: s, conn: c, query: query}, nil
}

// BeginTx implements driver.ConnBeginTx.
func (c *watchedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	c.open, c.touched = true, false
	return watchedTx{tx, c}, nil
}

// ExecContext implements driver.ExecerContext.
func (c *watchedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.exec(query, args, func() (driver.Result, error) {
		return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
	})
}

// QueryContext implements driver.QueryerContext.
func (c *watchedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.note(query, args)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c *watchedConn) note(query string, args []driver.NamedValue) {
	if c.open && !c.touched {
		c.touched = watched.concerns(query, args)
	}
}

// exec is a commit by itself outside a transaction.
func (c *watchedConn) exec(query string, args []driver.NamedValue, run func() (driver.Result, error)) (result driver.Result, err error) {
	c.note(query, args)
	if c.open || strings.Contains(query, "river_") || !watched.concerns(query, args) {
		return run()
	}
	failed := watched.around(func() error {
		result, err = run()
		return err
	})
	return result, failed
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *watchedConn) CheckNamedValue(v *driver.NamedValue) error {
	if inner, ok := c.Conn.(driver.NamedValueChecker); ok {
		return inner.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// ResetSession implements driver.SessionResetter.
func (c *watchedConn) ResetSession(ctx context.Context) error {
	if inner, ok := c.Conn.(driver.SessionResetter); ok {
		return inner.ResetSession(ctx)
	}
	return nil
}

// IsValid implements driver.Validator.
func (c *watchedConn) IsValid() bool {
	inner, ok := c.Conn.(driver.Validator)
	return !ok || inner.IsValid()
}

// Ping implements driver.Pinger.
func (c *watchedConn) Ping(ctx context.Context) error {
	if inner, ok := c.Conn.(driver.Pinger); ok {
		return inner.Ping(ctx)
	}
	return nil
}

type watchedTx struct {
	driver.Tx
	conn *watchedConn
}

// Commit implements driver.Tx.
func (t watchedTx) Commit() error {
	touched := t.conn.touched
	t.conn.open, t.conn.touched = false, false
	if !touched {
		return t.Tx.Commit()
	}
	return watched.around(t.Tx.Commit)
}

// Rollback implements driver.Tx.
func (t watchedTx) Rollback() error {
	t.conn.open, t.conn.touched = false, false
	return t.Tx.Rollback()
}

type watchedStmt struct {
	driver.Stmt
	conn  *watchedConn
	query string
}

// ExecContext implements driver.StmtExecContext.
func (s *watchedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.exec(s.query, args, func() (driver.Result, error) {
		return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	})
}

// QueryContext implements driver.StmtQueryContext.
func (s *watchedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.conn.note(s.query, args)
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}
