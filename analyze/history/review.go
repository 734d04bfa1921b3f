package history

// Review is a history whose instances are assigned to rules and measured.
type Review struct{ *History }
