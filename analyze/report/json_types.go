package report

// The types below are the contract of --format json, in the order in which
// fields are written. The JSON Schema is generated from them: doc is a field's
// description, enum its values, and what is not omitempty is required. A change
// that takes something away or gives it another meaning needs another Schema.

// Schema is the version of the JSON output.
const Schema = "crywolf/v1"

type document struct {
	Schema      string        `json:"schema" doc:"version of this format" enum:"crywolf/v1"`
	ToolVersion string        `json:"tool_version" doc:"version of crywolf"`
	Command     string        `json:"command" doc:"the command whose output this is" enum:"lint,review"`
	Window      *jsonInterval `json:"window,omitempty" doc:"the span of time that was reviewed; only with a history"`
	Coverage    *jsonCoverage `json:"coverage,omitempty" doc:"where in the window there were data; only with a history"`
	Summary     jsonSummary   `json:"summary"`
	Findings    []jsonFinding `json:"findings" doc:"in order of file and place"`
	Alerts      []jsonAlert   `json:"alerts" doc:"in order of file and place"`
	PassedOver  []jsonPassed  `json:"passed_over,omitempty" doc:"what was not read or not judged because it is not crywolf's to judge, and why"`
	Compared    *jsonCompared `json:"compared,omitempty" doc:"with the review that --compare names"`
	By          *jsonBy       `json:"by,omitempty" doc:"what --by asks for"`
	Episodes    []jsonEpisode `json:"episodes,omitempty" doc:"in order of instance and time; only with --episodes"`
}

type jsonPassed struct {
	jsonPlace
	Rule    *jsonRule `json:"rule,omitempty" doc:"whose expression is not judged"`
	Message string    `json:"message"`
}

type jsonInterval struct {
	Start string `json:"start" doc:"UTC" format:"date-time"`
	End   string `json:"end" doc:"UTC, exclusive" format:"date-time"`
}

type jsonCoverage struct {
	Source string         `json:"source,omitempty" doc:"what the history was read from"`
	Share  float64        `json:"share" doc:"share of the window with data, 0 to 1"`
	Gaps   []jsonInterval `json:"gaps" doc:"spans of the window without data, in order"`
}

type jsonSummary struct {
	Files       int            `json:"files" doc:"files that hold rules, or should and do not"`
	Alerts      int            `json:"alerts"`
	Findings    int            `json:"findings"`
	BySeverity  jsonSeverities `json:"by_severity"`
	Fixable     int            `json:"fixable,omitempty" doc:"findings with a fix"`
	Suppressed  int            `json:"suppressed" doc:"findings silenced by comments in the rules; not listed"`
	Baselined   int            `json:"baselined,omitempty" doc:"findings known from the baseline; listed, and in no other count"`
	Before      int            `json:"before,omitempty" doc:"findings from before the change; not listed"`
	Score       *jsonScore     `json:"score,omitempty" doc:"absent where there is no alert"`
	FailOn      string         `json:"fail_on" doc:"findings from this severity on fail the run" enum:"never,info,warning,error"`
	Failing     int            `json:"failing" doc:"findings that fail the run"`
	Skipped     []string       `json:"skipped_checks" doc:"checks that did not run for want of a history, or of samples and SLOs"`
	Assumptions []string       `json:"assumptions" doc:"what urgencies were taken from, and what was inferred for want of a configuration"`
	Notes       []string       `json:"notes" doc:"what the command skipped or took for granted"`
	History     *jsonTotals    `json:"history,omitempty" doc:"what the alerts did in the window"`
}

type jsonSeverities struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
}

type jsonScore struct {
	Lead     float64    `json:"lead" doc:"the score to go by, out of 100: over what was received where that is known, else over alerts"`
	Grade    string     `json:"grade" doc:"of the lead score" enum:"A,B,C,D,F"`
	Mean     float64    `json:"mean" doc:"over alerts, out of 100"`
	Received *float64   `json:"received,omitempty" doc:"over alerts, each counted as often as a notification said that it fires, or where those are not known as often as it fired, out of 100; absent where there is none of it"`
	Grades   jsonGrades `json:"grades" doc:"alerts by grade"`
}

type jsonGrades struct {
	A int `json:"A"`
	B int `json:"B"`
	C int `json:"C"`
	D int `json:"D"`
	F int `json:"F"`
}

type jsonPlace struct {
	File      string `json:"file,omitempty" doc:"path as given, slash-separated; absent where a finding concerns no file"`
	Line      int    `json:"line" doc:"from 1"`
	Column    int    `json:"column" doc:"from 1, in bytes of UTF-8"`
	EndLine   int    `json:"end_line" doc:"of the first position after the span"`
	EndColumn int    `json:"end_column" doc:"of the first position after the span, in bytes of UTF-8"`
}

