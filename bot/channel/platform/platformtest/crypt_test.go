package platformtest_test

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

	"rongjun/bot/channel/platform/platformtest"
)

// vector is what the npm package @wecom/crypto made of one message.
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
	var vectors []vector
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.GreaterOrEqual(t, len(vectors), least)
	for _, v := range vectors {
		c, err := platformtest.NewCrypt(v.AESKey)
		require.NoError(t, err)
		assert.Equal(t, v.Encrypted, c.Encrypt([16]byte(v.Random), []byte(v.Message), v.Receiver))
		assert.Equal(t, v.Signature, platformtest.Sign(v.Token, v.Timestamp, v.Nonce, v.Encrypted))
		message, receiver, err := c.Decrypt(v.Encrypted)
		require.NoError(t, err)
		assert.Equal(t, v.Message, string(message))
		assert.Equal(t, v.Receiver, receiver)
	}
}

func TestCiphertextsAreThoseOfTheForeignImplementation(t *testing.T) {
	data, err := os.ReadFile("testdata/crypto.json")
	require.NoError(t, err)
	checkVectors(t, data, 24)
}

func TestFreshCiphertextsAreThoseOfTheForeignImplementation(t *testing.T) {
	dir := os.Getenv("RONGJUN_TEST_NODE")
	if dir == "" {
		t.Skip("RONGJUN_TEST_NODE names no folder whose node_modules has @wecom/crypto 1.0.1")
	}
	path, err := filepath.Abs(filepath.Join(dir,
		"node_modules", "@wecom", "crypto", "lib", "index.mjs"))
	require.NoError(t, err)
	seed := time.Now().Format(time.RFC3339Nano)
	t.Log("seed", seed)
	cmd := exec.CommandContext(t.Context(), "node", "testdata/vectors.mjs", seed, "200")
	cmd.Env = append(os.Environ(), "WECOM_CRYPTO="+path)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	data, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	checkVectors(t, data, 200)
}

func TestWhatIsNoCiphertextIsAnError(t *testing.T) {
	const key = "d2Vjb210ZXN0LWtleS13ZWNvbXRlc3Qta2V5LTAwMDE"
	c, err := platformtest.NewCrypt(key)
	require.NoError(t, err)
	good := c.Encrypt([16]byte{}, []byte("<xml></xml>"), "ww-somebody")
	for _, bad := range []string{
		"", "!", "AAAA", good[4:], strings.Repeat("A", 64), "B" + good[1:len(good)-8] + "AAAAAAA=",
	} {
		_, _, err := c.Decrypt(bad)
		assert.Error(t, err, bad)
	}
	_, err = platformtest.NewCrypt(key[1:])
	assert.Error(t, err)
}
