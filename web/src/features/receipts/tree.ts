/**
 * The Merkle tree of the log, hashed as RFC 6962 says (section 2.1), and the two proofs about it. A leaf is the chain
 * hash of a record.
 */
import { type Bytes, same, sha256 } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const HASH_BYTES = 32;

export function leafHash(data: Uint8Array): Promise<Bytes> {
  return sha256(LEAF, data);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(NODE, left, right);
}

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

/**
 * The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or null if the proof has the wrong length for leaf
 * `index` (from 0) of a tree of `size` leaves.
 */
export async function rootOfInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
): Promise<Bytes | null> {
  if (index < 0 || index >= size) return null;
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (isOdd(node) || node === last) {
      root = await nodeHash(sibling, root);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      root = await nodeHash(root, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? root : null;
}

/** Whether the tree of `to` leaves begins with the tree of `from` leaves (RFC 9162, 2.1.4.2). `from` is at least 1. */
export async function isConsistent(
  older: { size: number; root: Bytes },
  newer: { size: number; root: Bytes },
  proof: readonly Bytes[],
): Promise<boolean> {
  if (older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && same(older.root, newer.root);
  let node = older.size - 1;
  let last = newer.size - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // A whole power of two is a node of the newer tree itself; the proof then leaves its hash out.
  const path = node === 0 ? [older.root, ...proof] : [...proof];
  const start = path.shift();
  if (start === undefined) return false;
  let olderRoot = start;
  let newerRoot = start;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      olderRoot = await nodeHash(sibling, olderRoot);
      newerRoot = await nodeHash(sibling, newerRoot);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      newerRoot = await nodeHash(newerRoot, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && same(olderRoot, older.root) && same(newerRoot, newer.root);
}