type jsonFinding struct {
	Check    string `json:"check" doc:"quality/name"`
	Quality  string `json:"quality" enum:"sound,mapped,quiet,unique,actionable"`
	Severity string `json:"severity" enum:"error,warning,info"`
	Message  string `json:"message" doc:"what is wrong"`
	Advice   string `json:"advice,omitempty" doc:"what to write instead"`
	jsonPlace
	AlertID     string             `json:"alert_id,omitempty" doc:"the alert concerned; absent where there is none, or where it is a recording rule"`
	Rule        *jsonRule          `json:"rule,omitempty" doc:"the rule concerned; absent where it concerns a file, or many rules at once"`
	Covers      []string           `json:"covers_alert_ids,omitempty" doc:"further alerts that the finding speaks for"`
	Related     []jsonRelated      `json:"related,omitempty" doc:"other places that the finding speaks of"`
	Fix         *jsonFix           `json:"fix,omitempty" doc:"what crywolf lint --fix would change; absent where that takes someone to decide"`
	Evidence    map[string]float64 `json:"evidence,omitempty" doc:"the numbers behind the message; names end in their unit"`
	Inferred    bool               `json:"inferred,omitempty" doc:"rests on an inferred house style or urgency"`
	Baselined   bool               `json:"baselined,omitempty" doc:"known from the baseline; fails nothing"`
	Points      int                `json:"points" doc:"that each alert concerned loses, out of 100, before the caps of the qualities"`
	Fingerprint string             `json:"fingerprint" doc:"stays the same when lines move or thresholds are tuned"`
}

type jsonRule struct {
	Kind  string `json:"kind" enum:"alert,record"`
	Name  string `json:"name"`
	Group string `json:"group"`
}

type jsonRelated struct {
	jsonPlace
	Rule    *jsonRule `json:"rule,omitempty"`
	Message string    `json:"message,omitempty"`
}

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits" doc:"of the finding's file as it is, in order and apart"`
}

type jsonEdit struct {
	Line      int    `json:"line" doc:"from 1"`
	Column    int    `json:"column" doc:"from 1, in bytes of UTF-8"`
	EndLine   int    `json:"end_line" doc:"of the first position after what is replaced"`
	EndColumn int    `json:"end_column" doc:"of the first position after what is replaced, in bytes of UTF-8"`
	Text      string `json:"text" doc:"what takes its place"`
}

type jsonAlert struct {
	ID         string            `json:"id" doc:"stays the same when lines move"`
	Name       string            `json:"name"`
	Group      string            `json:"group"`
	Scope      string            `json:"scope" doc:"alerts of different scopes never meet"`
	File       string            `json:"file"`
	Line       int               `json:"line" doc:"of the alert's name"`
	Labels     map[string]string `json:"labels" doc:"of the group and the rule, before templates"`
	Urgency    string            `json:"urgency" enum:"page,ticket,info,none,unknown"`
	Deadman    bool              `json:"deadman,omitempty" doc:"meant to fire always"`
	Score      int               `json:"score" doc:"0 to 100"`
	Grade      string            `json:"grade" enum:"A,B,C,D,F"`
	Confidence string            `json:"confidence" doc:"what the score rests on: the rules alone, too little history, or what the alert did" enum:"static,thin,measured"`
	Lost       map[string]int    `json:"lost" doc:"points lost, by quality"`
	Losses     []jsonLoss        `json:"losses" doc:"which finding each lost point belongs to, in the documented order of the checks"`
	SLI        jsonSLI           `json:"sli" doc:"what the alert stands for"`
	History    *jsonHistory      `json:"history,omitempty" doc:"what the alert did in the window"`
}

type jsonLoss struct {
	Check       string `json:"check"`
	Fingerprint string `json:"fingerprint" doc:"of the finding"`
	Points      int    `json:"points" doc:"what it cost this alert; less than the finding's own where the quality is at its cap"`
}

type jsonSLI struct {
	Verdict  string `json:"verdict" enum:"symptom,imminent,cause,meta,unknown"`
	ID       string `json:"id,omitempty" doc:"of the declared SLI that it is about; the first where there are several, see crywolf map"`
	Rung     string `json:"rung" doc:"what decided: the name of an SLO, a generator's marks, that it reads what an SLI counts, the shape of the expression, what is known of the metric, or nothing" enum:"named,generator,containment,shape,class,unknown"`
	Evidence string `json:"evidence,omitempty" doc:"in words"`
}
