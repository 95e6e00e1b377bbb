package platform_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rongjun/bot/channel/platform"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCallersAtOnceShareOneToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		plain := s.answer
		s.set(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return plain(r)
		})
		for range 20 {
			go func() { assert.NoError(t, call(t.Context(), c, callPath)) }()
		}
		synctest.Wait()
		time.Sleep(3 * time.Second)
		assert.Equal(t, 1, s.count(tokenPath))
		assert.Equal(t, 20, s.count(callPath))
	})
}

func TestATokenIsRenewedEarlyWhileTheOldOneStaysInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		require.NoError(t, call(t.Context(), c, callPath))
		time.Sleep(83 * time.Minute)
		require.NoError(t, call(t.Context(), c, callPath))
		assert.Equal(t, 1, s.count(tokenPath), "not before 70 % of its life")
		time.Sleep(15 * time.Minute)

		s.set(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == tokenPath {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return says(`{"errcode":0}`)
		})
		began := time.Now()
		go func() { assert.NoError(t, call(t.Context(), c, callPath)) }()
		synctest.Wait()
		require.NoError(t, call(t.Context(), c, callPath))
		assert.Zero(t, time.Since(began), "who comes during the renewal does not wait")
		assert.Equal(t, 2, s.count(tokenPath), "the renewal has begun")
		time.Sleep(4 * time.Second)
	})
}

func TestCase29_ARevokedTokenNeitherStormsNorHangsNorTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		require.NoError(t, call(t.Context(), c, callPath))
		s.set(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == tokenPath {
				return code(45009)
			}
			return code(40014)
		})
		for range 50 {
			err := call(t.Context(), c, callPath)
			require.Error(t, err)
			assert.NotContains(t, err.Error(), secret)
			assert.NotContains(t, err.Error(), "t1")
		}
		assert.Equal(t, 2, s.count(tokenPath), "one refresh, then the pause")
		assert.Equal(t, 2, s.count(callPath))

		time.Sleep(61 * time.Second)
		s.set(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: r.Context().Err()}
		})
		began := time.Now()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				err := call(t.Context(), c, callPath)
				assert.Error(t, err)
				assert.NotContains(t, err.Error(), secret)
			})
		}
		all.Wait()
		assert.LessOrEqual(t, time.Since(began), 10*time.Second)
		assert.Equal(t, 3, s.count(tokenPath), "all share the one that hangs")
	})
}

func TestARefusedTokenIsReplacedOncePerCall(t *testing.T) {
	s, c := newSite()
	require.NoError(t, call(t.Context(), c, callPath))
	plain := s.answer
	s.set(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("access_token") == "t1" {
			return code(40014)
		}
		return plain(r)
	})
	require.NoError(t, call(t.Context(), c, callPath))
	assert.Equal(t, 2, s.count(tokenPath))
	s.set(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == callPath {
			return code(40014)
		}
		return plain(r)
	})
	assert.Equal(t, platform.ClassToken, platform.ClassOf(call(t.Context(), c, callPath)))
	assert.Equal(t, 5, s.count(callPath), "asked twice, not for ever")
}

func TestAWrongSecretIsAskedOnceInTenMinutesWhereverItShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		s.set(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == tokenPath {
				return says(`{"access_token":"t"}`)
			}
			return code(40001)
		})
		for range 5 {
			assert.Equal(t, platform.ClassSecret, platform.ClassOf(call(t.Context(), c, callPath)))
		}
		assert.Equal(t, 1, s.count(callPath))
		time.Sleep(10*time.Minute + time.Second)
		require.Error(t, call(t.Context(), c, callPath))
		assert.Equal(t, 2, s.count(callPath))
		assert.Equal(t, 2, s.count(tokenPath))
	})
}

func TestAnAPIThatIsCalledTooOftenRestsAloneAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		plain := s.answer
		s.set(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == callPath {
				return code(45009)
			}
			return plain(r)
		})
		for _, want := range []time.Duration{1, 2, 4, 8, 15, 15} {
			require.Equal(t, platform.ClassBackOff, platform.ClassOf(call(t.Context(), c, callPath)))
			assert.Equal(t, want*time.Minute, afterOf(t, call(t.Context(), c, callPath)))
			assert.Equal(t, want*time.Minute, c.Rest(callPath))
			require.NoError(t, call(t.Context(), c, "/other"))
			time.Sleep(want * time.Minute)
		}
		assert.Equal(t, 6, s.count(callPath))
	})
}

func TestAnAPIIsCalledAtMostSoOftenAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		for range 3 {
			require.NoError(t, call(t.Context(), c, "/rare"))
		}
		time.Sleep(20 * time.Second)
		assert.Equal(t, 40*time.Second, afterOf(t, call(t.Context(), c, "/rare")))
		time.Sleep(40 * time.Second)
		require.NoError(t, call(t.Context(), c, "/rare"))
		assert.Equal(t, 4, s.count("/rare"))
	})
}

func TestTooManyAtATimeBecomeFewerForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newSite()
		plain := s.answer
		crowd := func(answer func(*http.Request) (*http.Response, error)) (refused int) {
			s.set(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == callPath {
					time.Sleep(time.Second)
				}
				return answer(r)
			})
			var n atomic.Int64
			var all sync.WaitGroup
			for range 40 {
				all.Go(func() {
					if err := call(t.Context(), c, callPath); err != nil && platform.Refused(err) == nil {
						n.Add(1)
					}
				})
			}
			all.Wait()
			return int(n.Load())
		}
		require.NoError(t, call(t.Context(), c, callPath))
		assert.Equal(t, 8, crowd(plain), "32 at a time")
		crowd(func(*http.Request) (*http.Response, error) { return code(45033) })
		assert.GreaterOrEqual(t, crowd(plain), 20, "fewer after the platform complained")
		time.Sleep(40 * time.Minute)
		assert.Equal(t, 8, crowd(plain))
	})
}

func TestNoSecretFollowsARedirectOrStandsInAnError(t *testing.T) {
	var leaked atomic.Bool
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked.Store(true) }))
	defer thief.Close()
	for name, handler := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
		},
		"no JSON": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<html>"+r.URL.String()) },
		"cut off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		},
	} {
		srv := httptest.NewServer(handler)
		c := platform.New(options(srv.URL))
		err := call(t.Context(), c, callPath)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret, name)
		srv.CloseClientConnections()
		srv.Close()
	}
	assert.False(t, leaked.Load())
}

func TestAFileThatLooksLikeARefusalIsAFile(t *testing.T) {
	s, c := newSite()
	plain := s.answer
	s.set(func(r *http.Request) (*http.Response, error) {
		resp, err := plain(r)
		if r.URL.Path == "/media" {
			resp, err = says(`{"errcode":40014}`)
			resp.Header.Set("Content-Type", "application/json")
			resp.Header.Set("Content-Disposition", `attachment; filename="a.json"`)
		}
		return resp, err
	})
	file, err := c.Stream(t.Context(), platform.Call{Path: "/media"})
	require.NoError(t, err)
	body, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.JSONEq(t, `{"errcode":40014}`, string(body))
	assert.Equal(t, "a.json", file.Name)
	assert.Equal(t, "application/json", file.Type)

	s.set(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/media" {
			return code(40007)
		}
		return plain(r)
	})
	_, err = c.Stream(t.Context(), platform.Call{Path: "/media"})
	require.NotNil(t, platform.Refused(err))
	assert.Equal(t, 40007, platform.Refused(err).Code)
	assert.False(t, platform.Refused(err).Known)
}
