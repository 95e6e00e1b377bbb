package main

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The numbers of these tests are those of the list of protocol cases. Bodies are made by a foreign
// implementation of the encryption; see protocol_vectors_test.go.

func TestCase01_TheAddressCheckIsAnsweredWithThePlainTextAloneWithinASecond(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		f := all["echo"]
		query := f.query()
		query.Set("echostr", f.Encrypted)
		within(t, time.Second, "the answer", func() {
			status, answer := r.send(http.MethodGet, r.callback()+"?"+query.Encode(), nil)
			assert.Equal(t, http.StatusOK, status)
			assert.Equal(t, f.Plain, answer, "no quotes, no mark, no line break")
		})
	})
}

func TestCase02_AnEchoWithAPlusPassesEncodedAndIsRefusedRawWithNothingInTheLog(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		f := all["echo with a plus"]
		require.Contains(t, f.Encrypted, "+")
		address := r.callback() + "?" + f.query().Encode() + "&echostr="
		status, answer := r.send(http.MethodGet, address+url.QueryEscape(f.Encrypted), nil)
		assert.Equal(t, http.StatusOK, status)
		assert.Equal(t, f.Plain, answer)

		raw := strings.NewReplacer("/", "%2F", "=", "%3D").Replace(f.Encrypted) // the plus stays
		status, answer = r.send(http.MethodGet, address+raw, nil)
		assert.Equal(t, http.StatusForbidden, status)
		assert.Empty(t, answer)
		for _, secret := range []string{f.Plain, f.Encrypted[:20], f.Signature, f.Nonce} {
			assert.NotContains(t, r.log.String(), secret)
		}
		assert.Contains(t, r.log.String(), "status=403", "the refusal itself is in the log")
	})
}

func TestCase03_APostWithoutASignatureIsRefusedAndStartsNothing(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		r.settled()
		before := r.pulls()
		f := all["bell"]
		unsigned, empty := f.query(), f.query()
		unsigned.Del("msg_signature")
		empty.Set("msg_signature", "")
		upper := f.query()
		upper.Set("msg_signature", strings.ToUpper(f.Signature))
		for _, query := range []url.Values{unsigned, empty, upper, {}} {
			status, answer := r.post(query, f.body())
			assert.Equal(t, http.StatusForbidden, status)
			assert.Empty(t, answer)
		}
		assert.Equal(t, before, r.pulls(), "nothing was pulled")
		status, _ := r.post(f.query(), f.body())
		assert.Equal(t, http.StatusOK, status, "the same with its signature")
	})
}

func TestCase04_WhatIsForAnotherCorporationIsRefusedThoughKeyAndSignatureAreRight(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		r.settled()
		before := r.pulls()
		f := all["another corporation"]
		status, answer := r.post(f.query(), f.body())
		assert.Equal(t, http.StatusForbidden, status)
		assert.Empty(t, answer)
		query := f.query()
		query.Set("echostr", f.Encrypted)
		status, answer = r.send(http.MethodGet, r.callback()+"?"+query.Encode(), nil)
		assert.Equal(t, http.StatusForbidden, status)
		assert.Empty(t, answer, "the plain text is not given away")
		assert.Equal(t, before, r.pulls(), "the plain text is not used")
	})
}

func TestCase05_MalformedCiphertextsAreAllRefusedAlike(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		r.settled()
		before, seen := r.pulls(), 0
		for name, f := range all {
			if !strings.HasPrefix(name, "bad: ") {
				continue
			}
			seen++
			status, answer := r.post(f.query(), f.body())
			assert.Equal(t, http.StatusForbidden, status, name)
			assert.Empty(t, answer, name)
			query := f.query()
			query.Set("echostr", f.Encrypted)
			status, answer = r.send(http.MethodGet, r.callback()+"?"+query.Encode(), nil)
			assert.Equal(t, http.StatusForbidden, status, name)
			assert.Empty(t, answer, name)
		}
		assert.GreaterOrEqual(t, seen, 15)
		assert.Equal(t, before, r.pulls(), "none started anything")
		assert.NotContains(t, r.log.String(), "panicked")
	})
}

// zeroes is an endless body that costs no memory.
type zeroes struct{ left int }

