//go:build !amd64

package embed

// fastestKernel is the kernel that suits this machine.
func fastestKernel() kernel { return plainKernel }
