package report

import (
	"encoding/json"
	"io"

	"github.com/crywolf-dev/crywolf/analyze"
)

// GitLab writes a Code Quality report, which GitLab compares between the
// branches of a merge request by its fingerprints.
type GitLab struct{}

type gitlabIssue struct {
	Description string         `json:"description"`
	Check       string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// Write implements Format.
func (GitLab) Write(w io.Writer, r *Report) error {
	issues := []gitlabIssue{}
	for _, f := range shown(r) {
		issue := gitlabIssue{
			Description: said(f),
			Check:       f.Check,
			Fingerprint: f.Fingerprint,
			Severity:    gitlabSeverity(f.Severity),
			Location:    gitlabLocation{Path: ".", Lines: gitlabLines{Begin: f.Position().Line}},
		}
		if file := r.home(f); file != nil {
			issue.Location.Path = sanitize(r.pathIn(file))
		}
		issues = append(issues, issue)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

// gitlabSeverity leaves blocker out: what blocks is for --fail-on to say.
func gitlabSeverity(s analyze.Severity) string {
	switch s {
	case analyze.Error:
		return "critical"
	case analyze.Warning:
		return "major"
	}
	return "info"
}
