package report

// The types below are the contract of crywolf map --format json, of which
// docs/crywolf-map-v1.schema.json is generated, as that of lint and review is; see
// json_types.go.

type mapDocument struct {
	Schema      string        `json:"schema" doc:"version of this format" enum:"crywolf/v1"`
	ToolVersion string        `json:"tool_version" doc:"version of crywolf"`
	Command     string        `json:"command" doc:"the command whose output this is" enum:"map"`
	Window      *jsonInterval `json:"window,omitempty" doc:"the span of time in which SLIs were followed; only with samples"`
	Summary     mapSummary    `json:"summary"`
	Gaps        []mapGap      `json:"gaps" doc:"what is missing, in order of file and place"`
	SLIs        []mapSLI      `json:"slis" doc:"in order of file and place"`
	Rest        []mapRest     `json:"alerts_without_sli" doc:"alerts that are about no declared SLI, in order of file and place"`
	Problems    []mapProblem  `json:"problems" doc:"specifications that can't be used, whether or not the check for them is on"`
	PassedOver  []mapProblem  `json:"passed_over" doc:"specifications that are not for crywolf, such as those that no PromQL measures"`
}

type mapSummary struct {
	SLIs        int         `json:"slis"`
	Covered     int         `json:"slis_with_page"`
	Alerts      int         `json:"alerts"`
	About       int         `json:"alerts_about_slis"`
	Verdicts    mapVerdicts `json:"alerts_without_sli" doc:"by what they stand for"`
	Gaps        int         `json:"gaps"`
	Suppressed  int         `json:"suppressed" doc:"gaps silenced by comments in the rules; not listed"`
	Assumptions []string    `json:"assumptions" doc:"what urgencies were taken from"`
	Notes       []string    `json:"notes" doc:"what the command skipped or took for granted"`
}

type mapVerdicts struct {
	Symptom  int `json:"symptom"`
	Imminent int `json:"imminent"`
	Cause    int `json:"cause"`
	Meta     int `json:"meta"`
	Unknown  int `json:"unknown"`
}

type mapGap struct {
	Check   string `json:"check" doc:"that finds it; crywolf explain says what it means"`
	Message string `json:"message" doc:"what is missing"`
	Advice  string `json:"advice,omitempty" doc:"what to do"`
	jsonPlace
	AlertID     string `json:"alert_id,omitempty" doc:"the alert concerned"`
	SLIID       string `json:"sli_id,omitempty" doc:"the SLI concerned"`
	Inferred    bool   `json:"inferred,omitempty" doc:"rests on an inferred urgency"`
	Fingerprint string `json:"fingerprint" doc:"as that of the finding of lint"`
}

type mapSLI struct {
	ID        string   `json:"id" doc:"service/name, or the name alone"`
	Name      string   `json:"name"`
	Service   string   `json:"service,omitempty"`
	Title     string   `json:"title,omitempty"`
	Journey   string   `json:"journey,omitempty" doc:"what users do that it measures"`
	Owner     string   `json:"owner,omitempty"`
	Objective *float64 `json:"objective,omitempty" doc:"share of good that is promised, 0 to 1; absent where none is"`
	Window    *float64 `json:"window_seconds,omitempty" doc:"over which it is promised; absent where nobody said"`
	Format    string   `json:"format" doc:"of its specification" enum:"openslo,sloth,pyrra,crywolf"`
	jsonPlace
	Unalerted  bool         `json:"unalerted" doc:"its specification says that nobody is to be paged for it"`
	Covered    bool         `json:"covered" doc:"some page is about it"`
	Gaps       []string     `json:"gaps" doc:"the checks that find something missing"`
	Refused    string       `json:"refused,omitempty" doc:"why it could not be followed; only with samples"`
	Breaches   *[]mapBreach `json:"breaches,omitempty" doc:"in order of time; absent without samples, and where it could not be followed"`
	UrgentTold *mapShare    `json:"urgent_told,omitempty" doc:"share of the urgent breaches that some page about it tells of; only with samples and a history"`
	Alerts     []mapWatcher `json:"alerts" doc:"those that are about it: pages first, then by how close they are to it"`
}

