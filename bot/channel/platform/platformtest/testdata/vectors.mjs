// Prints test vectors made by @wecom/crypto, a foreign implementation, as JSON.
// crypto.json is what it prints without arguments. To make it anew, in an empty folder:
//
//   npm install @wecom/crypto@1.0.1
//   WECOM_CRYPTO=$PWD/node_modules/@wecom/crypto/lib/index.mjs \
//     node PATH/TO/vectors.mjs > PATH/TO/crypto.json
//
// The arguments are a seed, on which all bytes depend, and the number of vectors.
import { createHash } from 'node:crypto';

const { encrypt, getSignature } = await import(process.env.WECOM_CRYPTO ?? '@wecom/crypto');
const [seed = 'rongjun', count = '24'] = process.argv.slice(2);

// bytes gives n bytes that depend on the seed and a name only.
function bytes(name, n) {
  const parts = [];
  for (let i = 0; parts.length * 32 < n; i++) {
    parts.push(createHash('sha256').update(`${seed}/${name}/${i}`).digest());
  }
  return Buffer.concat(parts).subarray(0, n);
}

const alphabet = [...'abcXYZ019 <>&]"\n退役军人优待证怎么办理😀🎖️'];

const vectors = [];
for (let i = 0; i < Number(count); i++) {
  const length = i < 40 ? i * 5 : bytes(`length${i}`, 1)[0];
  const picks = bytes(`message${i}`, length);
  const message = [...picks].map((b) => alphabet[b % alphabet.length]).join('');
  const aesKey = bytes(`key${i}`, 32).toString('base64').slice(0, 43);
  const token = bytes(`token${i}`, 12).toString('hex');
  const receiver = i % 3 === 2 ? '' : `ww${bytes(`corp${i}`, 8).toString('hex')}`;
  const random = bytes(`random${i}`, 16);
  const timestamp = String(1795510800 + i);
  const nonce = bytes(`nonce${i}`, 5).toString('hex');
  const encrypted = encrypt(aesKey, message, receiver, random);
  vectors.push({
    aes_key: aesKey, token, receiver, random: random.toString('base64'), message,
    timestamp, nonce, encrypted, signature: getSignature(token, timestamp, nonce, encrypted),
  });
}
console.log(JSON.stringify(vectors, null, 1));
