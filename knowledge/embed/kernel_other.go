//go:build !amd64

package embed

// fastestKernels are the kernels that suit this machine.
func fastestKernels() kernels { return plainKernels() }
