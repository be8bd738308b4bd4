/**
 * Checks the hash chain of a ticket in the reader's own browser, so that nobody has to take the server's word for it:
 * hash = SHA-256("yinuo/record/v1\n" || previous hash || length of the body in eight bytes || body).
 */
import type { components } from "@/api/schema";
import { fromHex, hasHashing, toHex } from "@/features/receipts/bytes";
import { link } from "@/features/receipts/record-hash";

type LedgerRecord = components["schemas"]["LedgerRecord"];

/** `whole`, the number of the first record that does not fit, or `unable` where the browser lends no SHA-256 (plain HTTP). */
export async function checkChain(records: LedgerRecord[]): Promise<"whole" | "unable" | number> {
  if (!hasHashing()) return "unable";
  let previous = records[0]?.previous;
  for (const record of records) {
    const before = fromHex(record.previous);
    const fits = record.previous === previous && before !== null && toHex(await link(before, record.body)) === record.hash;
    if (!fits) return record.seq;
    previous = record.hash;
  }
  return "whole";
}
