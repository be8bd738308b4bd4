/** Getting a receipt from the server, and giving it to the customer as a file. */
import { api, ask } from "@/api/client";
import { Problem } from "@/api/problem";

import type { ReceiptFile } from "./receipt-file";

/** The log is signed within a second; a receipt asked for at once may have to wait that long. */
const TRIES = 5;
const LONGEST_WAIT_S = 5;

async function askOnce(number: string, code: string): Promise<ReceiptFile> {
  const receipt = await ask(
    api.GET("/api/v1/requests/{number}/receipt", { params: { path: { number }, header: { "Query-Code": code } } }),
  );
  // What it is, its reader says: a version that this page does not know is told to be one.
  return receipt as ReceiptFile;
}

/** The receipt of a ticket, for its customer. */
export function askReceipt(number: string, code: string): Promise<ReceiptFile> {
  return signed(() => askOnce(number, code));
}

/** The same for the company's people, to be handed to the customer. */
export function askReceiptOf(id: string): Promise<ReceiptFile> {
  return signed(async () => {
    const receipt = await ask(api.GET("/api/v1/tickets/{id}/receipt", { params: { path: { id } } }));
    return receipt as ReceiptFile;
  });
}

/** While the ledger is being signed, asks again when the server says to. */
async function signed(askNow: () => Promise<ReceiptFile>): Promise<ReceiptFile> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await askNow();
    } catch (caught) {
      const waitS = caught instanceof Problem && caught.status === 503 ? (caught.retryAfterS ?? 1) : null;
      if (waitS === null || waitS > LONGEST_WAIT_S || tried === TRIES) throw caught;
      await new Promise((resolve) => setTimeout(resolve, Math.max(waitS, 0.2) * 1000));
    }
  }
}

/** The file's text: what is verified and what is downloaded. */
export function fileText(receipt: ReceiptFile): string {
  return `${JSON.stringify(receipt, null, 2)}\n`;
}

export function saveReceipt(receipt: ReceiptFile): void {
  const address = URL.createObjectURL(new Blob([fileText(receipt)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `yinuo-receipt-${receipt.number}.json`;
  link.click();
  // Not at once: some browsers read the address only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
