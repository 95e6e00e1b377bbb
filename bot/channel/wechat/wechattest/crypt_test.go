package wechattest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wechat/wechattest"
)

// vectors are what the npm package @wecom/crypto makes; the two platforms share the format.
const vectors = "../../wecom/wecomtest/testdata/"

// vector is one of them.
type vector struct {
	AESKey    string `json:"aes_key"`
	Token     string `json:"token"`
	Receiver  string `json:"receiver"`
	Random    []byte `json:"random"`
	Message   string `json:"message"`
	Timestamp string `json:"timestamp"`
	Nonce     string `json:"nonce"`
	Encrypted string `json:"encrypted"`
	Signature string `json:"signature"`
}

func checkVectors(t *testing.T, data []byte, least int) {
	t.Helper()
	var all []vector
	require.NoError(t, json.Unmarshal(data, &all))
	require.GreaterOrEqual(t, len(all), least)
	for _, v := range all {
		c, err := wechattest.NewCrypt(v.Receiver, v.AESKey)
		require.NoError(t, err)
		assert.Equal(t, v.Encrypted, c.Encrypt([16]byte(v.Random), []byte(v.Message)))
		assert.Equal(t, v.Signature, wechattest.Sign(v.Token, v.Timestamp, v.Nonce, v.Encrypted))
		message, err := c.Decrypt(v.Encrypted)
		require.NoError(t, err)
		assert.Equal(t, v.Message, string(message))
	}
}

func TestCiphertextsAreThoseOfTheForeignImplementation(t *testing.T) {
	data, err := os.ReadFile(vectors + "crypto.json")
	require.NoError(t, err)
	checkVectors(t, data, 24)
}

func TestFreshCiphertextsAreThoseOfTheForeignImplementation(t *testing.T) {
	dir := os.Getenv("RONGJUN_TEST_NODE")
	if dir == "" {
		t.Skip("RONGJUN_TEST_NODE names no folder whose node_modules has @wecom/crypto 1.0.1")
	}
	path, err := filepath.Abs(filepath.Join(dir, "node_modules", "@wecom", "crypto", "lib", "index.mjs"))
	require.NoError(t, err)
	seed := time.Now().Format(time.RFC3339Nano)
	t.Log("seed", seed)
	cmd := exec.CommandContext(t.Context(), "node", vectors+"vectors.mjs", seed, "100")
	cmd.Env = append(os.Environ(), "WECOM_CRYPTO="+path)
	data, err := cmd.Output()
	require.NoError(t, err)
	checkVectors(t, data, 100)
}

func TestWhatIsNoCiphertextIsAnError(t *testing.T) {
	cfg := wechattest.New(wechattest.Config{}).Config()
	c, err := wechattest.NewCrypt(cfg.AppID, cfg.AESKey)
	require.NoError(t, err)
	other, err := wechattest.NewCrypt("wx-somebody-else", cfg.AESKey)
	require.NoError(t, err)
	good := c.Encrypt([16]byte{}, []byte("<xml></xml>"))
	for _, bad := range []string{
		"", "!", "AAAA", good[4:], strings.Repeat("A", 64), "B" + good[1:len(good)-8] + "AAAAAAA=",
		other.Encrypt([16]byte{}, []byte("<xml></xml>")),
	} {
		_, err := c.Decrypt(bad)
		assert.Error(t, err, bad)
	}
	_, err = wechattest.NewCrypt("wx", cfg.AESKey[1:])
	assert.Error(t, err)
	assert.Panics(t, func() { wechattest.New(wechattest.Config{AESKey: "short"}) })
}
