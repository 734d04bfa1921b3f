package rules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A scribe writes rule files with scalars in every style, most of them valid.
type scribe struct {
	*rand.Rand
	eol     string
	anchors int
	out     strings.Builder
}

func (s *scribe) one(list ...string) string { return list[s.IntN(len(list))] }

func (s *scribe) chance(percent int) bool { return s.IntN(100) < percent }

func (s *scribe) pad(n int) string { return strings.Repeat(" ", n) }

// words is text for one line of a scalar.
func (s *scribe) words(special ...string) string {
	var b strings.Builder
	for range 1 + s.IntN(6) {
		if len(special) > 0 && s.chance(25) {
			b.WriteString(s.one(special...))
		} else {
			b.WriteString(s.one("a", "up", "rate(x[5m])", "é", "日本", "\U0001F525", "0", "x:y", "a#b", "-", "http://h/p", "\u00a0", "e\u0301"))
		}
		if s.chance(60) {
			b.WriteString(s.one(" ", " ", "  ", "\t"))
		}
	}
	return b.String()
}

func (s *scribe) newline() string {
	if s.chance(4) {
		return s.one("\u0085", "\u2028", "\u2029", "\r", "\n", "\r\n")
	}
	return s.eol
}

// folded is a scalar over several lines, those after the first indented.
func (s *scribe) folded(indent int, special ...string) string {
	var b strings.Builder
	b.WriteString(s.words(special...))
	for range s.IntN(4) {
		for range 1 + s.IntN(2)*s.IntN(3) {
			b.WriteString(s.newline())
			if s.chance(10) {
				b.WriteString(s.pad(s.IntN(indent + 2)))
			}
		}
		b.WriteString(s.pad(indent + s.IntN(3)))
		b.WriteString(s.words(special...))
	}
	return b.String()
}

func (s *scribe) double(indent int) string {
	return `"` + s.folded(indent, `\n`, `\"`, `\\`, `\t`, "\\\t", `\x41`, `\u00e9`, `\U0001F525`, `\ `, `\N`, `\_`, `\L`, `\P`, `\0`, `\e`, `'`, "# no",
		"\\"+s.eol, "\\"+s.eol+s.pad(indent), `\r`, `\a`, `\/`[0:1]+`b`) + `"`
}

func (s *scribe) single(indent int) string {
	return "'" + s.folded(indent, "''", `"`, `\n`, "# no", ": ", "''''", "{{ $value }}") + "'"
}

func (s *scribe) block(indent int) string {
	var b strings.Builder
	b.WriteString(s.one("|", ">"))
	own := 1 + s.IntN(4)
	explicit := s.chance(30)
	digit := ""
	if explicit {
		digit = fmt.Sprint(own)
	}
	chomp := s.one("", "+", "-")
	if s.chance(50) {
		b.WriteString(digit + chomp)
	} else {
		b.WriteString(chomp + digit)
	}
	b.WriteString(s.one("", "", " ", " # header comment", "\t# tab"))
	b.WriteString(s.eol)
	for range s.IntN(3) {
		b.WriteString(s.pad(s.IntN(indent+own+1)) + s.newline())
	}
	for i := range s.IntN(5) {
		lead := 0
		if (i > 0 || explicit) && s.chance(30) {
			lead = 1 + s.IntN(3)
		}
		b.WriteString(s.pad(indent+own+lead) + s.one("", "", "", "\t") + s.words("# not a comment", "key: value", "- item", "'", `"`, "'''"))
		b.WriteString(s.newline())
		for range s.IntN(2) * s.IntN(4) {
			b.WriteString(s.pad(s.IntN(indent+own+3)) + s.newline())
		}
	}
	return strings.TrimSuffix(b.String(), s.eol)
}

func (s *scribe) properties(indent int) string {
	var b strings.Builder
	if s.chance(15) {
		s.anchors++
		fmt.Fprintf(&b, "&a%d%s", s.anchors, s.one(" ", "  ", " # c"+s.eol+s.pad(indent+1)))
	}
	if s.chance(10) {
		b.WriteString(s.one("!!str ", "! ", "!<tag:yaml.org,2002:str> ", "!!str"+s.eol+s.pad(indent+1)))
	}
	return b.String()
}

