package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/crywolf-dev/crywolf/analyze"
)

// CSV writes one row per alert with all its measures, in the order and under the
// names of the JSON output: what is an object there is several columns here.
// Numbers are plain numbers, and what is not known is an empty cell.
type CSV struct{}

// Write implements Format.
func (CSV) Write(w io.Writer, r *Report) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	var head []string
	eachCell(reflect.ValueOf(jsonAlert{}), "", func(name, _ string) { head = append(head, name) })
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range r.Cards {
		a := alertOf(r, &r.Cards[i])
		if r.Result.History != nil {
			a.History = historyOf(r, &r.Cards[i])
		}
		var row []string
		eachCell(reflect.ValueOf(a), "", func(_, cell string) { row = append(row, cell) })
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// eachCell calls f with the cells that a value of the JSON output takes.
func eachCell(v reflect.Value, name string, f func(name, cell string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachCell(v.Elem(), name, f)
			return
		}
		eachCell(reflect.Zero(v.Type().Elem()), name, func(name, _ string) { f(name, "") })
	case reflect.Struct:
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name != "" && name != "history" {
				key = name + "_" + key
			}
			eachCell(v.Field(i), key, f)
		}
	case reflect.Map, reflect.Slice:
		eachOf(v.Interface(), name, f)
	case reflect.String:
		f(name, cellText(v.String()))
	case reflect.Float64:
		f(name, strconv.FormatFloat(v.Float(), 'f', -1, 64))
	default:
		f(name, fmt.Sprint(v.Interface()))
	}
}

// eachOf writes lists: points lost a cell for each quality, others into one.
func eachOf(list any, name string, f func(name, cell string)) {
	var parts []string
	switch list := list.(type) {
	case map[string]int:
		for _, q := range analyze.Qualities() {
			f(name+"_"+string(q), strconv.Itoa(list[string(q)]))
		}
		return
	case map[string]string:
		for _, key := range slices.Sorted(maps.Keys(list)) {
			parts = append(parts, fmt.Sprintf("%s=%q", key, list[key]))
		}
	case []jsonLoss:
		for _, l := range list {
			parts = append(parts, fmt.Sprintf("%s %d", l.Check, l.Points))
		}
	default:
		panic(fmt.Sprintf("no cell for %T", list))
	}
	f(name, cellText(strings.Join(parts, "; ")))
}

// formulas are what a text begins with that a spreadsheet would work out: see
// OWASP's page on CSV injection. Tabs and line breaks are none of them any more
// once a text is fit to be shown.
const formulas = "=+-@＝＋－＠"

// cellText is a text as it may stand in a cell: visible, of bounded length, and
// no formula. What would be one gets an apostrophe in front, by which spreadsheets
// know a text.
func cellText(s string) string {
	s = bounded(s, mostText)
	if strings.IndexAny(strings.TrimLeft(s, " '\""), formulas) == 0 {
		return "'" + s
	}
	return s
}
