package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSummarize(t *testing.T) {
	for _, tc := range []struct {
		name, events, want string
	}{
		{
			name: "a package that passes says one line, its skips come last",
			events: `{"Action":"output","Package":"m/a","Test":"TestOK","Output":"=== RUN   TestOK\n"}
{"Action":"output","Package":"m/a","Test":"TestOK","Output":"    a_test.go:4: noise\n"}
{"Action":"pass","Package":"m/a","Test":"TestOK"}
{"Action":"output","Package":"m/a","Test":"TestReal","Output":"    a_test.go:9: no corpora:\n"}
{"Action":"output","Package":"m/a","Test":"TestReal","Output":"        set X\n"}
{"Action":"output","Package":"m/a","Test":"TestReal","Output":"--- SKIP: TestReal (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestReal"}
{"Action":"output","Package":"m/a","Output":"PASS\n"}
{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t0.1s\n"}
{"Action":"pass","Package":"m/a"}
`,
			want: "ok  \tm/a\t0.1s\n\nskipped:\n  m/a TestReal: a_test.go:9: no corpora: set X\n\n1 passed, 0 failed, 1 skipped\n",
		},
		{
			name: "a failure is printed in full, without what passed beside it",
			events: `{"Action":"output","Package":"m/a","Output":"-test.shuffle 7\n"}
{"Action":"output","Package":"m/a","Test":"TestOK","Output":"    a_test.go:4: noise\n"}
{"Action":"pass","Package":"m/a","Test":"TestOK"}
{"Action":"output","Package":"m/a","Test":"TestBad","Output":"=== RUN   TestBad\n"}
{"Action":"output","Package":"m/a","Test":"TestBad","Output":"    a_test.go:5: boom\n"}
{"Action":"output","Package":"m/a","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"fail","Package":"m/a","Test":"TestBad"}
{"Action":"output","Package":"m/a","Output":"FAIL\tm/a\t0.1s\n"}
{"Action":"fail","Package":"m/a"}
`,
			want: "-test.shuffle 7\n    a_test.go:5: boom\n--- FAIL: TestBad (0.00s)\nFAIL\tm/a\t0.1s\n\n1 passed, 1 failed, 0 skipped\n",
		},
		{
			name: "a package that dies or does not build is a failure",
			events: `{"Action":"output","Package":"m/a","Test":"TestDies","Output":"exit status 3\n"}
{"Action":"output","Package":"m/a","Output":"FAIL\tm/a\t0.1s\n"}
{"Action":"fail","Package":"m/a"}
{"ImportPath":"m/b [m/b.test]","Action":"build-output","Output":"b_test.go:3:1: undefined: f\n"}
{"ImportPath":"m/b [m/b.test]","Action":"build-fail"}
{"Action":"output","Package":"m/b","Output":"FAIL\tm/b [build failed]\n"}
{"Action":"fail","Package":"m/b","FailedBuild":"m/b [m/b.test]"}
`,
			want: "exit status 3\nFAIL\tm/a\t0.1s\nb_test.go:3:1: undefined: f\nFAIL\tm/b [build failed]\n\n0 passed, 2 failed, 0 skipped\n",
		},
		{
			name:   "lines that are no events stand as they are",
			events: "go: no such tool\n",
			want:   "go: no such tool\n\n0 passed, 0 failed, 0 skipped\n",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out strings.Builder
			if err := summarize(strings.NewReader(tc.events), &out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, out.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
