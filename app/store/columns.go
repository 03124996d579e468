package store

import (
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gorm.io/gorm/schema"
)

// columns are those of a row's table, as gorm reads them off the struct. Hot
// paths use them to make their SQL once: gorm makes the text anew for every
// call, and SQLite would parse it anew, which together costs more than the work
// itself (docs/performance.md).
type columns[R any] struct {
	table  string
	names  []string
	fields [][]int
}

func columnsOf[R any]() (columns[R], error) {
	s, err := schema.Parse(new(R), &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		return columns[R]{}, fmt.Errorf("store: read columns: %w", err)
	}
	c := columns[R]{table: s.Table}
	for _, f := range s.Fields {
		c.names, c.fields = append(c.names, f.DBName), append(c.fields, f.StructField.Index)
	}
	return c, nil
}

// insert takes values of a whole row.
func (c columns[R]) insert() string {
	return "INSERT INTO " + c.table + " (" + strings.Join(c.names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(c.names)-1) + ")"
}

// selectRow is answered in rows that scan reads.
func (c columns[R]) selectRow() string {
	return "SELECT " + c.of(c.table) + " FROM " + c.table
}

// of names the columns of a table in a join.
func (c columns[R]) of(table string) string {
	return table + "." + strings.Join(c.names, ", "+table+".")
}

// update takes values without the columns that stay as they are.
func (c columns[R]) update(without ...string) string {
	var set []string
	for _, name := range c.names {
		if !slices.Contains(without, name) {
			set = append(set, name+" = ?")
		}
	}
	return "UPDATE " + c.table + " SET " + strings.Join(set, ", ")
}

// values are the row's, in the order of its columns, followed by more.
func (c columns[R]) values(row *R, more ...any) []any {
	return append(c.valuesWithout(row, nil), more...)
}

func (c columns[R]) valuesWithout(row *R, without []string) []any {
	v := reflect.ValueOf(row).Elem()
	values := make([]any, 0, len(c.names)+4)
	for i, name := range c.names {
		if !slices.Contains(without, name) {
			values = append(values, v.FieldByIndex(c.fields[i]).Interface())
		}
	}
	return values
}

// scan reads one row; sql.ErrNoRows when there is none.
func (c columns[R]) scan(from *sql.Row) (row R, err error) {
	return row, from.Scan(c.places(&row)...)
}

// places are where a row's columns are read to.
func (c columns[R]) places(row *R) []any {
	v := reflect.ValueOf(row).Elem()
	places := make([]any, len(c.fields))
	for i, at := range c.fields {
		places[i] = v.FieldByIndex(at).Addr().Interface()
	}
	return places
}

// numbered writes PostgreSQL's placeholders. No hot statement holds a question
// mark in a text.
func numbered(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}
