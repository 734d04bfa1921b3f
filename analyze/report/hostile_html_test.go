package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/crywolf-dev/crywolf/analyze/history"
	"github.com/crywolf-dev/crywolf/analyze/report/page"
)

// readHTML reads a page as a browser does, and finds nothing but visible text in
// it and in its data. It gives what the findings say.
func readHTML(t *testing.T, text string) (says []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	require.NoError(t, err)
	scripts := 0
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			for _, a := range n.Attr {
				require.False(t, strings.HasPrefix(a.Key, "on"), "%s of <%s>", a.Key, n.Data)
				require.True(t, a.Key != "href" && a.Key != "src" || strings.HasPrefix(a.Val, "#"), a.Val)
				harmless(t, a.Val)
			}
			require.NotContains(t, []string{"img", "iframe", "object", "embed", "form", "link", "base"}, n.Data)
			if n.Data == "script" && len(n.Attr) == 0 {
				scripts++
			}
			if n.Data == "div" && len(n.Attr) > 0 && strings.HasPrefix(n.Attr[0].Val, "finding ") {
				says = append(says, strings.ReplaceAll(textOf(n.FirstChild), "`", ""))
			}
		case html.TextNode:
			switch {
			case n.Parent.Data != "script":
				harmless(t, n.Data)
			case len(n.Parent.Attr) > 0:
				harmless(t, n.Data) // as escapes
				var v any
				require.NoError(t, json.Unmarshal([]byte(n.Data), &v))
				eachText(v, func(s string) {
					harmless(t, s)
					require.LessOrEqual(t, len(s), 3*mostText)
				})
				if strings.HasPrefix(n.Parent.Attr[1].Val, "block-") {
					says = append(says, saidIn(t, n.Data)...)
				}
			}
		case html.CommentNode:
			t.Fatalf("a comment: %q", n.Data)
		}
	}
	most := 1
	if page.HasCharts() {
		most = 2
	}
	require.Equal(t, most, scripts)
	return says
}

func eachText(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case []any:
		for _, e := range v {
			eachText(e, f)
		}
	case map[string]any:
		for k, e := range v {
			f(k)
			eachText(e, f)
		}
	}
}

// saidIn are the messages of the findings in the details of alerts.
func saidIn(t *testing.T, block string) (says []string) {
	t.Helper()
	var details []page.Detail
	require.NoError(t, json.Unmarshal([]byte(block), &details))
	for _, d := range details {
		for _, f := range d.Findings {
			says = append(says, f.Message)
		}
		if d.Source != nil {
			for _, l := range d.Source.Lines {
				for _, f := range l.Findings {
					says = append(says, f.Message)
				}
			}
		}
	}
	return says
}

// readCSV finds a row per alert, and no formula.
func readCSV(t *testing.T, text string, alerts int) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, alerts+1)
	for _, row := range rows {
		for i, cell := range row {
			harmless(t, cell)
			require.NotContains(t, cell, "\n")
			if bare := strings.TrimLeft(cell, " \""); bare != "" {
				require.NotContains(t, []rune(formulas), []rune(bare)[0], "%s: %q", rows[0][i], cell)
			}
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "＝1": "'＝1",
		"\t=1": `\t=1`, "\r=1": `\r=1`, " =1": "' =1", `"=1`: `'"=1`, "'=1": "''=1", "a=1": "a=1", "": "", "größe": "größe",
	} {
		require.Equal(t, want, cellText(in), "%q", in)
	}
	long := cellText(strings.Repeat("x", 1<<20))
	require.Less(t, len(long), mostText+60)
	require.Contains(t, long, "(1,048,576 bytes)")
}

// hostileReview has the text in every label that a history can have.
func hostileReview(t testing.TB, s string) *Report {
	h := past()
	for i := range 30 {
		of := labels.FromStrings("alertname", "Twice", "severity", "ticket", "team", "shop", "instance", fmt.Sprint(i, s), "x"+s, s)
		h.Instances = append(h.Instances, of)
		for n := range 9 {
			from := at(float64(100*n + i))
			h.Episodes = append(h.Episodes, history.Episode{Instance: int32(len(h.Instances) - 1), ActiveAt: from, FiredAt: from, EndedAt: from + 60_000})
		}
	}
	quoted, err := json.Marshal(s)
	require.NoError(t, err)
	rules := strings.ReplaceAll(reviewRules, "{severity: page, team: shop}", fmt.Sprintf("{severity: page, team: %s}\n    annotations: {summary: %s}", quoted, quoted))
	r := reviewReport(t, map[string]string{"rules/shop.yaml": rules, "rules/" + s: fewRules}, h)
	r.Result.Noise, r.By = r.Result.StudyNoise(r.Result.History), "x"+s
	r.Last = &Last{name: s, doc: documentOf(reviewReport(t, map[string]string{"rules/shop.yaml": strings.ReplaceAll(rules, "DiskFull", "Gone"), s: fewRules}, past()))}
	return r
}

func holdHostileReview(t *testing.T, s string) {
	t.Helper()
	r := hostileReview(t, s)
	readHTML(t, write(t, HTML{}, r))
	readCSV(t, write(t, CSV{}, r), len(r.Cards))
	readMarkdown(t, write(t, Markdown{}, r))
}

func TestHostileReview(t *testing.T) {
	for _, s := range append(hostileTexts, strings.Repeat("</script>\u202e=", 100_000)) {
		holdHostileReview(t, s)
	}
}

func FuzzReviewFormats(f *testing.F) {
	for _, s := range hostileTexts {
		f.Add(s)
	}
	f.Fuzz(holdHostileReview)
}

// TestPageIsBounded: a value of a megabyte takes no more of the page than any
// long one.
func TestPageIsBounded(t *testing.T) {
	long := write(t, HTML{}, hostileReview(t, strings.Repeat("y", 5_000)))
	longer := write(t, HTML{}, hostileReview(t, strings.Repeat("y", 1<<20)))
	require.InDelta(t, len(long), len(longer), 2_000)
}
