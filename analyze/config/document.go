package config

import (
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/crywolf-dev/crywolf/analyze"
	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules"
)

// A document is the file as it stands. Its tags are the reference, the schema
// and what decoding knows of the keys, all in one.
type document struct {
	Paths          []glob                   `yaml:"paths" doc:"what is read where a command is given no path: files, folders and globs"`
	Ignore         []glob                   `yaml:"ignore" doc:"files and folders that are never read, not even where a command names them"`
	Scopes         []declaredScope          `yaml:"scopes" doc:"which rules live together in one Prometheus; the first that fits a rule is its scope, and rules of different scopes are never compared"`
	Variants       []variants               `yaml:"variants" doc:"files to choose from, such as those for two exporters of one product: rules of two such files are never compared"`
	Urgency        map[severityName]urgency `yaml:"urgency" doc:"what each severity does to a person; one that is not listed is a ticket, unless Alertmanager says else"`
	Alertmanager   file                     `yaml:"alertmanager" doc:"Alertmanager's configuration, for severities that urgency does not list: what an alert does to a person, by the kind of receiver that it reaches"`
	Style          map[concern]declaredKeys `yaml:"style" doc:"which labels or annotations carry what an alert has to say, and which alerts must say it; what is not listed is inferred"`
	SLIs           []declaredSLI            `yaml:"slis" doc:"what users feel, as numbers, and what is promised of each"`
	SLOs           []file                   `yaml:"slos" doc:"specifications of SLOs, files and folders: of OpenSLO, Sloth or Pyrra"`
	ScrapeInterval duration                 `yaml:"scrape_interval" doc:"how often targets are scraped"`
	ReplicaLabels  []text                   `yaml:"replica_labels" doc:"labels that tell apart servers which evaluate the same rules, such as the two of a pair: what they differ in alone is one alert"`
	Hours          declaredHours            `yaml:"hours" doc:"when people work and sleep, for a review of what woke them"`
	Metrics        []declaredMetric         `yaml:"metrics" doc:"what an alert stands for that reads certain metrics, before what crywolf knows of them by their names; the first that fits has its way"`
	Checks         map[checkID]checkOptions `yaml:"checks" doc:"what is different about a check everywhere"`
	Overrides      []override               `yaml:"overrides" doc:"what is different about checks in some places; where several fit, the last one that says something of a check has its way"`
}

type declaredScope struct {
	Name   text            `yaml:"name" doc:"what the scope is called" required:"true"`
	Paths  []glob          `yaml:"paths" doc:"the files in it; all where there is no such key"`
	Labels map[string]text `yaml:"labels" doc:"labels that a rule or its group sets to exactly these values"`
}

type variants struct {
	Paths []glob `yaml:"paths" doc:"two or more, each a variant of the others" required:"true"`
}

// A declaredSLI is measured as events, as a ratio, or as a value.
type declaredSLI struct {
	ID        name     `yaml:"id" doc:"what it is called; its full name has the service and a slash before it" required:"true"`
	Service   text     `yaml:"service" doc:"the service whose users feel it"`
	Journey   text     `yaml:"journey" doc:"what users do that it measures"`
	Title     text     `yaml:"title" doc:"what it is, in a few words"`
	Owner     text     `yaml:"owner" doc:"whose it is"`
	Objective share    `yaml:"objective" doc:"the share of good that is promised, such as 0.999"`
	Window    duration `yaml:"window" doc:"over which it is promised, such as 30d"`
	Good      query    `yaml:"good" doc:"good events; total goes with it"`
	Bad       query    `yaml:"bad" doc:"bad events; total goes with it"`
	Total     query    `yaml:"total" doc:"all events"`
	Ratio     query    `yaml:"ratio" doc:"a share of events; ratio_of goes with it"`
	RatioOf   shareOf  `yaml:"ratio_of" doc:"of which events ratio is the share"`
	Value     query    `yaml:"value" doc:"a value that is good on one side of a threshold; op and threshold go with it"`
	Op        op       `yaml:"op" doc:"value is good where it is this to threshold: less than, at most, greater than, at least"`
	Threshold number   `yaml:"threshold" doc:"what value is compared with"`

	at position
}

type declaredKeys struct {
	Keys     []text     `yaml:"keys" doc:"labels or annotations that carry it, the one to use first" required:"true"`
	Required []required `yaml:"required" doc:"of which urgency every alert must have it"`

	at position
}

type declaredMetric struct {
	Names   pattern `yaml:"names" doc:"a regular expression that matches the whole name of a metric" required:"true"`
	Label   text    `yaml:"label" doc:"a label by which an alert has to pick its series"`
	Values  pattern `yaml:"values" doc:"a regular expression that matches the values it picks of that label; any where there is no such key"`
	Verdict verdict `yaml:"verdict" doc:"what an alert that reads such a metric stands for" required:"true"`
	What    text    `yaml:"what" doc:"what the metric tells of, for the evidence: the end of \"it tells of …\""`

	at position
}

type override struct {
	Paths  []glob              `yaml:"paths" doc:"the files it is about; all where there is no such key"`
	Labels map[string]text     `yaml:"labels" doc:"labels that a rule or its group sets to exactly these values; alertname is the alert's name"`
	Checks map[checkID]outcome `yaml:"checks" doc:"what is different about a check there" required:"true"`

	at position
}

// An outcome is what a finding does to a build and to a score.
type outcome struct {
	Severity severity `yaml:"severity" doc:"what a finding is worth to a build; off turns the check off"`
	Points   points   `yaml:"points" doc:"what a finding costs an alert out of 100, whatever was measured; the score still caps each quality"`
}

// checkOptions are an outcome and the options of the check, which are decoded
// into the check itself.
type checkOptions struct {
	outcome
}

// The scalars of the file, each with its place.
type (
	text struct {
		value string
		at    position
	}
	glob struct {
		pattern string
		at      position
	}
	pattern text // a regular expression
	// file is a path that stands for itself.
	file     struct{ glob }
	urgency  analyze.Urgency
	required analyze.Urgency
	concern  analyze.Concern
	checkID  string
	verdict  sli.Verdict
	// severityName is a severity as alerts carry it, in lower case.
	severityName string

	duration time.Duration
	// name is a text whose place findings show.
	name struct {
		text
		span rules.Span
	}
	query struct {
		*sli.Query // nil where there is none
		at         position
	}
	share   float64
	shareOf string
	op      parser.ItemType
	number  struct {
		x   float64
		set bool
	}
	points struct {
		n   int
		set bool
	}
	severity struct {
		analyze.Severity      // 0 where off, or not set
		off              bool // never judge
	}
)

// offWord is the severity that turns a check off.
const offWord = "off"

// A position is a place in the file: line and column from 1, in bytes.
type position struct{ line, column int }

func words[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

// enums are the words that a scalar, or the key of a mapping, may be.
func urgencyWords() []string { return words(analyze.Urgencies()) }

// requiredWords leave out none: what notifies nobody has nothing to tell.
func requiredWords() []string {
	all := urgencyWords()
	return all[:len(all)-1]
}

func verdictWords() []string {
	var out []string
	for _, v := range sli.Verdicts() {
		out = append(out, v.String())
	}
	return out
}

func concernWords() []string { return words(analyze.Concerns()) }

func severityWords() []string {
	return []string{analyze.Error.String(), analyze.Warning.String(), analyze.Info.String(), offWord}
}
