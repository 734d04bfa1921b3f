package tmpl

import "text/template/parse"

// A span is a range of bytes of the template's text.
type span struct{ start, end int }

func (w *walker) spanAt(start parse.Pos, length int) span {
	s := int(start) - len(definitions)
	return span{s, s + length}
}

// pipe evaluates a pipeline, sets the variables it declares, and says what it
// yields and where that stands. The result is consumed unless it goes into
// variables.
func (w *walker) pipe(p *parse.PipeNode, dot kind, ctx setting) (kind, span) {
	sawBefore := len(w.seen)
	ctx.declares = ctx.declares || len(p.Decl) > 0
	var (
		v    kind
		at   span
		last parse.Node // what yielded v, where it is a single operand
	)
	for i, cmd := range p.Cmds {
		piped := &operand{kind: v, at: at, node: last}
		if i == 0 {
			piped = nil
		}
		v, at = w.command(cmd, piped, dot, ctx)
		last = nil
		if len(cmd.Args) == 1 && piped == nil {
			last = cmd.Args[0]
		}
	}
	w.set(p.Decl, v, sawBefore)
	return v, at
}

// set puts v, made of what was seen since, into variables.
func (w *walker) set(decl []*parse.VariableNode, v kind, sawBefore int) {
	if len(decl) == 0 {
		return
	}
	from := &origin{}
	for _, s := range w.seen[sawBefore:] {
		from.add(s)
	}
	for _, d := range decl {
		name := d.Ident[0]
		if _, ok := w.reassigned[name]; ok {
			w.reassigned[name] |= v
			// What it holds where cannot be told, nor whether it is printed: it
			// may be made of labels, and exposes none.
			w.vars = append(w.vars, variable{name, w.reassigned[name], &origin{labels: true}})
			continue
		}
		w.vars = append(w.vars, variable{name: name, kind: v, from: from})
	}
}

// An operand is a value on its way into a command through a pipe.
type operand struct {
	kind kind
	at   span
	node parse.Node
}

func (w *walker) command(cmd *parse.CommandNode, piped *operand, dot kind, ctx setting) (kind, span) {
	first := cmd.Args[0]
	if id, ok := first.(*parse.IdentifierNode); ok {
		return w.call(id, cmd.Args[1:], piped, dot, ctx)
	}
	v, at := w.operand(first, dot, ctx)
	if len(cmd.Args) == 1 && piped == nil {
		return v, at
	}
	// Nothing here can be called with arguments: execution fails.
	w.consume(v, at, ctx)
	w.consumeAll(cmd.Args[1:], piped, dot, ctx)
	return kindOther, at
}

func (w *walker) consumeAll(args []parse.Node, piped *operand, dot kind, ctx setting) {
	for _, arg := range args {
		v, at := w.operand(arg, dot, ctx)
		w.consume(v, at, ctx)
	}
	if piped != nil {
		w.consume(piped.kind, piped.at, ctx)
	}
}

func (w *walker) call(id *parse.IdentifierNode, args []parse.Node, piped *operand, dot kind, ctx setting) (kind, span) {
	at := w.spanAt(id.Pos, len(id.Ident))
	switch id.Ident {
	case "index":
		return w.index(at, args, piped, dot, ctx), at
	case "and", "or":
		// They test their arguments and yield one of them.
		ctx.guarded = true
		var yields kind
		for _, arg := range args {
			v, argAt := w.operand(arg, dot, ctx)
			w.consume(v, argAt, ctx)
			yields |= v
		}
		if piped != nil {
			w.consume(piped.kind, piped.at, ctx)
			yields |= piped.kind
		}
		return yields, at
	case "query":
		w.query = true
	}
	w.consumeAll(args, piped, dot, ctx)
	return kindOther, at
}

// index looks for a label, or an external label, by its name in quotes.
func (w *walker) index(at span, args []parse.Node, piped *operand, dot kind, ctx setting) kind {
	if len(args) == 0 {
		w.consumeAll(nil, piped, dot, ctx)
		return kindOther
	}
	v, of := w.operand(args[0], dot, ctx)
	keys := args[1:]
	switch key := (*parse.StringNode)(nil); {
	case v != kindLabels:
		w.consume(v, of, ctx)
	case len(keys) > 0:
		if key, _ = keys[0].(*parse.StringNode); key == nil {
			w.whole = true
			break
		}
		keys = keys[1:]
		w.record(key.Text, span{at.start, w.spanAt(key.Pos, len(key.Quoted)).end}, ctx)
	case piped != nil:
		if key, _ = piped.node.(*parse.StringNode); key == nil {
			w.whole = true
			break
		}
		w.record(key.Text, w.spanAt(key.Pos, len(key.Quoted)), ctx)
	default:
		w.whole = true
	}
	w.consumeAll(keys, piped, dot, ctx)
	if len(args) == 1 && piped == nil {
		return v // index without a key yields its argument
	}
	return kindOther
}

func (w *walker) operand(node parse.Node, dot kind, ctx setting) (kind, span) {
	switch n := node.(type) {
	case *parse.DotNode:
		return dot, w.spanAt(n.Pos, 1)
	case *parse.VariableNode:
		v, _ := w.vars.lookup(n.Ident[0])
		w.read(v, ctx)
		start := n.Pos
		if len(n.Ident) > 1 { // the parser gives the place of the first field
			start -= parse.Pos(len(n.Ident[0]))
		}
		return w.fields(v.kind, n.Ident[1:], w.spanAt(start, len(n.Ident[0])), ctx)
	case *parse.FieldNode:
		start := n.Pos
		if len(n.Ident) > 1 { // the parser gives the place of the second field
			start -= parse.Pos(1 + len(n.Ident[0]))
		}
		return w.fields(dot, n.Ident, w.spanAt(start, 0), ctx)
	case *parse.ChainNode:
		v, _ := w.operand(n.Node, dot, ctx)
		return w.fields(v, n.Field, w.spanAt(n.Pos, 0), ctx)
	case *parse.PipeNode:
		return w.pipe(n, dot, ctx)
	case *parse.IdentifierNode:
		return w.call(n, nil, nil, dot, ctx)
	}
	return kindOther, span{}
}

// read takes note that a variable is read.
func (w *walker) read(v variable, ctx setting) {
	if v.from == nil {
		return
	}
	if !ctx.guarded && !ctx.declares {
		v.from.expose()
	}
	w.seen = append(w.seen, seen{from: v.from})
}

// fields follows .a.b.c from a value that ends at at.end.
func (w *walker) fields(v kind, names []string, at span, ctx setting) (kind, span) {
	for _, name := range names {
		at.end += len(".") + len(name)
		switch v {
		case kindRoot:
			v = rootField(name)
			continue
		case kindLabels:
			w.record(name, at, ctx)
		default:
			w.consume(v, at, ctx)
		}
		v = kindOther
	}
	return v, at
}

func rootField(name string) kind {
	switch name {
	case "Labels":
		return kindLabels
	case "ExternalLabels":
		return kindExternal
	case "Value":
		return kindValue
	}
	return kindOther
}
