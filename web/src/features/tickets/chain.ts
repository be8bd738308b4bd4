/**
 * Checks the hash chain of a ticket in the reader's own browser, so that nobody has to take the server's word for it:
 * hash = SHA-256("yinuo/record/v1\n" || previous hash || length of the body in eight bytes || body).
 */
import type { components } from "@/api/schema";

type LedgerRecord = components["schemas"]["LedgerRecord"];
const PREFIX = new TextEncoder().encode("yinuo/record/v1\n");

const toHex = (bytes: ArrayBuffer) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

async function link(previous: string, body: string): Promise<string> {
  const text = new TextEncoder().encode(body);
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length));
  const parts = [PREFIX, fromHex(previous), new Uint8Array(length.buffer), text];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return toHex(await crypto.subtle.digest("SHA-256", whole));
}

/** `whole`, the number of the first record that does not fit, or `unable` where the browser lends no SHA-256 (plain HTTP). */
export async function checkChain(records: LedgerRecord[]): Promise<"whole" | "unable" | number> {
  if (!globalThis.crypto?.subtle) return "unable";
  let previous = records[0]?.previous;
  for (const record of records) {
    if (record.previous !== previous || (await link(record.previous, record.body)) !== record.hash) return record.seq;
    previous = record.hash;
  }
  return "whole";
}
