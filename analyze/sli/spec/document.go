package spec

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/crywolf-dev/crywolf/analyze/sli"
	"github.com/crywolf-dev/crywolf/rules/nearest"
)

// kubernetesKeys are those of every Kubernetes object.
var kubernetesKeys = []string{"apiVersion", "kind", "metadata", "spec", "status"}

// Kinds of objects by their groups. Only those that this package reads are told
// apart from the others, which say nothing of what is measured.
var (
	openSLOKinds = []string{"SLO", "SLI", "DataSource", "Service", "AlertPolicy", "AlertCondition", "AlertNotificationTarget"}
	slothKinds   = []string{"PrometheusServiceLevel", "AlertWindows"}
	pyrraKinds   = []string{"ServiceLevelObjective"}
)

// maxNested bounds lists of lists of objects.
const maxNested = 4

// objects finds those of a document, and reports whether any of them belongs to
// a format that is read here.
func (r *reader) objects(n *yaml.Node, depth int) (known bool) {
	n = resolved(n)
	if depth > maxNested || r.stopped {
		return false
	}
	list := n
	if n.Kind == yaml.MappingNode && strings.HasSuffix(value(n, "kind"), "List") {
		list = find(n, "items")
	}
	if list != nil && list.Kind == yaml.SequenceNode {
		r.visit(list, len(list.Content))
		for _, c := range list.Content {
			known = r.objects(c, depth+1) || known
		}
		return known
	}
	version, kind := value(n, "apiVersion"), value(n, "kind")
	switch group, _, _ := strings.Cut(version, "/"); {
	case version == "" && value(n, "version") == "prometheus/v1":
		r.document(n, r.slothFile)
	case group == "openslo" || group == "openslo.com":
		r.openSLOObject(n, version, kind)
	case group == "sloth.slok.dev":
		if r.isKind(n, kind, slothKinds) && kind == slothKinds[0] {
			r.document(n, r.slothObject)
		}
	case group == "pyrra.dev":
		if r.isKind(n, kind, pyrraKinds) {
			r.document(n, r.pyrra)
		}
	default:
		return false
	}
	return true
}

func (r *reader) openSLOObject(n *yaml.Node, version, kind string) {
	switch {
	case !r.isKind(n, kind, openSLOKinds):
	case version != "openslo/v1" && version != "openslo/v1alpha":
		if kind == "SLO" || kind == "SLI" {
			r.passVersion(n, version)
		}
	case kind == "SLO":
		r.document(n, r.openSLO)
	case kind == "SLI":
		r.indicator(n)
	case kind == "DataSource":
		if name := value(find(n, "metadata"), "name"); name != "" {
			r.sources[name] = value(find(n, "spec"), "type")
		}
	}
}

// passVersion says of an SLO or an SLI that its version is not read.
func (r *reader) passVersion(n *yaml.Node, version string) {
	at := find(n, "apiVersion")
	spec := find(n, "spec")
	s := &sli.SLI{Name: value(find(n, "metadata"), "name"), Service: firstOf(value(spec, "service"), value(spec, "serviceRef"))}
	r.one(s, "", 0, func() {
		r.pass(r.file.NodeSpan(at), "%s is a version of OpenSLO that is not read; openslo/v1 and openslo/v1alpha are", shorten(version))
	})
}

// isKind reports whether an object is of one of the kinds, and a problem where
// it plainly was meant to be.
func (r *reader) isKind(n *yaml.Node, kind string, kinds []string) bool {
	if slices.Contains(kinds, kind) {
		return true
	}
	if meant := nearest.Plainly(kind, kinds); meant != "" {
		r.fault(r.file.NodeSpan(find(n, "kind")), "Did you mean "+strconv.Quote(meant)+"?", "there is no kind %q in %s", shorten(kind), shorten(value(n, "apiVersion")))
	}
	return false
}

// document keeps an object to be read when all files are there.
func (r *reader) document(n *yaml.Node, read func(n *yaml.Node, order int)) {
	order := len(r.documents)
	r.documents = append(r.documents, func() { read(n, order) })
}

// indicator keeps an SLI object for the SLOs that name it. One that none of them
// names is an SLI without an objective.
func (r *reader) indicator(n *yaml.Node) {
	o := r.object(n, "", "apiVersion", "kind", "metadata", "spec")
	meta := o.need("metadata", "it names the SLI", "name", "displayName", "labels", "annotations")
	name, at := meta.name("name", "it names the SLI")
	if name == "" {
		return
	}
	shared := &sharedIndicator{reader: r, object: o, name: name, at: at, title: meta.text("displayName")}
	if first := r.indicators[name]; first != nil {
		if first.text() != shared.text() {
			r.fault(at, "Give one of the two another name.", "another SLI is called %q, and says something else: %s", shorten(name), placeOf(first.file, first.at))
		}
		return
	}
	r.indicators[name] = shared
	shared.labels = meta.labels("labels")
	shared.order = len(r.documents)
	r.documents = append(r.documents, func() {}) // its place
}

// find is the value of a key of a mapping, merges left out; nil where it has
// none.
func find(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return resolved(n.Content[i+1])
		}
	}
	return nil
}

// value is the text of a key of a mapping; "" where it has none.
func value(n *yaml.Node, key string) string {
	if v := find(n, key); v != nil && v.Kind == yaml.ScalarNode && !isNull(v) {
		return v.Value
	}
	return ""
}