// value writes a scalar whose parent mapping stands at indent.
func (s *scribe) value(indent int, flow bool) string {
	if s.anchors > 0 && s.chance(8) {
		return fmt.Sprintf("*a%d ", 1+s.IntN(s.anchors))
	}
	switch n := s.IntN(12); {
	case n == 0:
		return s.properties(indent)
	case n == 1:
		return s.properties(indent) + s.one("no", "1", "~", "null", "1.5e3", "2020-01-01", "0x1f", "true", "<<", `""`, "''", "|", ">-", "|+")
	case n < 5 && !flow:
		return s.properties(indent) + s.block(indent)
	case n < 7:
		return s.properties(indent) + s.double(indent+1)
	case n < 9:
		return s.properties(indent) + s.single(indent+1)
	case flow:
		return s.properties(indent) + s.one("plain", "two words", "é"+s.eol+s.pad(indent+1)+"b")
	}
	return s.properties(indent) + s.folded(indent+1, `"`, "'", `\n`, "[", "}", ", ", ":x", "?")
}

// file is a rule file of one rule with many labels.
func (s *scribe) file() string {
	s.eol = s.one("\n", "\n", "\n", "\r\n", "\r")
	s.anchors = 0
	s.out.Reset()
	if s.chance(20) {
		s.out.WriteString(bom)
	}
	line := func(text string) {
		s.out.WriteString(text)
		if s.chance(10) {
			s.out.WriteString(s.one(" # trailing", "  #", "\t# é"))
		}
		s.out.WriteString(s.newline())
		for s.chance(5) {
			s.out.WriteString(s.one("", "# own line", "      # ‘indented’") + s.eol)
		}
	}
	line("groups:")
	step := 1 + s.IntN(4)
	line("- name: g")
	line("  rules:")
	base := 2 + s.IntN(2)*step
	line(s.pad(base) + "- alert: A")
	line(s.pad(base) + "  expr: " + s.one("up == 0", "'up == 0'", `"up == 0"`))
	if s.chance(20) {
		s.out.WriteString(s.pad(base) + "  labels: {")
		for i := range 1 + s.IntN(5) {
			if i > 0 {
				s.out.WriteString(s.one(",", ", ", " , ", ","+s.eol+s.pad(base+3)))
			}
			fmt.Fprintf(&s.out, "k%d: %s", i, s.value(base+2, true))
		}
		line("}")
		return s.out.String()
	}
	line(s.pad(base) + "  labels:")
	for i := range 1 + s.IntN(6) {
		key := fmt.Sprintf("k%d", i)
		if s.chance(15) {
			key = s.one(fmt.Sprintf(`"é%d\t"`, i), fmt.Sprintf("'%d'", i), fmt.Sprintf("&k%d %d x", i, i), fmt.Sprintf("? q%d", i))
		}
		sep := ": "
		if strings.HasPrefix(key, "?") {
			sep = s.eol + s.pad(base+2+step) + ": "
		}
		line(s.pad(base+2+step) + key + sep + s.value(base+2+step, false))
	}
	if s.chance(20) {
		return strings.TrimRight(s.out.String(), "\r\n")
	}
	return s.out.String()
}

func TestGeneratedScalars(t *testing.T) {
	s := &scribe{Rand: rand.New(rand.NewPCG(1, 2))}
	read := 0
	const files = 2000
	for range files {
		src := s.file()
		f := Parse("generated.yaml", []byte(src), Options{Named: true})
		if f.ruleCount() == 0 {
			continue
		}
		read++
		if f.misread > 0 {
			t.Fatalf("misread: %q", src)
		}
		for _, r := range f.Groups[0].Rules {
			for _, field := range r.fields() {
				require.NoError(t, checkScalar(field.Key), "%q", src)
				require.NoError(t, checkScalar(field.Value), "%q", src)
			}
		}
	}
	t.Logf("%d of %d generated files were valid", read, files)
	require.Greater(t, read, files/2)
}
