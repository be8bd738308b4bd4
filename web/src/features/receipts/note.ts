/**
 * Checkpoints as signed notes, after C2SP `signed-note` and `tlog-checkpoint`: three lines of text (origin, size, root
 * in base64), a blank line, and lines with signatures.
 */
import { type Bytes, fromBase64, same, sha256, utf8 } from "./bytes";
import { HASH_BYTES } from "./tree";

const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
const MAX_SIGNATURES = 100;
const DASH = "\u2014 ";

/** A key that signatures are checked with: `name+key id in hex+base64 of 0x01 and the public key`. */
export interface VerifierKey {
  text: string;
  name: string;
  id: Bytes;
  publicKey: Bytes;
}

/** Reads a verifier key; null if it is none of ours, or if its parts do not belong together. */
export async function readKey(written: string): Promise<VerifierKey | null> {
  const text = written.trim();
  const found = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
  const [, name, hex, encoded] = found ?? [];
  if (name === undefined || hex === undefined || encoded === undefined) return null;
  const key = fromBase64(encoded);
  if (key === null || key.length !== 1 + 32 || key[0] !== ED25519) return null;
  const id = await keyId(name, key);
  const told = Uint8Array.from({ length: KEY_ID_BYTES }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  return same(id, told) ? { text, name, id, publicKey: key.slice(1) } : null;
}

async function keyId(name: string, key: Uint8Array): Promise<Bytes> {
  return (await sha256(utf8(name), utf8("\n"), key)).slice(0, KEY_ID_BYTES);
}

export interface Signature {
  name: string;
  id: Bytes;
  bytes: Bytes;
}

export interface Checkpoint {
  origin: string;
  /** Records in the log when it was signed. */
  size: number;
  root: Bytes;
  /** The signed text, with its last line break. */
  text: string;
  signatures: Signature[];
}

/** Reads a checkpoint without checking a signature; null if it is none. */
export function readCheckpoint(note: string): Checkpoint | null {
  // Control characters have no place in a note; a text with them shows other lines than it has.
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(note)) return null;
  const split = note.lastIndexOf("\n\n");
  if (split < 0) return null;
  const text = note.slice(0, split + 1);
  const signatures = readSignatures(note.slice(split + 2));
  const lines = text.slice(0, -1).split("\n");
  const [origin, sizeText, rootText] = lines;
  if (signatures === null || !origin || sizeText === undefined || rootText === undefined) return null;
  if (lines.includes("")) return null;
  const size = /^(0|[1-9][0-9]*)$/.test(sizeText) ? Number(sizeText) : Number.NaN;
  const root = fromBase64(rootText);
  if (!Number.isSafeInteger(size) || root?.length !== HASH_BYTES) return null;
  return { origin, size, root, text, signatures };
}

function readSignatures(block: string): Signature[] | null {
  if (!block.endsWith("\n")) return null;
  const lines = block.slice(0, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return null;
  const signatures: Signature[] = [];
  for (const line of lines) {
    const [name, encoded, ...rest] = line.startsWith(DASH) ? line.slice(DASH.length).split(" ") : [];
    const bytes = encoded === undefined ? null : fromBase64(encoded);
    if (!name || bytes === null || bytes.length <= KEY_ID_BYTES || rest.length > 0) return null;
    signatures.push({ name, id: bytes.slice(0, KEY_ID_BYTES), bytes: bytes.slice(KEY_ID_BYTES) });
  }
  return signatures;
}

/** `stranger`: nobody signed with this key. `unable`: this browser knows no Ed25519. */
export type SignatureVerdict = "good" | "wrong" | "stranger" | "unable";

/** Whether `key` signed it. The key of a log bears the log's origin as its name. */
export async function checkSignature(checkpoint: Checkpoint, key: VerifierKey): Promise<SignatureVerdict> {
  const ours = checkpoint.signatures.filter((signature) => signature.name === key.name && same(signature.id, key.id));
  if (ours.length === 0 || checkpoint.origin !== key.name) return "stranger";
  let handle: CryptoKey;
  try {
    handle = await crypto.subtle.importKey("raw", key.publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch (caught) {
    // A key that is no point of the curve is a `DataError` where Ed25519 is known.
    return caught instanceof DOMException && caught.name === "NotSupportedError" ? "unable" : "wrong";
  }
  const text = utf8(checkpoint.text);
  for (const signature of ours) {
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, handle, signature.bytes, text))) return "wrong";
  }
  return "good";
}
