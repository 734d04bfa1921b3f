package promapi

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What follows from what servers are known to say.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status int
		text   string
		want   verdict
	}{
		{422, "query processing would load too many samples into memory in query execution", tooLarge},
		{422, "the query exceeded the maximum number of chunks (err-mimir-max-chunks-per-query)", tooLarge},
		{413, "", tooLarge},
		{400, "exceeded sample limit (50000000)", tooLarge},
		{500, "expanding series: proxy Series(): rpc error: code = ResourceExhausted", tooLarge},
		{503, "query timed out in query execution", tooSlow},
		{504, "", tooSlow},
		{503, "service unavailable", passing},
		{502, "", passing},
		{500, "open block: no such file", passing},
		{429, "too many outstanding requests", passing},
		{400, `unsupported path requested: "/api/v1/read"`, final},
		{404, "page not found", final},
		{405, "", final},
		{401, "", final},
		{403, "", final},
	} {
		require.Equal(t, tc.want, judge(tc.status, tc.text), "%+v", tc)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	const data = `"data":{"resultType":"vector","result":[]}`
	for _, tc := range []struct {
		kind, body string
		want       verdict
		says       string
	}{
		{"application/json; charset=utf-8", `{"status":"success",` + data + `}`, 0, ""},
		{"application/json", `{` + data + `,"status":"success","infos":["a hint"],"stats":{"seriesFetched":"3"}}`, 0, ""},
		{"application/json", `{"status":"success","isPartial":true,` + data + `}`, passing, "a part of one"},
		{"application/json", `{"status":"success",` + data + `,"warnings":["store ` + "\x1b[31m" + ` is down"]}`, passing, "no JSON"},
		{"application/json", `{"status":"success",` + data + `,"warnings":["store \u001b[31m is down"]}`, passing, `a part of one: "store \x1b[31m is down"`},
		{"application/json", `{"status":"error","errorType":"execution","error":"too many samples"}`, tooLarge, "too many samples"},
		{"application/json", `{"status":"error","errorType":"timeout","error":"x"}`, tooSlow, `an error "timeout": "x"`},
		{"application/json", `{"status":"error","errorType":"bad_data","error":"parse error"}`, final, "parse error"},
		{"application/json", `{"status":"success","data":{"result":[`, passing, "ends too early"},
		{"application/json", `null`, passing, "no JSON of the Prometheus API"},
		{"application/json", `{}`, final, `the server says "" of an error`},
		{"text/html", "<html>\x1b]0;" + strings.Repeat("log in ", 100), passing, `the answer is of type "text/html", not application/json, and begins "<html>\x1b]0;log in`},
		{"", "", passing, `is of type ""`},
	} {
		resp := &http.Response{Header: http.Header{"Content-Type": {tc.kind}}, Body: io.NopCloser(strings.NewReader(tc.body))}
		err := readAnswer(resp, "x", skip)
		if tc.says == "" {
			require.NoError(t, err, tc.body)
			continue
		}
		require.ErrorContains(t, err, tc.says)
		require.Equal(t, tc.want, verdictOf(err), tc.body)
		require.Less(t, len(err.Error()), 500)
	}

	resp := &http.Response{Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(io.MultiReader(
		strings.NewReader(`{"status":"success","data":["`), io.LimitReader(endless{}, 1<<40)))}
	err := readAnswer(resp, "x", func(dec *json.Decoder) error { return array(dec, func() error { return skip(dec) }) })
	require.Equal(t, tooLarge, verdictOf(err), "%v", err)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
