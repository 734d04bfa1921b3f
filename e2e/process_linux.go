package e2e

import "syscall"

// orphaned has a server end with a test that was ended itself.
func orphaned() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
