package baseline

import (
	"bytes"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

const header = `# Findings that were here when crywolf began to refuse new ones. ` + "`crywolf baseline`" + ` takes out those that are gone.
`

// Encode writes a baseline down, an entry a line, so that changes to different
// files merge without conflict. The same findings give the same bytes.
func (b *Baseline) Encode() ([]byte, error) {
	entries := slices.Clone(b.Entries)
	Sort(entries)
	var out bytes.Buffer
	out.WriteString(header)
	fmt.Fprintf(&out, "version: %d\n", version)
	paths := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, p := range slices.Compact(slices.Sorted(slices.Values(b.Paths))) {
		paths.Content = append(paths.Content, scalar(p))
	}
	line := func(lead string, n *yaml.Node) error {
		text, err := yaml.Marshal(n)
		if err != nil {
			return fmt.Errorf("writing the baseline: %w", err)
		}
		out.WriteString(lead)
		out.Write(text)
		return nil
	}
	if err := line("paths: ", paths); err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		out.WriteString("findings: []\n")
		return out.Bytes(), nil
	}
	out.WriteString("findings:\n")
	for i := range entries {
		n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		for _, f := range fields {
			if v := *f.of(&entries[i]); v != "" {
				n.Content = append(n.Content, scalar(f.key), scalar(v))
			}
		}
		if err := line("- ", n); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// scalar is text that reads back as it is, on one line.
func scalar(text string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(text)
	if n.Style == yaml.LiteralStyle || n.Tag == "!!binary" {
		n.Kind, n.Tag, n.Value, n.Style = yaml.ScalarNode, "!!str", text, yaml.DoubleQuotedStyle
	}
	return n
}
