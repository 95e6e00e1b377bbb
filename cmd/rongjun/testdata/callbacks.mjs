// Prints callbacks of the test's corporation, encrypted and signed by @wecom/crypto, a foreign
// implementation, as JSON. callbacks.json is what it prints without arguments. To make it anew, in an
// empty folder:
//
//   npm install @wecom/crypto@1.0.1
//   WECOM_CRYPTO=$PWD/node_modules/@wecom/crypto/lib/index.mjs \
//     node PATH/TO/callbacks.mjs > PATH/TO/callbacks.json
//
// The argument is a seed, on which all random bytes depend. The ciphertexts that no implementation
// would make (bad padding, lengths and so on) are made with Node's own AES and signed like the rest.
import { createCipheriv, createHash } from 'node:crypto';

const { encrypt, getSignature } = await import(process.env.WECOM_CRYPTO ?? '@wecom/crypto');
const [seed = 'rongjun'] = process.argv.slice(2);

// What the stand-in for the platform has by default, and another corporation.
const corp = 'ww0fa0ce5e57c0de01';
const otherCorp = 'ww1111111111111111';
const token = 'wecomtestToken';
const aesKey = 'd2Vjb210ZXN0LWtleS13ZWNvbXRlc3Qta2V5LTAwMDE';
const otherKey = Buffer.alloc(32, 7).toString('base64').slice(0, 43);
const account = 'wkTest';
const time = 1795510800;

// bytes gives n bytes that depend on the seed and a name only.
function bytes(name, n) {
  const parts = [];
  for (let i = 0; parts.length * 32 < n; i++) {
    parts.push(createHash('sha256').update(`${seed}/${name}/${i}`).digest());
  }
  return Buffer.concat(parts).subarray(0, n);
}

const out = {};
let count = 0;

// add signs a ciphertext under a name.
function add(name, encrypted, plain = '') {
  const timestamp = String(time + count++);
  const nonce = bytes(`nonce/${name}`, 5).toString('hex');
  const signature = getSignature(token, timestamp, nonce, encrypted);
  out[name] = { timestamp, nonce, encrypted, signature, plain };
}

function seal(name, plain, key = aesKey, id = corp) {
  add(name, encrypt(key, plain, id, bytes(`random/${name}`, 16)), plain);
}

// raw encrypts a plaintext that is whole blocks of 16 bytes already.
function raw(plain) {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

// body is a whole plaintext before encryption, with a length field and padding of one's choice.
function body(message, { length = Buffer.byteLength(message), pad } = {}) {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  const plain = Buffer.concat([bytes('body', 16), size, Buffer.from(message + corp)]);
  const n = 32 - (plain.length % 32);
  return Buffer.concat([plain, Buffer.alloc(n, pad ?? n)]);
}

const event = (name, rest) => `<xml><ToUserName><![CDATA[${corp}]]></ToUserName>` +
  `<CreateTime>${time}</CreateTime><MsgType><![CDATA[event]]></MsgType>` +
  `<Event><![CDATA[${name}]]></Event>${rest}</xml>`;
const bell = event('kf_msg_or_event', '<Token><![CDATA[ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR]]>' +
  `</Token><OpenKfId><![CDATA[${account}]]></OpenKfId>`);

seal('echo', bytes('echo', 8).readBigUInt64BE().toString());
for (let i = 0; ; i++) {
  const plain = `${i}${bytes(`plus${i}`, 8).readBigUInt64BE()}`;
  const encrypted = encrypt(aesKey, plain, corp, bytes(`random/plus${i}`, 16));
  if (encrypted.includes('+')) {
    add('echo with a plus', encrypted, plain);
    break;
  }
}
seal('bell', bell);
seal('another corporation', bell, aesKey, otherCorp);
seal('bad: another key', bell, otherKey);
seal('bad: no receiver', bell, aesKey, '');
seal('bad: receiver glued to more', bell, aesKey, `${corp}x`);

const good = Buffer.from(out.bell.encrypted, 'base64');
const flipped = Buffer.from(good);
flipped[good.length - 40] ^= 1;
add('bad: flipped bit', flipped.toString('base64'));
add('bad: not base64', '!!!! not base64 !!!!');
for (const n of [16, 33, 48]) add(`bad: ${n} bytes`, bytes(`short${n}`, n).toString('base64'));
add('bad: random bytes', bytes('rubbish', 96).toString('base64'));
add('bad: cut in the middle', out.bell.encrypted.slice(0, 64));
for (const pad of [0, 33]) add(`bad: padding of ${pad}`, raw(body(bell, { pad })).toString('base64'));
for (const length of [0xffffffff, 0x7fffffff]) {
  add(`bad: length ${length.toString(16)}`, raw(body(bell, { length })).toString('base64'));
}
add('bad: length too short', raw(body(bell, { length: 20 })).toString('base64'));

seal('account granted', event('kf_account_auth_change',
  '<AuthAddOpenKfId><![CDATA[wkSecond]]></AuthAddOpenKfId>'));
seal('account taken away', event('kf_account_auth_change',
  '<AuthDelOpenKfId><![CDATA[wkSecond]]></AuthDelOpenKfId>'));
seal('future event', event('kf_something_new', '<OpenKfId><![CDATA[wkTest]]></OpenKfId>'));
seal('app text', `<xml><ToUserName><![CDATA[${corp}]]></ToUserName>` +
  `<FromUserName><![CDATA[zhang]]></FromUserName><CreateTime>${time}</CreateTime>` +
  '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[员工在应用里写的话]]></Content>' +
  '<MsgId>7000000000000000001</MsgId><AgentID>1000002</AgentID></xml>');

console.log(JSON.stringify(out, null, 1));
