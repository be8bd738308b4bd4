/**
 * Verifies a receipt wholly in the reader's browser. Every step says for itself what it found, so that one wrong thing
 * does not hide another; a step whose ground is missing says so instead of passing.
 */
import { type Bytes, fromBase64, fromHex, hasHashing, same, sha256, toHex, utf8 } from "./bytes";
import { type Checkpoint, checkSignature, readCheckpoint, readKey, type VerifierKey } from "./note";
import { isFailure, readReceipt, type ReceiptFile } from "./receipt-file";
import { genesis, link } from "./record-hash";
import { HASH_BYTES, leafHash, rootOfInclusion } from "./tree";

/** What is checked, in order. */
export const STEPS = ["file", "paper", "number", "words", "record", "position", "signature", "growth"] as const;
export type StepName = (typeof STEPS)[number];

/** Each has a text that says what it means and one that says what to do. */
export const CODES = [
  // The file cannot be read.
  "empty",
  "too-large",
  "not-json",
  "not-a-receipt",
  "other-version",
  // It does not belong to the printed receipt.
  "paper-differs",
  "paper-unreadable",
  "paper-not-yet",
  "paper-not-in-the-log",
  // Number, time and words.
  "body-unreadable",
  "number-differs",
  "time-differs",
  "words-changed",
  "words-foreign",
  "words-missing",
  // The record and its place.
  "not-the-beginning",
  "hash-differs",
  "checkpoint-unreadable",
  "origin-differs",
  "position-outside",
  "proof-unreadable",
  "not-in-the-log",
  // Key and signature.
  "key-unreadable",
  "own-key-unreadable",
  "other-key",
  "signature-wrong",
  "key-from-file",
  // The log since then.
  "log-unreachable",
  "log-unreadable",
  "log-other",
  "log-other-key",
  "log-signature-wrong",
  "log-rolled-back",
  "log-forked",
  // The browser.
  "no-hashing",
  "no-ed25519",
] as const;
export type Code = (typeof CODES)[number];

/** `unable`: this browser or this connection does not allow it. `warned`: it holds, with something to know. */
export type StepState = "passed" | "warned" | "failed" | "unable" | "skipped";

export interface Step {
  name: StepName;
  state: StepState;
  code?: Code;
  /** What the texts of step and code name. */
  values: Record<string, string | number>;
}

/** What a printed receipt says, from its QR code. */
export interface Paper {
  number: string;
  position: number;
  /** Hex. */
  hash: string;
}

export interface Verified {
  steps: Step[];
  receipt: ReceiptFile | null;
  checkpoint: Checkpoint | null;
  /** The key that the signature was checked with. */
  key: VerifierKey | null;
  /** Subject and body as filed; only words that the record's digests prove. */
  words: { subject: string | null; body: string | null };
}

export type Verdict = "genuine" | "genuine-own-key" | "unfinished" | "refused";

/** The whole in one word. A receipt that could not be checked to the end is never genuine. */
export function verdict(steps: readonly Step[]): Verdict {
  const state = (name: StepName) => steps.find((step) => step.name === name)?.state;
  if (steps.some((step) => step.state === "failed")) return "refused";
  const needed: StepName[] = ["file", "number", "words", "record", "position", "signature"];
  if (needed.some((name) => !["passed", "warned"].includes(state(name) ?? "skipped"))) return "unfinished";
  return state("signature") === "warned" ? "genuine-own-key" : "genuine";
}

const passed = (name: StepName, values: Step["values"] = {}): Step => ({ name, state: "passed", values });
const failed = (name: StepName, code: Code, values: Step["values"] = {}): Step => ({ name, state: "failed", code, values });
const skipped = (name: StepName): Step => ({ name, state: "skipped", values: {} });

/** Verifies the text of a receipt's file. `givenKey` is the log's key as the holder has it from elsewhere, or blank. */
export async function verifyReceipt(text: string, givenKey = "", paper: Paper | null = null): Promise<Verified> {
  const nothing = { receipt: null, checkpoint: null, key: null, words: { subject: null, body: null } };
  const rest = (first: Step) => [first, ...STEPS.filter((name) => name !== first.name && name !== "growth").map(skipped)];
  if (!hasHashing()) {
    return { ...nothing, steps: rest({ name: "file", state: "unable", code: "no-hashing", values: {} }) };
  }
  const read = readReceipt(text);
  if (isFailure(read)) return { ...nothing, steps: rest(failed("file", read.code, read.values)) };

  const steps = [passed("file", { number: read.number })];
  if (paper !== null) steps.push(checkPaper(read, paper));
  const body = readBody(read.record.body);
  steps.push(checkNumber(read, body));
  const words = await checkWords(read, body);
  steps.push(words.step);
  steps.push(await checkRecord(read, body));
  const checkpoint = readCheckpoint(read.checkpoint);
  steps.push(await checkPosition(read, checkpoint));
  const signature = await checkKey(read, checkpoint, givenKey);
  steps.push(signature.step);
  return { steps, receipt: read, checkpoint, key: signature.key, words: words.words };
}

function checkPaper(receipt: ReceiptFile, paper: Paper): Step {
  const { position, hash } = receipt.record;
  const fits = receipt.number === paper.number && position === paper.position && hash === paper.hash;
  return fits ? passed("paper") : failed("paper", "paper-differs", { number: paper.number, position: paper.position });
}

interface WordsForm {
  n?: number;
  digest?: string;
  blank?: string;
}

