package store_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// atOnce is how many tests run side by side: most of their time they wait for commits.
const atOnce = "6"

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", atOnce) // what go test is told counts more, since it is read later
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := template.drop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		os.Exit(code)
	}))
}
