/** Whether the log of a server still contains what an older checkpoint of it signed. */
import { toBase64 } from "./bytes";
import { type Checkpoint, checkSignature, readCheckpoint, type VerifierKey } from "./note";
import { isConsistent } from "./tree";
import { readHashes, type Step } from "./verify";

/** How the log of a server is asked. Throws where no answer comes. */
export interface LogSource {
  /** The signed note. */
  checkpoint(): Promise<string>;
  /** The consistency proof between two sizes, in base64. */
  proof(from: number, to: number): Promise<string[]>;
}

/** Compares a verified `older` checkpoint, signed by `key`, with what the log tells now. */
export async function checkGrowth(older: Checkpoint, key: VerifierKey, log: LogSource): Promise<Step> {
  const step = (state: Step["state"], code?: Step["code"], values: Step["values"] = {}): Step =>
    code === undefined ? { name: "growth", state, values } : { name: "growth", state, code, values };
  let note: string;
  try {
    note = await log.checkpoint();
  } catch {
    return step("unable", "log-unreachable");
  }
  const newer = readCheckpoint(note);
  if (newer === null) return step("unable", "log-unreadable");
  if (newer.origin !== older.origin) {
    return step("unable", "log-other", { told: older.origin, found: newer.origin });
  }
  const signature = await checkSignature(newer, key);
  if (signature === "unable") return step("unable", "no-ed25519");
  if (signature === "stranger") return step("failed", "log-other-key", { name: key.name });
  if (signature === "wrong") return step("failed", "log-signature-wrong", { name: key.name });

  const sizes = { from: older.size, to: newer.size };
  if (newer.size < older.size) return step("failed", "log-rolled-back", sizes);
  let proof: string[] = [];
  if (newer.size > older.size) {
    try {
      proof = await log.proof(older.size, newer.size);
    } catch {
      return step("unable", "log-unreachable");
    }
  }
  const hashes = readHashes(proof);
  if (hashes === null) return step("unable", "log-unreadable");
  const grew = await isConsistent(older, newer, hashes);
  if (!grew) return step("failed", "log-forked", { ...sizes, root: toBase64(newer.root) });
  return step("passed", undefined, { ...sizes, more: newer.size - older.size });
}
