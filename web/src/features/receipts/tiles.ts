/**
 * An inclusion proof made by the reader from the log's public hash tiles (C2SP tlog-tiles, height 8). A printed receipt
 * can be checked with it although paper carries no proof.
 */
import { type Bytes, fromHex, same } from "./bytes";
import { type Checkpoint, checkSignature, readCheckpoint, readKey, type VerifierKey } from "./note";
import { HASH_BYTES, leafHash, nodeHash, rootOfInclusion } from "./tree";
import type { Code, Paper, Step } from "./verify";

const HEIGHT = 8;
const WIDTH = 2 ** HEIGHT;

/** How tiles are asked for: tile `n` of tile level `level` with `width` hashes. Throws where no answer comes. */
export type TileSource = (level: number, n: number, width: number) => Promise<Bytes>;

/** Path of a tile: `0/x001/x234/067`, with `.p/12` if it holds fewer than 256 hashes. */
export function tilePath(level: number, n: number, width: number): string {
  const groups: string[] = [];
  for (let rest = n; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    const figures = String(rest % 1000).padStart(3, "0");
    groups.unshift(groups.length === 0 ? figures : `x${figures}`);
  }
  return `${level}/${groups.join("/")}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** The hashes of a tree of `size` leaves, each tile read once. */
class TiledTree {
  private readonly read = new Map<string, Promise<Bytes>>();

  constructor(
    private readonly size: number,
    private readonly tiles: TileSource,
  ) {}

  private async tile(level: number, n: number): Promise<Bytes> {
    const entries = Math.floor(this.size / WIDTH ** level);
    const width = Math.min(WIDTH, entries - n * WIDTH);
    const key = `${level}/${n}`;
    const found = this.read.get(key) ?? this.tiles(level, n, width);
    this.read.set(key, found);
    const bytes = await found;
    if (bytes.length !== width * HASH_BYTES) throw new RangeError(`tile ${key} has ${bytes.length} bytes`);
    return bytes;
  }

  /** The root of the whole subtree of 2^height leaves that begins at leaf `start`. */
  private async whole(start: number, height: number): Promise<Bytes> {
    const level = Math.floor(height / HEIGHT);
    const first = start / WIDTH ** level;
    const n = Math.floor(first / WIDTH);
    const bytes = await this.tile(level, n);
    const from = first - n * WIDTH;
    let row = Array.from({ length: 2 ** (height % HEIGHT) }, (_, i) =>
      bytes.slice((from + i) * HASH_BYTES, (from + i + 1) * HASH_BYTES),
    );
    while (row.length > 1) row = await pairs(row);
    const [root] = row;
    if (root === undefined) throw new RangeError("an empty row has no root");
    return root;
  }

  /** The root of the leaves from `start` to before `end`. */
  async root(start: number, end: number): Promise<Bytes> {
    let height = 0;
    while (2 ** (height + 1) <= end - start) height += 1;
    const middle = start + 2 ** height;
    if (middle === end) return this.whole(start, height);
    return nodeHash(await this.root(start, middle), await this.root(middle, end));
  }

  /** The proof that leaf `index` is in the tree, from the leaf upwards (RFC 6962, 2.1.1). */
  async path(index: number, start = 0, end = this.size): Promise<Bytes[]> {
    const count = end - start;
    if (count <= 1) return [];
    let split = 1;
    while (split * 2 < count) split *= 2;
    const middle = start + split;
    if (index < middle) return [...(await this.path(index, start, middle)), await this.root(middle, end)];
    return [...(await this.path(index, middle, end)), await this.root(start, middle)];
  }
}

async function pairs(row: Bytes[]): Promise<Bytes[]> {
  const above: Bytes[] = [];
  for (let i = 0; i + 1 < row.length; i += 2) {
    const [left, right] = [row[i], row[i + 1]];
    if (left !== undefined && right !== undefined) above.push(await nodeHash(left, right));
  }
  return above;
}

/** The proof of leaf `index` (from 0) in the tree of `size` leaves. Throws if a tile is missing or misshapen. */
export function proofFromTiles(index: number, size: number, tiles: TileSource): Promise<Bytes[]> {
  return new TiledTree(size, tiles).path(index);
}

/** What a reader without the file can know: whether this server's log holds the printed hash at the printed position. */
export async function checkPaper(
  paper: Paper,
  log: { checkpoint(): Promise<string>; key(): Promise<string>; tile: TileSource },
  givenKey = "",
): Promise<{ step: Step; checkpoint: Checkpoint | null; key: VerifierKey | null }> {
  const { position } = paper;
  const found = (state: Step["state"], code?: Code, values: Step["values"] = {}): Step =>
    code === undefined ? { name: "position", state, values } : { name: "position", state, code, values };
  const only = (step: Step) => ({ step, checkpoint: null, key: null });
  const hash = fromHex(paper.hash);
  if (hash?.length !== HASH_BYTES || position < 1) return only(found("failed", "paper-unreadable"));
  const given = givenKey.trim() !== "";
  let note: string;
  let key: VerifierKey | null;
  try {
    note = await log.checkpoint();
    key = await readKey(given ? givenKey : await log.key());
  } catch {
    return only(found("unable", "log-unreachable"));
  }
  const checkpoint = readCheckpoint(note);
  if (key === null) return only(found("failed", given ? "own-key-unreadable" : "log-unreadable"));
  if (checkpoint === null) return only(found("unable", "log-unreadable"));
  const { size } = checkpoint;
  const told = { position, size, name: key.name };
  const answer = (step: Step) => ({ step, checkpoint, key });
  const signature = await checkSignature(checkpoint, key);
  if (signature === "unable") return answer(found("unable", "no-ed25519"));
  if (signature !== "good") {
    return answer(found("failed", signature === "stranger" ? "log-other-key" : "log-signature-wrong", told));
  }
  if (position > size) return answer(found("failed", "paper-not-yet", told));
  let proof: Bytes[];
  try {
    proof = await proofFromTiles(position - 1, size, log.tile);
  } catch {
    return answer(found("unable", "log-unreachable"));
  }
  const root = await rootOfInclusion(await leafHash(hash), position - 1, size, proof);
  const holds = root !== null && same(root, checkpoint.root);
  return answer(holds ? found("passed", undefined, told) : found("failed", "paper-not-in-the-log", told));
}
