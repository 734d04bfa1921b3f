package tmpl

// A kind says what an expression of a template may evaluate to, as a set:
// more than one bit is "cannot tell which".
type kind uint8

const (
	kindRoot     kind = 1 << iota // what Prometheus passes in: .Labels, .Value and the rest
	kindLabels                    // the alert's labels
	kindExternal                  // the server's external labels
	kindValue                     // the value
	kindOther                     // anything else
)

// A variable is one that a template declared.
type variable struct {
	name string
	kind kind
	from *origin
}

// An origin is the uses a variable's content was made of. They count as
// guarded until the variable is read where nothing guards it.
type origin struct {
	uses   []*Use
	via    []*origin
	labels bool // some label is among them
	bare   bool // was read where nothing guards it
}

// add takes in what was seen while the variable's content was put together.
func (o *origin) add(s seen) {
	if s.use != nil {
		o.uses = append(o.uses, s.use)
	} else {
		o.via = append(o.via, s.from)
	}
	o.labels = o.labels || s.ofLabel()
}

// expose marks all uses behind o as not guarded.
func (o *origin) expose() {
	if o == nil || o.bare {
		return
	}
	o.bare = true
	for _, u := range o.uses {
		u.Guarded = false
	}
	for _, v := range o.via {
		v.expose()
	}
}

// A setting is how what an expression yields is put to use.
type setting struct {
	guarded  bool // in a test, or in a branch that a test of a label decides
	tested   bool // in the pipeline of an if
	declares bool // in the pipeline that a variable is set to
}

// A scope holds the variables visible at a place, innermost last.
type scope []variable

func (s scope) lookup(name string) (variable, bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].name == name {
			return s[i], true
		}
	}
	return variable{}, false
}