/** What a receipt is about in the record of an intake. */
interface Body {
  org: string;
  stream: string;
  seq: number;
  atUs: number;
  number: string;
  subject: WordsForm;
  body: WordsForm;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function readBody(text: string): Body | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || !Array.isArray(value["events"])) return null;
  const { org, stream, seq, at_us: atUs } = value;
  const events: unknown[] = value["events"];
  const received = events.map((event) => (isObject(event) ? event["received"] : undefined)).find(isObject);
  if (typeof org !== "string" || typeof stream !== "string" || typeof seq !== "number" || typeof atUs !== "number") return null;
  if (received === undefined) return null;
  const { number, subject, body } = received;
  if (typeof number !== "string" || !isObject(subject) || !isObject(body)) return null;
  return { org, stream, seq, atUs, number, subject, body };
}

function checkNumber(receipt: ReceiptFile, body: Body | null): Step {
  if (body === null) return failed("number", "body-unreadable");
  if (body.number !== receipt.number) {
    return failed("number", "number-differs", { told: receipt.number, found: body.number });
  }
  if (microseconds(receipt.received_at) !== body.atUs) return failed("number", "time-differs", { told: receipt.received_at });
  return passed("number", { number: body.number });
}

/** An RFC 3339 instant in microseconds since 1970, or NaN. JavaScript's own dates end at milliseconds. */
function microseconds(instant: string): number {
  const [, whole, fraction = "", zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(instant) ?? [];
  if (whole === undefined || zone === undefined || /[1-9]/.test(fraction.slice(6))) return Number.NaN;
  return Date.parse(whole + zone) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Texts beside the record, each against its digest. Those that do not fit are not given on. */
async function checkWords(receipt: ReceiptFile, body: Body | null): Promise<{ step: Step; words: Verified["words"] }> {
  const words: Verified["words"] = { subject: body?.subject.blank ?? null, body: body?.body.blank ?? null };
  if (body === null) return { step: skipped("words"), words };
  for (const content of receipt.contents) {
    const place = (["subject", "body"] as const).find((name) => body[name].n === content.n);
    const digest = place === undefined ? undefined : body[place].digest;
    if (place === undefined || digest === undefined || words[place] !== null) {
      return { step: failed("words", "words-foreign", { n: content.n }), words };
    }
    const salt = fromHex(content.salt);
    if (salt === null || toHex(await sha256(salt, utf8(content.text))) !== digest) {
      return { step: failed("words", "words-changed", { n: content.n }), words };
    }
    words[place] = content.text;
  }
  if (words.subject === null || words.body === null) {
    return { step: { name: "words", state: "warned", code: "words-missing", values: {} }, words };
  }
  return { step: passed("words", { n: receipt.contents.length }), words };
}

async function checkRecord(receipt: ReceiptFile, body: Body | null): Promise<Step> {
  const { previous, hash, seq, body: text } = receipt.record;
  const before = fromHex(previous);
  if (before === null || toHex(await link(before, text)) !== hash) return failed("record", "hash-differs");
  if (body === null) return skipped("record");
  const start = toHex(await genesis(body.org, body.stream));
  if (seq !== 1 || body.seq !== 1 || previous !== start) return failed("record", "not-the-beginning");
  return passed("record", { hash });
}

async function checkPosition(receipt: ReceiptFile, checkpoint: Checkpoint | null): Promise<Step> {
  if (checkpoint === null) return failed("position", "checkpoint-unreadable");
  if (checkpoint.origin !== receipt.origin) {
    return failed("position", "origin-differs", { told: receipt.origin, found: checkpoint.origin });
  }
  const { position } = receipt.record;
  const { size } = checkpoint;
  if (position < 1 || position > size) return failed("position", "position-outside", { position, size });
  const proof = readHashes(receipt.proof);
  const leaf = fromHex(receipt.record.hash);
  if (proof === null || leaf?.length !== HASH_BYTES) return failed("position", "proof-unreadable");
  const root = await rootOfInclusion(await leafHash(leaf), position - 1, size, proof);
  if (root === null || !same(root, checkpoint.root)) return failed("position", "not-in-the-log", { position, size });
  return passed("position", { position, size });
}

/** Hashes in base64; null if one is none. */
export function readHashes(texts: readonly string[]): Bytes[] | null {
  const hashes = texts.map(fromBase64);
  return hashes.every((hash): hash is Bytes => hash?.length === HASH_BYTES) ? hashes : null;
}

async function checkKey(
  receipt: ReceiptFile,
  checkpoint: Checkpoint | null,
  givenKey: string,
): Promise<{ step: Step; key: VerifierKey | null }> {
  const given = givenKey.trim() !== "";
  const own = await readKey(receipt.key);
  const key = given ? await readKey(givenKey) : own;
  if (key === null) return { step: failed("signature", given ? "own-key-unreadable" : "key-unreadable"), key };
  // Not believed beside a given one, but a receipt whose key cannot be read was changed.
  if (own === null) return { step: failed("signature", "key-unreadable"), key };
  if (checkpoint === null) return { step: skipped("signature"), key };
  const values = { name: key.name, key: key.text };
  switch (await checkSignature(checkpoint, key)) {
    case "stranger":
      return { step: failed("signature", "other-key", values), key };
    case "wrong":
      return { step: failed("signature", "signature-wrong", values), key };
    case "unable":
      return { step: { name: "signature", state: "unable", code: "no-ed25519", values }, key };
    case "good":
      if (given) return { step: passed("signature", values), key };
      return { step: { name: "signature", state: "warned", code: "key-from-file", values }, key };
  }
}
