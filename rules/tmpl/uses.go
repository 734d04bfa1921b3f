package tmpl

import (
	"maps"
	"slices"
	"text/template/parse"
)

// findings are what a template was seen to use.
type findings struct {
	labels, value          []Use
	whole, query, external bool
}

// maxPasses bounds how often a template is walked until what its reassigned
// variables may hold is settled; beyond it they may hold anything.
const maxPasses = 4

// findUses walks the template as execution would, over every branch at once.
func findUses(trees map[string]*parse.Tree) findings {
	reassigned := map[string]kind{}
	for _, tree := range trees {
		findReassigned(tree.Root, false, reassigned)
	}
	for pass := 1; ; pass++ {
		w := &walker{
			trees:      trees,
			reassigned: maps.Clone(reassigned),
			uses:       map[useKey]*Use{},
			entered:    map[entry]bool{},
		}
		w.vars = scope{{name: "$", kind: kindRoot}}
		w.walk(trees[templateName].Root, kindRoot, false)
		if maps.Equal(w.reassigned, reassigned) {
			return w.findings()
		}
		reassigned = w.reassigned
		if pass >= maxPasses {
			for name := range reassigned {
				reassigned[name] = kindRoot | kindLabels | kindExternal | kindValue | kindOther
			}
		}
	}
}

// A walker walks a template's nodes.
type walker struct {
	trees map[string]*parse.Tree

	vars       scope
	seen       []seen          // what was used since the walk began, for conditions and declarations
	reassigned map[string]kind // variables set more than once, and what they may hold by now
	uses       map[useKey]*Use
	entered    map[entry]bool

	whole, query, external bool
}

type useKey struct {
	pos  int
	name string
}

// An entry is one way in which a defined template is invoked; each is walked
// once.
type entry struct {
	name    string
	dot     kind
	guarded bool
}

// seen is one use, or one read of a variable made of uses.
type seen struct {
	use  *Use
	from *origin
}

// ofLabel reports whether a label is in it.
func (s seen) ofLabel() bool {
	if s.use != nil {
		return s.use.Name != ""
	}
	return s.from.labels
}

func (w *walker) findings() findings {
	f := findings{whole: w.whole, query: w.query, external: w.external}
	for _, u := range w.uses {
		if u.Name == "" {
			f.value = append(f.value, *u)
		} else {
			f.labels = append(f.labels, *u)
		}
	}
	byPos := func(a, b Use) int { return a.Pos - b.Pos }
	slices.SortFunc(f.labels, byPos)
	slices.SortFunc(f.value, byPos)
	return f
}

func (w *walker) walk(node parse.Node, dot kind, guarded bool) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			w.walk(child, dot, guarded)
		}
	case *parse.ActionNode:
		if v, at := w.pipe(n.Pipe, dot, setting{guarded: guarded}); len(n.Pipe.Decl) == 0 {
			w.consume(v, at, setting{guarded: guarded})
		}
	case *parse.IfNode:
		w.branch(&n.BranchNode, dot, guarded)
	case *parse.WithNode:
		w.branch(&n.BranchNode, dot, guarded)
	case *parse.RangeNode:
		w.rangeOver(&n.BranchNode, dot, guarded)
	case *parse.TemplateNode:
		w.invoke(n, dot, guarded)
	}
}

// branch walks an if or a with. Whatever the test of a label decides, in
// either direction, counts as guarded.
func (w *walker) branch(n *parse.BranchNode, dot kind, guarded bool) {
	mark, sawBefore := len(w.vars), len(w.seen)
	ctx := setting{guarded: true, tested: n.Type() == parse.NodeIf}
	v, at := w.pipe(n.Pipe, dot, ctx)
	w.consume(v, at, setting{guarded: true, tested: true})
	for _, s := range w.seen[sawBefore:] {
		guarded = guarded || s.ofLabel()
	}
	guarded = guarded || v&(kindLabels|kindRoot) != 0
	body := dot
	if n.Type() == parse.NodeWith {
		body = v
	}
	inner := len(w.vars)
	w.walk(n.List, body, guarded)
	w.vars = w.vars[:inner]
	w.walk(n.ElseList, dot, guarded)
	w.vars = w.vars[:mark]
}

func (w *walker) rangeOver(n *parse.BranchNode, dot kind, guarded bool) {
	mark := len(w.vars)
	v, at := w.pipe(n.Pipe, dot, setting{guarded: guarded})
	w.consume(v, at, setting{guarded: guarded})
	inner := len(w.vars)
	for i := inner - len(n.Pipe.Decl); i < inner; i++ {
		w.vars[i].kind = kindOther // elements, never the whole
	}
	w.walk(n.List, kindOther, guarded)
	w.vars = w.vars[:inner]
	w.walk(n.ElseList, dot, guarded)
	w.vars = w.vars[:mark]
}

func (w *walker) invoke(n *parse.TemplateNode, dot kind, guarded bool) {
	passed := kindOther
	if n.Pipe != nil {
		// What the template does with it is beyond telling, short of a label
		// reaching it by name.
		passed, _ = w.pipe(n.Pipe, dot, setting{guarded: true})
	}
	t := w.trees[n.Name]
	e := entry{n.Name, passed, guarded}
	if t == nil || w.entered[e] {
		return
	}
	w.entered[e] = true
	outer := w.vars
	w.vars = scope{{name: "$", kind: passed}}
	w.walk(t.Root, passed, guarded)
	w.vars = outer
}

// consume takes note of a value that is printed, tested or handed on, so that
// all that is in it counts.
func (w *walker) consume(v kind, at span, ctx setting) {
	if v&(kindRoot|kindLabels) != 0 {
		w.whole = true
	}
	if v&(kindRoot|kindExternal) != 0 {
		w.external = true
	}
	if v == kindValue || v == kindRoot {
		w.record("", at, ctx)
	}
}

// record takes note of a use.
func (w *walker) record(name string, at span, ctx setting) {
	key := useKey{at.start, name}
	u := w.uses[key]
	if u == nil {
		u = &Use{Name: name, Pos: at.start, End: at.end, Guarded: true, Tested: true}
		w.uses[key] = u
	}
	u.Guarded = u.Guarded && name != "" && (ctx.guarded || ctx.declares)
	u.Tested = u.Tested && ctx.tested
	w.seen = append(w.seen, seen{use: u})
}

// findReassigned names the variables that are assigned to, or declared inside
// an argument, which may not be executed.
func findReassigned(node parse.Node, nested bool, out map[string]kind) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			findReassigned(child, false, out)
		}
	case *parse.ActionNode:
		findReassigned(n.Pipe, false, out)
	case *parse.IfNode:
		findReassignedIn(&n.BranchNode, out)
	case *parse.WithNode:
		findReassignedIn(&n.BranchNode, out)
	case *parse.RangeNode:
		findReassignedIn(&n.BranchNode, out)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			findReassigned(n.Pipe, false, out)
		}
	case *parse.PipeNode:
		for _, d := range n.Decl {
			if n.IsAssign || nested {
				out[d.Ident[0]] = 0
			}
		}
		for _, cmd := range n.Cmds {
			for _, arg := range cmd.Args {
				findReassigned(arg, true, out)
			}
		}
	case *parse.ChainNode:
		findReassigned(n.Node, true, out)
	}
}

func findReassignedIn(n *parse.BranchNode, out map[string]kind) {
	findReassigned(n.Pipe, false, out)
	findReassigned(n.List, false, out)
	findReassigned(n.ElseList, false, out)
}
