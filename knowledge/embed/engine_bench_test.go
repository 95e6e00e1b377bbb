package embed

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// engine builds the C engine of the published package for one thread, or skips the benchmark: its
// sources lie beside the file that RONGJUN_TEST_E5 names, as the package has them.
func engine(b *testing.B) (program, model string) {
	b.Helper()
	model = os.Getenv("RONGJUN_TEST_E5")
	source := filepath.Join(filepath.Dir(model), "e5.c")
	if _, err := os.Stat(source); model == "" || err != nil {
		b.Skip("RONGJUN_TEST_E5 does not name the published model with its engine beside it")
	}
	if _, err := exec.LookPath("cc"); err != nil {
		b.Skip("there is no C compiler")
	}
	program = filepath.Join(b.TempDir(), "engine")
	out, err := exec.Command("cc", "-O3", "-march=native", "-ffast-math", "-w",
		"-I", filepath.Dir(model), "-o", program, "testdata/engine.c", source, "-lm").CombinedOutput()
	require.NoError(b, err, string(out))
	return program, model
}

// BenchmarkQuestionBesideTheEngine gives the median times of a question of 30 tokens on one core by
// the published C engine and by us, in turns, and the engine's speed that we reach: 0.5 is half as
// fast.
func BenchmarkQuestionBesideTheEngine(b *testing.B) {
	program, model := engine(b)
	m := shippedModel(b)
	text := textOf(b, m, 30)
	var ours, theirs []time.Duration
	for b.Loop() {
		const round = 20
		out, err := exec.Command(program, model, strconv.Itoa(round+1), text).Output()
		require.NoError(b, err)
		for i, line := range strings.Fields(string(out)) {
			ns, err := strconv.ParseInt(line, 10, 64)
			require.NoError(b, err)
			if i > 0 { // the first reads the model from the disk
				theirs = append(theirs, time.Duration(ns))
			}
		}
		for range round {
			began := time.Now()
			_, err := m.EmbedQueries(b.Context(), []string{text})
			require.NoError(b, err)
			ours = append(ours, time.Since(began))
		}
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	mine, engines := ours[len(ours)/2], theirs[len(theirs)/2]
	b.ReportMetric(mine.Seconds()*1000, "ours-ms-p50")
	b.ReportMetric(engines.Seconds()*1000, "engine-ms-p50")
	b.ReportMetric(float64(engines)/float64(mine), "of-the-engine")
	b.ReportMetric(0, "ns/op")
}
