// Prints callbacks of an official account, encrypted and signed by @wecom/crypto, a foreign
// implementation, as JSON. official.json is what it prints without arguments. To make it anew, in an
// empty folder:
//
//   npm install @wecom/crypto@1.0.1
//   WECOM_CRYPTO=$PWD/node_modules/@wecom/crypto/lib/index.mjs \
//     node PATH/TO/official.mjs > PATH/TO/official.json
//
// The argument is a seed, on which all random bytes depend.
import { createHash } from 'node:crypto';

const { encrypt, getSignature } = await import(process.env.WECOM_CRYPTO ?? '@wecom/crypto');
const [seed = 'rongjun'] = process.argv.slice(2);

// What the stand-in for the platform has by default.
const app = 'wx0fa0ce5e57c0de01';
const original = 'gh_0fa0ce5e57c0';
const token = 'wechattestToken';
const aesKey = 'd2VjaGF0dGVzdC1rZXktd2VjaGF0dGVzdC1rZXktMDE';
const follower = 'oForeignFollower0000000000001';
const now = 1795510800;
const late = 2209086245; // in 2040, above 2^31

// bytes gives n bytes that depend on the seed and a name only.
function bytes(name, n) {
  return createHash('sha256').update(`${seed}/${name}`).digest().subarray(0, n);
}

const out = {};

// seal encrypts a message and signs it in both ways; the signature does not cover the message.
function seal(name, plain, time = now) {
  const timestamp = String(time);
  const nonce = bytes(`nonce/${name}`, 5).toString('hex');
  const encrypted = encrypt(aesKey, plain, app, bytes(`random/${name}`, 16));
  out[name] = {
    timestamp, nonce, encrypted, plain,
    signature: getSignature(token, timestamp, nonce, ''),
    msg_signature: getSignature(token, timestamp, nonce, encrypted),
  };
}

const text = (id, words, time = now) => `<xml><ToUserName><![CDATA[${original}]]></ToUserName>` +
  `<FromUserName><![CDATA[${follower}]]></FromUserName><CreateTime>${time}</CreateTime>` +
  `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${words}]]></Content>` +
  `<MsgId>${id}</MsgId></xml>`;

const question = text('25123456789012345', '优待证怎么办理？');
for (const name of ['question', 'question again', 'question a third time']) seal(name, question);
seal('thanks', text('25123456789012346', '谢谢'));
seal('late question', text('25123456789012347', '优待证怎么办理？', late), late);

console.log(JSON.stringify(out, null, 1));