type mapBreach struct {
	Start    string  `json:"start" doc:"UTC" format:"date-time"`
	End      string  `json:"end" doc:"UTC, exclusive" format:"date-time"`
	Spent    float64 `json:"spent_ratio" doc:"share of the error budget of the whole window; over 1 where there was more than all of it"`
	Urgent   bool    `json:"urgent" doc:"spent so much so fast that it deserves a page"`
	StartCut bool    `json:"start_cut,omitempty" doc:"data are missing right before"`
	EndCut   bool    `json:"end_cut,omitempty" doc:"data are missing right after"`
	Gaps     bool    `json:"gaps,omitempty" doc:"data are missing inside"`
}

type mapWatcher struct {
	AlertID  string     `json:"alert_id" doc:"as lint and review have it"`
	Name     string     `json:"name"`
	Urgency  string     `json:"urgency" enum:"page,ticket,info,none,unknown"`
	File     string     `json:"file"`
	Line     int        `json:"line" doc:"of the alert's name"`
	Fit      string     `json:"fit" doc:"how close it is to the SLI" enum:"named,same,narrower,wider,other bound,traffic"`
	Rung     string     `json:"rung" doc:"how that is known: it names the SLO, reads a generator's records of it, or reads what the SLI counts" enum:"named,generator,containment"`
	Evidence string     `json:"evidence" doc:"in words"`
	Impact   *mapImpact `json:"impact,omitempty" doc:"only with samples and a history, and where the SLI could be followed"`
}

type mapImpact struct {
	Precision mapShare `json:"precision" doc:"share of outbreaks, firings that overlap each other, that overlap a breach"`
	Firings   mapShare `json:"precision_by_firing" doc:"the same of single firings, which are not independent of each other"`
	Recall    mapShare `json:"recall" doc:"share of breaches that a firing overlaps"`
	Ambiguous int      `json:"ambiguous_firings" doc:"those that may be another alert's, and are counted nowhere"`
	Lag       *mapLag  `json:"lag_seconds,omitempty" doc:"from the beginning of a breach to the first firing; less than 0 where that came before"`
}

type mapShare struct {
	Share   *float64 `json:"share_ratio,omitempty" doc:"hits by of; absent where there are none"`
	Low     float64  `json:"low_ratio" doc:"of its Wilson interval, at 95 % confidence"`
	High    float64  `json:"high_ratio" doc:"of its Wilson interval, at 95 % confidence"`
	Hits    int      `json:"hits"`
	Of      int      `json:"of" doc:"those that could be judged"`
	Unclear int      `json:"unclear" doc:"those that could not, in neither of the others"`
}

type mapLag struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

type mapRest struct {
	ID       string   `json:"id" doc:"stays the same when lines move"`
	Name     string   `json:"name"`
	File     string   `json:"file"`
	Line     int      `json:"line" doc:"of the alert's name"`
	Urgency  string   `json:"urgency" enum:"page,ticket,info,none,unknown"`
	Verdict  string   `json:"verdict" doc:"what it stands for" enum:"symptom,imminent,cause,meta,unknown"`
	Rung     string   `json:"rung" doc:"what decided: a generator's marks, the shape of the expression, what is known of the metric, or nothing" enum:"generator,shape,class,unknown"`
	Evidence string   `json:"evidence,omitempty" doc:"in words"`
	Gaps     []string `json:"gaps" doc:"the checks that find something missing"`
}

type mapProblem struct {
	jsonPlace
	SLIID   string `json:"sli_id,omitempty" doc:"the SLI that is missing for it"`
	Message string `json:"message" doc:"what was found and what was expected"`
	Hint    string `json:"hint,omitempty" doc:"what to do"`
}
