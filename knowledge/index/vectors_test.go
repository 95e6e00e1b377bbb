package index_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/index"
)

// kinds are the implementations of Vectors, which all keep the same contract.
var kinds = map[string]func(t testing.TB, dims int) index.Vectors{
	"flat": func(_ testing.TB, dims int) index.Vectors { return index.NewFlat(dims) },
	"chromem": func(t testing.TB, dims int) index.Vectors {
		t.Helper()
		v, err := index.NewChromem(dims)
		require.NoError(t, err)
		return v
	},
}

func everyKind(t *testing.T, dims int, test func(t *testing.T, v index.Vectors)) {
	t.Helper()
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) { test(t, make(t, dims)) })
	}
}

func anyID(string) bool { return true }

// compass holds four directions, of unlike lengths, and a second name for north.
func compass(t *testing.T, v index.Vectors) {
	t.Helper()
	for _, d := range []struct {
		id string
		v  []float32
	}{
		{"south", []float32{0, -2}},
		{"north", []float32{0, 1}},
		{"east", []float32{0.5, 0}},
		{"also north", []float32{0, 3}},
		{"west", []float32{-1, 0}},
	} {
		require.NoError(t, v.Add(d.id, d.v))
	}
}

func TestTheNearestComeFirstAndTiesGoByName(t *testing.T) {
	everyKind(t, 2, func(t *testing.T, v index.Vectors) {
		compass(t, v)
		ids, scores, err := v.Query([]float32{0.1, 10}, 4, anyID)
		require.NoError(t, err)
		assert.Equal(t, []string{"also north", "north", "east", "west"}, ids)
		assert.InDelta(t, 1, scores[0], 1e-3)
		assert.InDelta(t, 0, scores[2], 0.02)
	})
}

func TestATieAtTheCutGoesByName(t *testing.T) {
	everyKind(t, 2, func(t *testing.T, v index.Vectors) {
		for i := range 50 {
			require.NoError(t, v.Add(fmt.Sprintf("%02d", 49-i), []float32{1, 1}))
		}
		ids, _, err := v.Query([]float32{1, 0}, 3, anyID)
		require.NoError(t, err)
		assert.Equal(t, []string{"00", "01", "02"}, ids)
	})
}

func TestOnlyWhatIsAllowedIsFound(t *testing.T) {
	everyKind(t, 2, func(t *testing.T, v index.Vectors) {
		compass(t, v)
		notNorth := func(id string) bool { return id != "north" && id != "also north" }
		ids, _, err := v.Query([]float32{0, 1}, 2, notNorth)
		require.NoError(t, err)
		assert.Equal(t, []string{"east", "west"}, ids)

		ids, _, err = v.Query([]float32{0, 1}, 2, func(string) bool { return false })
		require.NoError(t, err)
		assert.Empty(t, ids)
	})
}

func TestMoreThanThereAreIsAllThereAre(t *testing.T) {
	everyKind(t, 2, func(t *testing.T, v index.Vectors) {
		ids, _, err := v.Query([]float32{0, 1}, 10, anyID)
		require.NoError(t, err)
		assert.Empty(t, ids, "nothing is held yet")
		compass(t, v)
		ids, _, err = v.Query([]float32{0, 1}, 10, anyID)
		require.NoError(t, err)
		assert.Len(t, ids, 5)
		ids, _, err = v.Query([]float32{0, 1}, 0, anyID)
		require.NoError(t, err)
		assert.Empty(t, ids)
	})
}

func TestScoresAreCosinesAndZeroForTheUnknown(t *testing.T) {
	everyKind(t, 2, func(t *testing.T, v index.Vectors) {
		compass(t, v)
		scores, err := v.Scores([]float32{0, 5}, []string{"south", "nowhere", "north"})
		require.NoError(t, err)
		assert.InDeltaSlice(t, []float64{-1, 0, 1}, []float64{
			float64(scores[0]), float64(scores[1]), float64(scores[2]),
		}, 1e-6)
	})
}

func TestUnusableVectorsAndNamesAreRefused(t *testing.T) {
	nan := float32(math.NaN())
	everyKind(t, 2, func(t *testing.T, v index.Vectors) {
		compass(t, v)
		for _, bad := range [][]float32{nil, {1}, {1, 2, 3}, {0, 0}, {nan, 1}} {
			assert.ErrorIs(t, v.Add("bad", bad), index.ErrVector)
			_, _, err := v.Query(bad, 1, anyID)
			assert.ErrorIs(t, err, index.ErrVector)
			_, err = v.Scores(bad, nil)
			assert.ErrorIs(t, err, index.ErrVector)
		}
		assert.Error(t, v.Add("north", []float32{1, 1}), "a used name")
		assert.Error(t, v.Add("", []float32{1, 1}), "no name")
	})
}

func TestBothKindsAgreeWhileManyAsk(t *testing.T) {
	const dims, count = 16, 500
	source := rand.New(rand.NewPCG(1, 2))
	random := func() []float32 {
		v := make([]float32, dims)
		for i := range v {
			v[i] = float32(source.NormFloat64())
		}
		return v
	}
	flat, chromem := kinds["flat"](t, dims), kinds["chromem"](t, dims)
	for i := range count {
		v := random()
		require.NoError(t, flat.Add(fmt.Sprint(i), v))
		require.NoError(t, chromem.Add(fmt.Sprint(i), v))
	}
	odd := func(id string) bool { return (id[len(id)-1]-'0')%2 == 1 }
	var group sync.WaitGroup
	for range 20 {
		q := random()
		group.Go(func() {
			want, wantScores, err := flat.Query(q, 25, odd)
			assert.NoError(t, err)
			got, gotScores, err := chromem.Query(q, 25, odd)
			assert.NoError(t, err)
			assert.Equal(t, want, got)
			for i := range wantScores {
				assert.InDelta(t, wantScores[i], gotScores[i], 1e-5)
			}
		})
	}
	group.Wait()
}
