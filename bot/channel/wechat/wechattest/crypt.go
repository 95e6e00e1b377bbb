package wechattest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// block is the size to which plaintexts are padded: 32 bytes, twice what AES itself asks for.
const block = 32

// Crypt is the encryption of messages in safe mode (消息加解密), with one EncodingAESKey and AppID.
type Crypt struct {
	appID string
	key   []byte
}

// NewCrypt takes the AppID and the 43 characters of the console.
func NewCrypt(appID, aesKey string) (*Crypt, error) {
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 32 {
		return nil, errors.New("wechattest: the EncodingAESKey is not 43 characters of base64")
	}
	return &Crypt{appID, key}, nil
}

// Encrypt seals a message behind 16 random bytes and its length, before the AppID.
func (c *Crypt) Encrypt(random [16]byte, msg []byte) string {
	var plain bytes.Buffer
	plain.Write(random[:])
	var size [4]byte
	binary.BigEndian.PutUint32(size[:], uint32(len(msg)))
	plain.Write(size[:])
	plain.Write(msg)
	plain.WriteString(c.appID)
	pad := block - plain.Len()%block
	plain.Write(bytes.Repeat([]byte{byte(pad)}, pad))
	out := plain.Bytes()
	cipher.NewCBCEncrypter(c.aes(), c.key[:16]).CryptBlocks(out, out)
	return base64.StdEncoding.EncodeToString(out)
}

// Decrypt opens a sealed message. What was not sealed for this AppID is an error.
func (c *Crypt) Decrypt(sealed string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(data) == 0 || len(data)%block != 0 {
		return nil, errors.New("wechattest: no ciphertext")
	}
	cipher.NewCBCDecrypter(c.aes(), c.key[:16]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > block || len(data)-pad < 20 ||
		!bytes.HasSuffix(data, bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, errors.New("wechattest: wrong padding")
	}
	data = data[:len(data)-pad]
	size := binary.BigEndian.Uint32(data[16:20])
	rest := data[20:]
	if uint64(size) > uint64(len(rest)) || string(rest[size:]) != c.appID {
		return nil, errors.New("wechattest: wrong length or receiver")
	}
	return rest[:size], nil
}

func (c *Crypt) aes() cipher.Block {
	b, err := aes.NewCipher(c.key)
	if err != nil {
		panic(err) // NewCrypt has checked the length, the only thing that can be wrong
	}
	return b
}

// Sign is the SHA-1 of the fields in their sorted order: of token, timestamp and nonce it is the
// signature, with the ciphertext as well the msg_signature.
func Sign(fields ...string) string {
	fields = slices.Sorted(slices.Values(fields))
	sum := sha1.Sum([]byte(strings.Join(fields, "")))
	return hex.EncodeToString(sum[:])
}
