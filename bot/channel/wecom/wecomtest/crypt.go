package wecomtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// padding is the PKCS#7 block of the callback format: 32 bytes, twice that of AES itself.
const padding = 32

// Crypt encrypts, decrypts and signs callback bodies with one Token and EncodingAESKey.
type Crypt struct {
	token string
	key   []byte
}

// NewCrypt takes the Token and the 43-character EncodingAESKey of a callback.
func NewCrypt(token, aesKey string) (*Crypt, error) {
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 32 {
		return nil, errors.New("wecomtest: the AES key is not 43 characters of base64")
	}
	return &Crypt{token: token, key: key}, nil
}

// Encrypt returns the base64 ciphertext of msg for a receiver; random are its first 16 bytes.
func (c *Crypt) Encrypt(random [16]byte, msg []byte, receiver string) string {
	plain := append([]byte{}, random[:]...)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(msg)))
	plain = append(plain, msg...)
	plain = append(plain, receiver...)
	n := padding - len(plain)%padding
	for range n {
		plain = append(plain, byte(n))
	}
	block := c.block()
	cipher.NewCBCEncrypter(block, c.key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

// Decrypt reverses Encrypt and returns the message with the receiver named inside.
func (c *Crypt) Decrypt(encrypted string) (msg []byte, receiver string, err error) {
	data, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil {
		return nil, "", fmt.Errorf("decode ciphertext: %w", err)
	}
	if len(data) == 0 || len(data)%padding != 0 {
		return nil, "", fmt.Errorf("ciphertext of %d bytes", len(data))
	}
	cipher.NewCBCDecrypter(c.block(), c.key[:aes.BlockSize]).CryptBlocks(data, data)
	n := int(data[len(data)-1])
	if n < 1 || n > padding {
		return nil, "", errors.New("bad padding")
	}
	data = data[:len(data)-n]
	if len(data) < 20 {
		return nil, "", errors.New("plaintext too short")
	}
	size := binary.BigEndian.Uint32(data[16:20])
	if uint64(size) > uint64(len(data)-20) {
		return nil, "", errors.New("length field exceeds the plaintext")
	}
	return data[20 : 20+size], string(data[20+size:]), nil
}

// Sign is the msg_signature over the token and the three other fields.
func (c *Crypt) Sign(timestamp, nonce, encrypted string) string {
	fields := []string{c.token, timestamp, nonce, encrypted}
	sort.Strings(fields)
	sum := sha1.Sum([]byte(strings.Join(fields, "")))
	return hex.EncodeToString(sum[:])
}

func (c *Crypt) block() cipher.Block {
	block, err := aes.NewCipher(c.key)
	if err != nil {
		panic(err) // NewCrypt has checked the only thing that can be wrong, the length.
	}
	return block
}
