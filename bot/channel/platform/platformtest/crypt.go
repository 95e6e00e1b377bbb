package platformtest

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

// head is what stands before a message: 16 random bytes and its length.
const head = 16 + 4

// Crypt is the encryption of callbacks (消息加解密) with one EncodingAESKey.
type Crypt struct {
	key []byte
}

// NewCrypt takes the 43 characters of the console.
func NewCrypt(aesKey string) (*Crypt, error) {
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 32 {
		return nil, errors.New("the EncodingAESKey is not 43 characters of base64")
	}
	return &Crypt{key}, nil
}

// Encrypt seals a message for a receiver (a corp id or an AppID) behind 16 random bytes.
func (c *Crypt) Encrypt(random [16]byte, msg []byte, receiver string) string {
	plain := append([]byte{}, random[:]...)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(msg)))
	plain = append(plain, msg...)
	plain = append(plain, receiver...)
	pad := block - len(plain)%block
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(c.aes(), c.key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

// Decrypt opens a sealed message and names the receiver that it was sealed for.
func (c *Crypt) Decrypt(sealed string) (msg []byte, receiver string, err error) {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(data) == 0 || len(data)%block != 0 {
		return nil, "", errors.New("no ciphertext")
	}
	cipher.NewCBCDecrypter(c.aes(), c.key[:aes.BlockSize]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > block || !bytes.HasSuffix(data, bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, "", errors.New("wrong padding")
	}
	data = data[:len(data)-pad]
	if len(data) < head {
		return nil, "", errors.New("plaintext too short")
	}
	size, rest := binary.BigEndian.Uint32(data[head-4:head]), data[head:]
	if uint64(size) > uint64(len(rest)) {
		return nil, "", errors.New("length beyond the plaintext")
	}
	return rest[:size], string(rest[size:]), nil
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
	sum := sha1.Sum([]byte(strings.Join(slices.Sorted(slices.Values(fields)), "")))
	return hex.EncodeToString(sum[:])
}