func (z *zeroes) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	for i := range p[:n] {
		p[i] = ' '
	}
	z.left -= n
	return n, nil
}

func TestCase06_AnOversizedBodyIsCutAtTheCapAndMemoryStaysFlat(t *testing.T) {
	// Not parallel, and without a program of its own in the background, since it measures memory.
	_, p := onKF(t)
	v := newVisitor(t, p.URL())
	require.Eventually(t, func() bool {
		return strings.Contains(v.get("/readyz").body, `"index":{"state":"ok"`)
	}, patience, 20*time.Millisecond)
	const size = 64 << 20
	for name, length := range map[string]int64{"declared": size, "chunked": -1} {
		t.Run(name, func(t *testing.T) {
			// What the program does beside it, once after its start, is in one of the tries only; a body that
			// is kept would be in each.
			least := uint64(math.MaxUint64)
			for range 3 {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				body := &zeroes{size}
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL()+"/callback/wecom", body)
				require.NoError(t, err)
				r.ContentLength = length
				resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
				runtime.ReadMemStats(&after)
				if err == nil { // else the connection was closed while the body was still being sent
					assert.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
					require.NoError(t, resp.Body.Close())
				}
				assert.Greater(t, body.left, size/2, "most of it was never read")
				least = min(least, after.TotalAlloc-before.TotalAlloc)
			}
			assert.Less(t, least, uint64(8<<20))
		})
	}
	t.Run("slow", func(t *testing.T) {
		reader, writer := io.Pipe()
		defer reader.Close()
		go func() {
			// Never ends the body: the answer must not wait for its end.
			_, _ = writer.Write(bytes.Repeat([]byte(" "), 256<<10+1))
		}()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL()+"/callback/wecom", reader)
		require.NoError(t, err)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		require.NoError(t, err)
		assert.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
		require.NoError(t, resp.Body.Close())
	})
}

func TestCase07_EntityBombsAndDeepNestingCostNothing(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		f := all["bell"]
		bad, large := http.StatusBadRequest, http.StatusRequestEntityTooLarge
		for name, c := range map[string]struct {
			body string
			want int
		}{
			"entity bomb": {`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">` +
				`<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">` +
				`<!ENTITY c SYSTEM "file:///etc/passwd">]><xml><Encrypt>&b;&c;</Encrypt></xml>`, bad},
			"nesting":          {strings.Repeat("<a>", 80_000), bad},
			"attributes":       {"<xml " + strings.Repeat(`a="" `, 50_000) + "></xml>", bad},
			"nesting of 14 MB": {strings.Repeat("<a></a>", 2_000_000), large},
			"declared GBK":     {`<?xml version="1.0" encoding="GBK"?>` + string(f.body()), bad},
			"invalid UTF-8":    {"<xml><Encrypt>\xff\xfe</Encrypt></xml>", bad},
			"NUL":              {"<xml><Encrypt>a\x00b</Encrypt></xml>", bad},
			"no Encrypt":       {"<xml></xml>", bad},
			"empty Encrypt":    {"<xml><Encrypt></Encrypt></xml>", bad},
			"JSON":             {`{"Encrypt":"x"}`, bad},
			"truncated":        {string(f.body()[:100]), bad},
			"two Encrypt, the last forged": {
				"<xml><Encrypt>" + f.Encrypted + "</Encrypt><Encrypt>x</Encrypt></xml>",
				http.StatusForbidden,
			},
		} {
			// On a machine of its own each takes well under 10 ms.
			within(t, 30*time.Millisecond, name, func() { r.refuses(f.query(), c.body, c.want, name) })
		}
	})
}

// refuses posts a body and wants the status, or that the connection is closed while a body that is too
// large is still being sent.
func (r *protocolRig) refuses(query url.Values, body string, want int, name string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost,
		r.callback()+"?"+query.Encode(), strings.NewReader(body))
	require.NoError(r.t, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		require.Equal(r.t, http.StatusRequestEntityTooLarge, want, "%s: %v", name, err)
		return
	}
	require.NoError(r.t, resp.Body.Close())
	assert.Equal(r.t, want, resp.StatusCode, name)
}
