// Makes receipts, checkpoints and trees the slow way, apart from the code under test.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const sized = (text) => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text)]);
};

export const genesis = (org, stream) => sha("yinuo/genesis/v1\n", sized(org), sized(stream));
export const link = (previous, body) => sha("yinuo/record/v1\n", previous, sized(body));
export const leafHash = (data) => sha([0], data);

/** MTH of RFC 6962, 2.1, word by word. */
export function root(leaves) {
  if (leaves.length === 0) return sha([]);
  if (leaves.length === 1) return leafHash(leaves[0]);
  const k = split(leaves.length);
  return sha([1], root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** PATH of RFC 6962, 2.1.1. */
export function path(m, leaves) {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

/** PROOF of RFC 6962, 2.1.2. */
export const consistency = (m, leaves) => subproof(m, leaves, true);

function subproof(m, leaves, whole) {
  if (m === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

function split(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Hashes of tile `n` of `level` in the tree over `leaves`. */
export function tile(level, n, width, leaves) {
  const span = 256 ** level;
  const entries = Array.from({ length: width }, (_, i) => {
    const from = (n * 256 + i) * span;
    return root(leaves.slice(from, from + span));
  });
  return Uint8Array.from(Buffer.concat(entries));
}

/** A log's key of its own. */
export function signer(name) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const typed = Buffer.concat([Buffer.from([1]), raw]);
  const id = sha(name, "\n", typed).subarray(0, 4);
  return {
    name,
    vkey: `${name}+${id.toString("hex")}+${typed.toString("base64")}`,
    line: (text) => `\u2014 ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString("base64")}\n`,
  };
}

export function checkpoint(key, leaves, origin = key.name) {
  const text = `${origin}\n${leaves.length}\n${root(leaves).toString("base64")}\n`;
  return `${text}\n${key.line(text)}`;
}

/** Some leaf of the log that is nobody's receipt. */
export const other = (i) => sha(`other record ${i}`);

const STREAM = "tkt_0192f0c1a2b3c4d5e6f708192a3b4c5d";

/** A genuine receipt at `position` in a log of `size` records, with the leaves of that log. */
export function receipt(key, { position = 5, size = 11, number = "TS-20261121-0007", subject = "发票金额不符", body = "多收了两个月。" } = {}) {
  const salts = ["00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"];
  const contents = [subject, body].map((text, i) => ({ n: i + 3, salt: salts[i], text }));
  const digest = ({ salt, text }) => sha(Buffer.from(salt, "hex"), text).toString("hex");
  const words = (n) => ({ n, digest: digest(contents[n - 3]) });
  const received = {
    number,
    query_code: { n: 0, digest: "00".repeat(32) },
    channel: "web",
    customer: { name: { n: 1, digest: "11".repeat(32) }, phone: { n: 2, digest: "22".repeat(32) }, email: null, address: null },
    subject: words(3),
    body: words(4),
    language: "zh",
    pins: [],
    tzdb: "2026b",
    external: null,
  };
  const record = JSON.stringify({
    v: 1,
    org: "main",
    stream: STREAM,
    seq: 1,
    at_us: 1_795_248_000_123_456,
    recorded_at_us: 1_795_248_000_123_999,
    actor: "customer",
    events: [{ received }, "left-unassigned"],
  });
  const previous = genesis("main", STREAM);
  const hash = link(previous, record);
  const leaves = Array.from({ length: size }, (_, i) => (i === position - 1 ? hash : other(i)));
  const file = {
    yinuo_receipt: 1,
    origin: key.name,
    key: key.vkey,
    number,
    received_at: new Date(1_795_248_000_123).toISOString().replace("Z", "456Z"),
    record: { position, seq: 1, previous: previous.toString("hex"), hash: hash.toString("hex"), body: record },
    contents,
    proof: path(position - 1, leaves).map((node) => node.toString("base64")),
    checkpoint: checkpoint(key, leaves),
  };
  return { file, leaves };
}
