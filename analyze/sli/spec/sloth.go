package spec

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
)

// Sloth's own file is in snake_case, its Kubernetes object in camelCase:
// https://sloth.dev/specs/default/ and https://sloth.dev/specs/kubernetes/.
type slothKeys struct {
	spec, slo, sli, events, raw, alerting []string

	errors, total, ratio, page, plugins string
}

var (
	slothFile = slothKeys{
		spec:     []string{"version", "service", "labels", "slo_plugins", "slos"},
		slo:      []string{"name", "description", "objective", "labels", "sli", "alerting", "plugins"},
		sli:      []string{"raw", "events", "plugin"},
		events:   []string{"error_query", "total_query"},
		raw:      []string{"error_ratio_query"},
		alerting: []string{"name", "labels", "annotations", "page_alert", "ticket_alert"},
		errors:   "error_query", total: "total_query", ratio: "error_ratio_query", page: "page_alert", plugins: "slo_plugins",
	}
	slothObject = slothKeys{
		spec:     []string{"service", "labels", "sloPlugins", "slos"},
		slo:      []string{"name", "description", "objective", "labels", "sli", "alerting", "plugins"},
		sli:      []string{"raw", "events", "plugin"},
		events:   []string{"errorQuery", "totalQuery"},
		raw:      []string{"errorRatioQuery"},
		alerting: []string{"name", "labels", "annotations", "pageAlert", "ticketAlert"},
		errors:   "errorQuery", total: "totalQuery", ratio: "errorRatioQuery", page: "pageAlert", plugins: "sloPlugins",
	}
)

// slothWindow is what Sloth takes unless its command line says else.
const slothWindow = 30 * day

// slothLabels are those that Sloth gives to everything it makes of an SLO.
func slothLabels(service, name string) map[string]string {
	return map[string]string{"sloth_id": service + "-" + name, "sloth_service": service, "sloth_slo": name}
}

func (r *reader) slothFile(n *yaml.Node, order int) { r.sloth(n, "", "", slothFile, order) }

func (r *reader) slothObject(n *yaml.Node, order int) {
	o := r.object(n, "", kubernetesKeys...)
	spec := o.get("spec")
	if spec == nil {
		o.missing("spec", "it holds the SLOs")
		return
	}
	r.sloth(spec, "spec", o.object("metadata").text("namespace"), slothObject, order)
}

func (r *reader) sloth(n *yaml.Node, where, namespace string, keys slothKeys, order int) {
	spec := r.object(n, where, keys.spec...)
	service, _ := spec.name("service", "it names what the SLOs are of")
	labels := spec.labels("labels")
	ofAll := spec.object(keys.plugins).metricsQL()
	slos := spec.list("slos")
	if len(slos) == 0 {
		spec.missing("slos", "it lists what is promised")
	}
	for i, item := range slos {
		slo := r.object(item, fmt.Sprintf("%s[%d]", spec.path("slos"), i), keys.slo...)
		s := &sli.SLI{Service: service, Format: "sloth", Window: slothWindow}
		if s.Name, s.Span = slo.name("name", "it tells the SLOs of a service apart"); s.Name == "" || service == "" {
			continue
		}
		s.Labels = slothLabels(service, s.Name)
		s.Title = firstLine(slo.text("description"))
		own := slo.labels("labels")
		s.Owner = firstOf(ownerOf(own), ownerOf(labels))
		s.Journey = firstOf(own["journey"], labels["journey"])
		language := firstOf(ofAll, slo.object("plugins").metricsQL())
		r.one(s, namespace, order, func() {
			s.Objective = slo.percent("objective")
			if s.Objective == 0 && !slo.said["objective"] {
				r.fault(slo.at("objective"), "", "%s has no objective: it is the share in percent that is promised to be good", slo.where)
			}
			s.Unalerted = slo.object("alerting", keys.alerting...).object(keys.page).flag("disable")
			in := slo.need("sli", "it says what is measured", keys.sli...)
			switch in.only("events", "raw", "plugin") {
			case "events":
				events := in.object("events", keys.events...)
				s.Bad = events.query(keys.errors, language)
				s.Total = events.query(keys.total, language)
			case "raw":
				s.RatioIsBad = true
				s.Ratio = in.object("raw", keys.raw...).query(keys.ratio, language)
			}
			// A plugin writes queries that nobody sees here: the labels must do.
		})
	}
}

// metricsQL is what queries may be in besides PromQL: there is a plugin that
// makes Sloth take VictoriaMetrics's language.
func (o object) metricsQL() string {
	for i, plugin := range o.list("chain") {
		if strings.Contains(o.r.object(plugin, fmt.Sprintf("%s[%d]", o.path("chain"), i)).text("id"), "victoria_metrics") {
			return "MetricsQL"
		}
	}
	return ""
}
