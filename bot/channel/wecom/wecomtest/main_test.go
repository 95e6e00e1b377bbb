package wecomtest_test

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(browsing{m}) }

// browsing are the tests, after the last of which the browser is ended.
type browsing struct{ *testing.M }

// Run implements goleak.TestingM.
func (b browsing) Run() int {
	defer chromium.Close()
	return b.M.Run()
}
