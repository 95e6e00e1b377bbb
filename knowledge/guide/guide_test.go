package guide_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/knowledge/guide"
)

func TestTheShippedGuideLoads(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	require.NotEmpty(t, g.Entries)
}
